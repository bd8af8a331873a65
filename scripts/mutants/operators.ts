import { isEquivalent } from './equivalent';
import {
  type Found,
  type Kind,
  type MutableStack,
  type Mutant,
  type Path,
  text,
  type Value,
  walk,
} from './mutant';
import { statementMutants } from './statements';

/** Returns every mutant that lacks one part of a plan and has templates that CloudFormation accepts. */
export function mutantsOf(stacks: readonly MutableStack[]): Mutant[] {
  return stacks.flatMap(({ name, template: { Resources, Outputs = {} } }) => {
    const named = namesIn({ ...Resources, outputs: { Properties: Outputs } });
    return Object.entries(Resources).flatMap(([logicalId, resource]) => {
      const found = [
        ...statementMutants(resource),
        ...networkMutants(resource),
        ...containerMutants(resource),
        ...valueMutants(resource),
        ...dependencyMutants(Resources, logicalId),
        ...(named.has(logicalId) ? [] : [wholeResource(resource)]),
      ];
      return distinct(found, resource).map((one) => ({
        ...one,
        isEquivalent: isEquivalent(resource, without(resource, one.paths)),
        stack: name,
        logicalId,
        type: resource.Type,
      }));
    });
  });
}

/** Returns the first of several changes with the same resulting resource. */
function distinct(found: readonly Found[], resource: Value): Found[] {
  const seen = new Set<string>();
  return found.filter((one) => {
    const text = JSON.stringify(without(resource, one.paths));
    return !seen.has(text) && seen.add(text);
  });
}

/** Returns the resource without the paths; undefined if the whole resource is removed. */
export function without(resource: Value, paths: readonly Path[]): Value | undefined {
  if (paths.some((path) => path.length === 0)) return undefined;
  const copy = structuredClone(resource);
  for (const path of paths) {
    const key = path.at(-1)!;
    const parent = path.slice(0, -1).reduce((value: Value, step) => value[step], copy);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  }
  return copy;
}

const wholeResource = ({ Type, Properties = {} }: Value): Found => ({
  kind:
    Type === 'AWS::EC2::SecurityGroupIngress'
      ? 'ingress rule'
      : Type === 'AWS::EC2::SecurityGroupEgress'
        ? 'egress rule'
        : /^AWS::EC2::(Route|SubnetRouteTableAssociation|VPCGatewayAttachment)$/.test(Type)
          ? 'route'
          : 'resource',
  what: `${Type}${Properties.Description ? ` (${text(Properties.Description)})` : ''}`,
  paths: [[]],
});

/** Returns the logical ids that resources or outputs refer to. CloudFormation refuses a template without them. */
function namesIn(resources: Readonly<Record<string, Value>>): Set<string> {
  const found = new Set<string>();
  for (const { Properties } of Object.values(resources))
    for (const [key, value] of walk(Properties ?? {}))
      if (key === 'Ref') found.add(String(value));
      else if (key === 'Fn::GetAtt') found.add(String([value].flat()[0]).split('.')[0]!);
      else if (key === 'Fn::Sub')
        for (const [, id] of JSON.stringify(value).matchAll(/\$\{(\w+)/g)) found.add(id!);
  return found;
}

/** Returns each item of a list in a resource, with its path. */
export function items(value: Value, path: Path): [Value, Path][] {
  const list = path.reduce((at: Value, step) => at?.[step], value);
  return Array.isArray(list) ? list.map((item, index) => [item, [...path, index]]) : [];
}

function networkMutants(resource: Value): Found[] {
  const rules = (kind: Kind, property: string) =>
    items(resource, ['Properties', property]).map(([rule, path]) => ({
      kind,
      what: text(rule),
      paths: [path],
    }));
  const tables = items(resource, ['Properties', 'RouteTableIds']).map(([table, path]) => ({
    kind: 'route' as const,
    what: `the endpoint in ${text(table)}`,
    paths: [path],
  }));
  return [
    ...rules('ingress rule', 'SecurityGroupIngress'),
    ...rules('egress rule', 'SecurityGroupEgress'),
    ...tables,
  ];
}

function containerMutants(resource: Value): Found[] {
  const of = (kind: Kind, path: Path, name: (item: Value) => string): Found[] =>
    items(resource, path).map(([item, at]) => ({ kind, what: name(item), paths: [at] }));
  const containers = items(resource, ['Properties', 'ContainerDefinitions']).flatMap(([, path]) => [
    ...of('environment variable', [...path, 'Environment'], ({ Name }) => Name),
    ...of('secret', [...path, 'Secrets'], ({ Name }) => Name),
    ...of('port', [...path, 'PortMappings'], text),
  ]);
  const variables = [
    ['Properties', 'Environment', 'Variables'],
    ['Properties', 'RunConfig', 'EnvironmentVariables'],
  ].flatMap((path) =>
    Object.keys(path.reduce((at: Value, step) => at?.[step], resource) ?? {}).map(
      (name): Found => ({ kind: 'environment variable', what: name, paths: [[...path, name]] }),
    ),
  );
  return [...containers, ...variables, ...of('secret', ['Properties', 'Auth'], text)];
}

const PORT = /^(Container|From|To|HTTP|HTTPS|HealthCheck)?Port$/;
const TIMEOUT = /(Timeout\w*|^BakeTimeInMinutes)$/;

/** Returns mutants without a port or a timeout, which are recognised by their property names. */
function valueMutants(resource: Value): Found[] {
  const found: Found[] = [];
  for (const [key, value, path] of walk(resource.Properties ?? {}, ['Properties'])) {
    const name = String(key);
    if (typeof value === 'object' && !('Fn::GetAtt' in (value ?? {}))) {
      if (/timeout/i.test(String(value?.Key)))
        found.push({ kind: 'timeout', what: value.Key, paths: [path] });
    } else if (PORT.test(name) && !isRuleOfOther(resource, path))
      found.push({ kind: 'port', what: path.slice(1).join('.'), paths: [path] });
    else if (TIMEOUT.test(name))
      found.push({ kind: 'timeout', what: path.slice(1).join('.'), paths: [path] });
  }
  return found;
}

/** Returns true within a rule for a protocol other than TCP or UDP, where ports mean ICMP types and codes. */
function isRuleOfOther(resource: Value, path: Path): boolean {
  const rule = path.slice(0, -1).reduce((at: Value, step) => at?.[step], resource);
  return rule?.IpProtocol !== undefined && !/^(tcp|udp|6|17)$/.test(String(rule.IpProtocol));
}

/** Returns mutants without a dependency that no other dependency or reference implies. */
function dependencyMutants(resources: Readonly<Record<string, Value>>, id: string): Found[] {
  const given: string[] = [resources[id].DependsOn ?? []].flat();
  return given.flatMap((other, index) => {
    const path = Array.isArray(resources[id].DependsOn) ? ['DependsOn', index] : ['DependsOn'];
    const mutated = { ...resources, [id]: without(resources[id], [path]) };
    return waitsFor(mutated, id, other) ? [] : [{ kind: 'dependency' as const, what: other, paths: [path] }];
  });
}

function waitsFor(resources: Readonly<Record<string, Value>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const visit = (id: string): boolean =>
    [...needsOf(resources[id])].some((need) => {
      if (need === to) return true;
      if (seen.has(need) || !resources[need]) return false;
      seen.add(need);
      return visit(need);
    });
  return visit(from);
}

const needs = new WeakMap<object, Set<string>>();

function needsOf(resource: Value): Set<string> {
  const known = needs.get(resource) ?? namesIn({ resource });
  needs.set(resource, known);
  return new Set([...known, ...[resource.DependsOn ?? []].flat()]);
}

/** Returns the stacks with a mutant's change. A removed resource is also removed from `DependsOn` lists. */
export function mutated<Stack extends MutableStack>(stacks: readonly Stack[], mutant: Mutant): Stack[] {
  return stacks.map((stack) => {
    if (stack.name !== mutant.stack) return stack;
    const { [mutant.logicalId]: resource, ...others } = stack.template.Resources;
    const left = without(resource, mutant.paths);
    const Resources = left
      ? { ...stack.template.Resources, [mutant.logicalId]: left }
      : withoutDependency(others, mutant.logicalId);
    return { ...stack, template: { ...stack.template, Resources } };
  });
}

function withoutDependency(resources: Readonly<Record<string, Value>>, id: string): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(resources).map(([name, resource]) => {
      const DependsOn = [resource.DependsOn ?? []].flat();
      return [
        name,
        DependsOn.includes(id) ? { ...resource, DependsOn: DependsOn.filter((one) => one !== id) } : resource,
      ];
    }),
  );
}
