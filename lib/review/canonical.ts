import { dictionary } from '../files/dictionary';
import { isObject } from '../files/read-object';
import type { Output, Plan, PlannedStack, Resource, Template } from './plan';

/** Facts about a stack that its template does not contain. */
interface StackContext {
  readonly stack: string;
  readonly region?: string;
  readonly mappings: Readonly<Record<string, unknown>>;
}

/** Properties whose order has no meaning, in any resource type. */
const UNORDERED = new Set(
  `Action NotAction Resource NotResource AWS Service Federated CanonicalUser Statement
  Tags ManagedPolicyArns Roles Users Groups Policies
  SecurityGroupIngress SecurityGroupEgress SecurityGroups SecurityGroupIds VpcSecurityGroupIds
  Subnets SubnetIds VpcSubnetIds RouteTableIds AvailabilityZones DBClusterIdentifiers
  AllowedMethods CachedMethods Aliases Origins FunctionAssociations CustomErrorResponses Headers
  AlarmActions OKActions InsufficientDataActions AlarmNames Metrics Dimensions
  LoadBalancerAttributes TargetGroupAttributes TargetGroups LifecycleHooks LifecycleStages
  Environment Secrets PortMappings MountPoints Volumes Add Drop RequiresCompatibilities
  EnableCloudwatchLogsExports DataIdentifier CustomDataIdentifier DataProtections FieldKeys
  Rules RuleActionOverrides ExcludedRules Items Values Auth`.split(/\s+/),
);

/**
 * Returns a plan in canonical form: equal meanings have equal text. Intrinsics become `Fn::Join`, values known at
 * synthesis are inserted, policies become lists, and lists without an order are sorted.
 * @param former another plan and its canonical form; equal resources are reused as the same objects
 */
export function canonicalPlan(plan: Plan, former?: { readonly plan: Plan; readonly canonical: Plan }): Plan {
  return {
    stacks: plan.stacks.map((stack) => {
      const index = former?.plan.stacks.findIndex(
        ({ name, region }) => name === stack.name && region === stack.region,
      );
      const [before, made] = [former?.plan.stacks[index!], former?.canonical.stacks[index!]];
      const sameMappings =
        JSON.stringify(before?.template.Mappings) === JSON.stringify(stack.template.Mappings);
      return canonicalStack(stack, sameMappings, before?.template.Resources, made?.template.Resources);
    }),
  };
}

type Resources = Readonly<Record<string, Resource>>;

function canonicalStack(
  stack: PlannedStack,
  sameMappings: boolean,
  before: Resources = dictionary([]),
  made: Resources = dictionary([]),
): PlannedStack {
  const { template } = stack;
  const surroundings: StackContext = {
    stack: stack.name,
    region: stack.region,
    mappings: template.Mappings ?? {},
  };
  const canonicalTemplate: Template = {
    ...template,
    Resources: dictionary(
      Object.entries(template.Resources ?? {})
        .filter(([, { Type }]) => typeof Type === 'string' && Type !== 'AWS::CDK::Metadata')
        .map(([id, resource]) => {
          const known = made[id];
          const text = JSON.stringify(resource);
          const isSame =
            known !== undefined &&
            JSON.stringify(before[id]) === text &&
            (sameMappings || !text.includes('Fn::FindInMap'));
          return [id, isSame ? known : canonicalResource(resource, surroundings)] as const;
        }),
    ),
    Outputs: canonical(template.Outputs ?? {}, surroundings) as Record<string, Output>,
  };
  return { ...stack, template: canonicalTemplate };
}

function canonicalResource(resource: Resource, surroundings: StackContext): Resource {
  const properties = Object.entries(resource.Properties ?? {})
    .map(([name, value]) => [name, canonical(value, surroundings, name)] as const)
    .filter(([, value]) => value !== undefined);
  const dependsOn = resource.DependsOn === undefined ? [] : [resource.DependsOn].flat();
  return {
    ...resource,
    Properties: Object.fromEntries(properties),
    ...(resource.DependsOn !== undefined && { DependsOn: [...dependsOn].sort() }),
  };
}

/** Properties that contain a policy. Some services take the policy as JSON text. */
const JSON_TEXTS = /Polic(y|ies)|PolicyDocument|PolicyText$/;

function parse(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Returns the canonical form of a value; undefined for `AWS::NoValue`. */
function canonical(value: unknown, surroundings: StackContext, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value
      .map((item) => canonical(item, surroundings))
      .filter((item) => item !== undefined && item !== null);
    return UNORDERED.has(name) ? sorted(items) : items;
  }
  if (typeof value === 'string' && JSON_TEXTS.test(name)) {
    const parsed = parse(value);
    return parsed === undefined ? value : canonical(parsed, surroundings, name);
  }
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only && entries.length === 1 && (only[0] === 'Ref' || only[0].startsWith('Fn::')))
    return intrinsic(only[0], only[1], surroundings);
  const result: Record<string, unknown> = {};
  for (const [key, child] of entries) {
    const item = canonical(child, surroundings, key);
    if (item !== undefined) result[key] = item;
  }
  return isStatement(result) ? canonicalStatement(result) : result;
}

function intrinsic(name: string, argument: unknown, surroundings: StackContext): unknown {
  // Keep invalid values unchanged; CloudFormation refuses them.
  if (['Fn::Join', 'Fn::Select', 'Fn::FindInMap'].includes(name) && !Array.isArray(argument))
    return { [name]: canonical(argument, surroundings) };
  switch (name) {
    case 'Ref':
      return pseudoParameter(String(argument), surroundings);
    case 'Fn::GetAtt':
      return { [name]: attribute(argument) };
    case 'Fn::Sub':
      return joined(substituted(argument, surroundings));
    case 'Fn::Join': {
      const [separator, parts] = canonical(argument, surroundings) as [string, unknown];
      if (!Array.isArray(parts)) return { [name]: [separator, parts] };
      return joined(parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
    }
    case 'Fn::Select': {
      const [index, list] = canonical(argument, surroundings) as [unknown, unknown];
      return Array.isArray(list) && list[Number(index)] !== undefined
        ? list[Number(index)]
        : { [name]: [Number(index), list] };
    }
    case 'Fn::FindInMap': {
      const keys = canonical(argument, surroundings) as readonly unknown[];
      const found = keys.reduce<unknown>(
        (map, key) => (typeof map === 'object' && map !== null ? Reflect.get(map, String(key)) : undefined),
        surroundings.mappings,
      );
      return found ?? { [name]: keys };
    }
    default:
      return { [name]: canonical(argument, surroundings) };
  }
}

function pseudoParameter(name: string, { stack, region }: StackContext): unknown {
  const ordinary = region !== undefined && !/^(cn|us-gov|us-iso|eu-isoe)/.test(region);
  if (name === 'AWS::NoValue') return undefined;
  if (name === 'AWS::StackName') return stack;
  if (name === 'AWS::Region' && region) return region;
  if (name === 'AWS::Partition' && ordinary) return 'aws';
  if (name === 'AWS::URLSuffix' && ordinary) return 'amazonaws.com';
  return { Ref: name };
}

function attribute(argument: unknown): unknown {
  if (typeof argument !== 'string') return argument;
  const dot = argument.indexOf('.');
  return [argument.slice(0, dot), argument.slice(dot + 1)];
}

/** Returns the parts of an `Fn::Sub`. */
function substituted(argument: unknown, surroundings: StackContext): unknown[] {
  const [text, variables = {}] = (Array.isArray(argument) ? argument : [argument]) as [
    string,
    Record<string, unknown>?,
  ];
  return String(text)
    .split(/(\$\{[^}]*\})/)
    .map((part) => {
      const reference = /^\$\{([^}]*)\}$/.exec(part)?.[1]?.trim();
      if (reference === undefined) return part;
      if (reference.startsWith('!')) return `\${${reference.slice(1)}}`;
      if (isObject(variables) && Object.hasOwn(variables, reference))
        return canonical(variables[reference], surroundings);
      return reference.includes('.')
        ? { 'Fn::GetAtt': attribute(reference) }
        : pseudoParameter(reference, surroundings);
    });
}

/** Joins parts into one text, or into an `Fn::Join` with the fewest parts. */
function joined(parts: readonly unknown[]): unknown {
  const merged: unknown[] = [];
  for (const part of parts.flatMap(partsOf)) {
    if (part === '' || part === undefined) continue;
    const last = merged.at(-1);
    const isText = typeof part !== 'object';
    if (isText && typeof last === 'string') merged[merged.length - 1] = last + String(part);
    else merged.push(isText ? String(part) : part);
  }
  if (merged.length === 0) return '';
  return merged.length === 1 ? merged[0] : { 'Fn::Join': ['', merged] };
}

/** Returns the parts of a canonical join, or the value itself as the only part. */
export function partsOf(value: unknown): readonly unknown[] {
  const join = (value as { 'Fn::Join'?: [string, unknown] } | undefined)?.['Fn::Join'];
  return join?.[0] === '' && Array.isArray(join[1]) ? join[1] : [value];
}

function isStatement(value: Record<string, unknown>): boolean {
  return 'Effect' in value && ('Action' in value || 'NotAction' in value);
}

const LISTS = ['Action', 'NotAction', 'Resource', 'NotResource'];
const PRINCIPALS = ['Principal', 'NotPrincipal'];

function canonicalStatement(statement: Record<string, unknown>): Record<string, unknown> {
  const result = { ...statement };
  for (const name of LISTS) if (name in result) result[name] = sorted([result[name]].flat());
  for (const name of PRINCIPALS) {
    if (!(name in result)) continue;
    const principal = result[name] === '*' ? { AWS: '*' } : (result[name] as Record<string, unknown>);
    const lists = Object.entries(principal).map(([kind, who]) => [kind, sorted([who].flat())]);
    result[name] = Object.fromEntries(lists);
  }
  if (result['Condition'] !== undefined) result['Condition'] = canonicalCondition(result['Condition']);
  return result;
}

function canonicalCondition(condition: unknown): unknown {
  return Object.fromEntries(
    Object.entries(condition as Record<string, Record<string, unknown>>).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, wanted]) => [key, sorted([wanted].flat())])),
    ]),
  );
}

function sorted(items: readonly unknown[]): unknown[] {
  const keys = new Map(items.map((item) => [item, keyOf(item)]));
  return [...items].sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1));
}

/**
 * Returns a text that is equal for values with the same meaning. CloudFormation treats `"1"` like `1` and `"true"`
 * like `true`, and ignores the order of keys.
 */
export function keyOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(String(value));
  const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, child]) => `${JSON.stringify(key)}:${keyOf(child)}`).join()}}`;
}

/** Returns true if two canonical values have the same meaning. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isComposed(a) || !isComposed(b)) return !isComposed(a) && !isComposed(b) && String(a) === String(b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key)));
}

const isComposed = (value: unknown): value is object => typeof value === 'object' && value !== null;
