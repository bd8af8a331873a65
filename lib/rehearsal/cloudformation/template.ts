import type { Json, PlannedStack, Resource } from '../core/assembly';
import { PlanError } from '../core/plan-error';
import { ACCOUNT } from '../core/properties';
import type { Attributes } from '../core/resource-handler';

type Values = { readonly [name: string]: Json };

/** Outputs and exports of the deployed stacks: outputs by stack and name, exports by name. */
export interface Published {
  readonly outputs: Map<string, Map<string, string>>;
  readonly exports: Map<string, string>;
}

/** Resolves references and intrinsic functions as CloudFormation does. */
export class Resolver {
  /** Attributes of the created resources, by logical id. */
  readonly attributes = new Map<string, Attributes>();

  constructor(
    private readonly stack: PlannedStack,
    private readonly published: Published,
  ) {}

  /**
   * Resolves a value. Properties with the value `AWS::NoValue` are omitted.
   * @param where logical id for error messages
   */
  resolve(value: Json | undefined, where: string): Json {
    if (Array.isArray(value))
      return value.map((item) => this.resolve(item, where)).filter((item) => item !== undefined);
    if (value === null || typeof value !== 'object') return value as Json;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? ['', ''];
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::')))
      return this.call(name, argument as Json, where);
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, this.resolve(item, where)] as const)
        .filter(([, item]) => item !== undefined),
    );
  }

  condition(name: string): boolean {
    return this.test(this.stack.template.Conditions?.[name] ?? null);
  }

  /** Publishes the stack's outputs for other stacks. */
  publish(): void {
    const outputs = new Map<string, string>();
    for (const [name, { Value, Export }] of Object.entries(this.stack.template.Outputs ?? {})) {
      const value = String(this.resolve(Value, name));
      outputs.set(name, value);
      if (Export) this.published.exports.set(String(this.resolve(Export.Name, name)), value);
    }
    this.published.outputs.set(this.stack.name, outputs);
  }

  private call(name: string, argument: Json, where: string): Json {
    const all = (): Json[] => this.resolve(argument, where) as Json[];
    switch (name) {
      case 'Ref':
        return this.reference(argument as string, where);
      case 'Fn::GetAtt': {
        const [id, ...path] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
        return this.attribute(id!, path.join('.'), where);
      }
      case 'Fn::Join': {
        const [separator, items] = all() as [string, Json[]];
        return items.join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = all() as [string, string];
        return text.split(separator);
      }
      case 'Fn::Select': {
        const [index, items] = all() as [number, Json[]];
        return items[Number(index)] ?? '';
      }
      case 'Fn::Sub':
        return this.substitute(argument, where);
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.stack.region}${zone}`);
      case 'Fn::Base64':
        return Buffer.from(String(this.resolve(argument, where))).toString('base64');
      case 'Fn::FindInMap': {
        const [map, key, entry] = all() as [string, string, string];
        return this.stack.template.Mappings?.[map]?.[key]?.[entry] ?? '';
      }
      case 'Fn::If': {
        const [condition, yes, no] = argument as [string, Json, Json];
        return this.resolve(this.condition(condition) ? yes : no, where);
      }
      case 'Fn::ImportValue': {
        const key = String(this.resolve(argument, where));
        const value = this.published.exports.get(key);
        if (value === undefined) throw new PlanError(where, '', `imports '${key}', which no stack exports`);
        return value;
      }
      case 'Fn::GetStackOutput': {
        const { StackName, OutputName } = this.resolve(argument, where) as Record<string, string>;
        const value = this.published.outputs.get(StackName!)?.get(OutputName!);
        if (value === undefined)
          throw new PlanError(
            where,
            '',
            `refers to output '${OutputName}', which ${StackName} does not have`,
          );
        return value;
      }
      default:
        throw new PlanError(where, '', `uses ${name}, which the rehearsal does not support`);
    }
  }

  private reference(id: string, where: string): Json {
    const { name, region, template } = this.stack;
    const pseudo: Values = {
      'AWS::AccountId': ACCOUNT,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': name,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${name}/rehearsal`,
    };
    if (id === 'AWS::NoValue') return undefined as unknown as Json;
    return pseudo[id] ?? template.Parameters?.[id]?.Default ?? this.attribute(id, 'Ref', where);
  }

  private attribute(id: string, name: string, where: string): string {
    const attributes = this.attributes.get(id);
    if (!attributes) throw new PlanError(where, '', `refers to ${id}, which the plan does not contain`);
    return attributes[name] ?? `${id}-${name}`.toLowerCase();
  }

  private substitute(argument: Json, where: string): string {
    const [text, values] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Values];
    return text.replace(/\$\{([^!][^}]*)\}/g, (_, key: string) => {
      if (key in values) return String(this.resolve(values[key], where));
      const [id, ...path] = key.split('.');
      return String(path.length ? this.attribute(id!, path.join('.'), where) : this.reference(key, where));
    });
  }

  private test(value: Json): boolean {
    const [name, argument] = Object.entries(value ?? {})[0] ?? [];
    const items = (argument ?? []) as Json[];
    if (name === 'Fn::Equals') return this.resolve(items[0], '') === this.resolve(items[1], '');
    if (name === 'Fn::Not') return !this.test(items[0]!);
    if (name === 'Fn::And') return items.every((item) => this.test(item));
    if (name === 'Fn::Or') return items.some((item) => this.test(item));
    if (name === 'Condition') return this.condition(String(argument));
    return false;
  }
}

/** Returns the logical ids that a resource refers to or depends on. */
export function dependencies(resource: Resource, known: Readonly<Record<string, unknown>>): Set<string> {
  const found = new Set<string>([resource.DependsOn ?? []].flat());
  const visit = (value: Json | undefined): void => {
    if (value === null || typeof value !== 'object') return;
    for (const [name, item] of Object.entries(value)) {
      if (name === 'Ref') found.add(String(item));
      else if (name === 'Fn::GetAtt')
        found.add(Array.isArray(item) ? String(item[0]) : String(item).split('.')[0]!);
      else if (name === 'Fn::Sub')
        for (const [, id] of JSON.stringify(item).matchAll(/\$\{([\w]+)/g)) found.add(id!);
      visit(item);
    }
  };
  visit(resource.Properties);
  return new Set([...found].filter((id) => id in known));
}

/**
 * Returns the logical ids in dependency order. CloudFormation starts resources in parallel; this order is the worst of
 * the possible ones, because each `eager` resource comes as early as its dependencies allow.
 */
export function inOrder(
  resources: Readonly<Record<string, Resource>>,
  eager: (resource: Resource) => boolean,
): string[] {
  const order = new Set<string>();
  const under = new Set<string>();
  const ids = Object.keys(resources);
  const listeners = ids.filter((id) => resources[id]!.Type === LISTENER);
  const visit = (id: string): void => {
    if (order.has(id)) return;
    if (under.has(id)) throw new PlanError([...under].join(', '), '', 'have a circular dependency');
    under.add(id);
    for (const need of dependencies(resources[id]!, resources)) visit(need);
    // CloudFront needs minutes for the VPC origins of a distribution. A listener exists within seconds.
    if (resources[id]!.Type === DISTRIBUTION)
      for (const listener of listeners) if (!dependsOn(resources, listener, id)) visit(listener);
    under.delete(id);
    order.add(id);
  };
  for (const id of [...ids.filter((one) => eager(resources[one]!)), ...ids]) visit(id);
  return quickFirst([...order], resources);
}

const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

/** Types that CloudFormation creates within seconds. They exist before any slower resource can need them. */
const QUICK =
  /^AWS::EC2::(SecurityGroup|SecurityGroup(In|E)gress|Route|SubnetRouteTableAssociation|NetworkAcl\w*|SubnetNetworkAclAssociation)$/;

/** Moves each quick resource to the earliest place that its dependencies allow. */
function quickFirst(order: readonly string[], resources: Readonly<Record<string, Resource>>): string[] {
  const placed = new Set<string>();
  const quick = new Map(
    order
      .filter((id) => QUICK.test(resources[id]!.Type))
      .map((id) => [id, dependencies(resources[id]!, resources)]),
  );
  const place = (id: string): void => {
    placed.add(id);
    quick.delete(id);
    for (const [other, needs] of quick) if ([...needs].every((need) => placed.has(need))) place(other);
  };
  for (const [id, needs] of quick) if (needs.size === 0) place(id);
  for (const id of order) if (!placed.has(id)) place(id);
  return [...placed];
}

/** Returns true if `from` depends on `to`, directly or through other resources. */
export function dependsOn(resources: Readonly<Record<string, Resource>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const visit = (id: string): boolean =>
    [...dependencies(resources[id]!, resources)].some((need) => {
      if (need === to) return true;
      if (seen.has(need)) return false;
      seen.add(need);
      return visit(need);
    });
  return visit(from);
}
