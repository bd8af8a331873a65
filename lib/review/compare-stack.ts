import { keyOf, same } from './canonical';
import type { ResourceChange } from './change';
import { differences, isObject, leaves, type PropertyChange } from './differences';
import type { PlannedStack, Resource } from './plan';
import { type Impact, impactOf, schemaOf, schemaPath } from './resource-schemas';
import { plain } from './show';

type Resources = Readonly<Record<string, Resource>>;

/**
 * Returns the resources that differ between two versions of a stack, including those that CloudFormation replaces as a
 * consequence.
 */
export function compareStack(before: PlannedStack, after: PlannedStack): ResourceChange[] {
  const [was, is] = [before.template.Resources ?? {}, after.template.Resources ?? {}];
  const ids = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const changes = new Map<string, ResourceChange>();
  for (const id of ids) {
    const isSame = was[id] === is[id] || textOf(was[id]) === textOf(is[id]);
    if (isSame && conditionDifferences(was[id], is[id], before, after).length === 0) continue;
    const change = changeOf(id, before, after);
    if (change.kind !== 'changed' || change.properties.length > 0) changes.set(id, change);
  }
  replaceReferrers(changes, before, after);
  return [...changes.values()];
}

function changeOf(logicalId: string, before: PlannedStack, after: PlannedStack): ResourceChange {
  const [old, now] = [before.template.Resources?.[logicalId], after.template.Resources?.[logicalId]];
  const type = (now ?? old)!.Type;
  const properties = [...conditionDifferences(old, now, before, after), ...resourceDifferences(old, now)];
  const impacts = new Map(properties.map((property) => [property, impactOfChange(type, property)]));
  return {
    stack: after.name,
    logicalId,
    resourceType: type,
    path: (now ? after : before).constructPaths[logicalId] ?? `${after.name}/${logicalId}`,
    kind: kindOf(old, now, [...impacts.values()]),
    // Changes that replace the resource come first.
    properties: properties.sort((a, b) => weight(impacts.get(a)) - weight(impacts.get(b))),
    ...(properties.length > 0 && properties.every(isContent) && { contentOnly: true }),
    before: old,
    after: now,
  };
}

const weight = (impact: Impact | undefined): number =>
  impact === 'replaces' ? 0 : impact === 'mayReplace' ? 1 : 2;

function impactOfChange(type: string, { path, before, after }: PropertyChange): Impact | undefined {
  const isDefault = (value: unknown) =>
    value === undefined || plain(value) === plain(schemaOf(type)?.defaults?.[schemaPath(path)]);
  // Writing or omitting a default value changes nothing.
  if (!path.startsWith('Properties.') || (isDefault(before) && isDefault(after))) return undefined;
  return impactOf(type, path, after ?? before);
}

function kindOf(
  before: Resource | undefined,
  after: Resource | undefined,
  impacts: readonly (Impact | undefined)[],
): ResourceChange['kind'] {
  if (!before) return 'added';
  if (!after) return 'removed';
  if (before.Type !== after.Type || impacts.includes('replaces')) return 'replaced';
  return impacts.includes('mayReplace') ? 'may-replace' : 'changed';
}

/** Marks resources that reference a replaced one in a create-only property: CloudFormation replaces them too. */
function replaceReferrers(
  changes: Map<string, ResourceChange>,
  before: PlannedStack,
  after: PlannedStack,
): void {
  const queue = [...changes.values()].filter(({ kind }) => kind === 'replaced');
  if (queue.length === 0) return;
  const { template, name, constructPaths } = after;
  const former = before.template.Resources ?? {};
  const referrers = referrersOf(template.Resources ?? {}, former);
  for (let change = queue.shift(); change; change = queue.shift())
    for (const { id, path } of referrers.get(change.logicalId) ?? []) {
      const now = template.Resources![id]!;
      const impact = impactOf(now.Type, path, undefined);
      const known = changes.get(id);
      if (!impact || known?.kind === 'replaced' || (known?.kind === 'may-replace' && impact === 'mayReplace'))
        continue;
      const { contentOnly: _, ...rest } = known ?? {
        stack: name,
        logicalId: id,
        resourceType: now.Type,
        path: constructPaths[id] ?? `${name}/${id}`,
        properties: [],
        before: former[id],
        after: now,
      };
      const replaced = { ...rest, kind: impact === 'replaces' ? 'replaced' : 'may-replace' } as const;
      changes.set(id, replaced);
      if (replaced.kind === 'replaced') queue.push(replaced);
    }
}

/**
 * Returns references by the referenced resource: the resources that exist before and after, and the paths of their
 * references.
 */
function referrersOf(resources: Resources, former: Resources): Map<string, { id: string; path: string }[]> {
  const found = new Map<string, { id: string; path: string }[]>();
  for (const [id, { Properties }] of Object.entries(resources)) {
    if (former[id] === undefined) continue;
    for (const [path, referred] of references(Properties ?? {}, 'Properties'))
      found.set(referred, [...(found.get(referred) ?? []), { id, path }]);
  }
  return found;
}

/** Yields each reference in a canonical value: its path and the referenced resource. */
export function* references(value: unknown, path: string): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* references(item, `${path}[${index}]`);
    return;
  }
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as { Ref?: unknown; 'Fn::GetAtt'?: unknown[] };
  if (typeof ref === 'string') yield [path, ref];
  else if (Array.isArray(attribute)) yield [path, String(attribute[0])];
  else
    for (const [key, child] of Object.entries(value))
      yield* references(child, isObject(value) ? `${path}.${key}` : path);
}

function textOf(resource: Resource | undefined): string {
  if (!resource) return '';
  const { Metadata: _, ...rest } = resource;
  return keyOf(rest);
}

/** Reports a condition whose name is the same and whose expression differs. */
function conditionDifferences(
  old: Resource | undefined,
  now: Resource | undefined,
  before: PlannedStack,
  after: PlannedStack,
): PropertyChange[] {
  const name = now?.Condition;
  if (name === undefined || old?.Condition !== name) return [];
  const [was, is] = [before.template.Conditions?.[name], after.template.Conditions?.[name]];
  return same(was, is) ? [] : [{ path: 'Condition', before: was, after: is }];
}

const ATTRIBUTES = [
  'Type',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'UpdatePolicy',
  'CreationPolicy',
  'Condition',
  'DependsOn',
] as const;

/** Returns the differences between two resources, except for metadata. */
export function resourceDifferences(
  before: Resource | undefined,
  after: Resource | undefined,
): PropertyChange[] {
  if (!before || !after) return [];
  const attributes = ATTRIBUTES.flatMap((name) => differences(before[name], after[name], name));
  return [...attributes, ...differences(before.Properties ?? {}, after.Properties ?? {}, 'Properties')];
}

const CONTENT = /[0-9a-f]{16,}(-[0-9a-f]{8})?/g;

/** Returns true if only the hash of an asset, or the id of a release, differs. */
export function isContent({ before, after }: PropertyChange): boolean {
  if (before === undefined || after === undefined) return false;
  return withoutContent(before) === withoutContent(after);
}

function withoutContent(value: unknown): string {
  return leaves(value)
    .map(([path, leaf]) => `${path}=${plain(leaf).replaceAll(CONTENT, '#')}`)
    .join('\n');
}
