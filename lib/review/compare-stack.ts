import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { runtimeBundle } from '../files/runtime-bundle';
import { keyOf } from './canonical';
import type { ResourceChange } from './change';
import { differences, leaves, type PropertyChange } from './differences';
import type { PlannedStack, Resource } from './plan';
import { plain } from './show';

type Resources = Readonly<Record<string, Resource>>;

/** What differs between two versions of a stack, by `@aws-cdk/cloudformation-diff`. */
export function compareStack(before: PlannedStack, after: PlannedStack): ResourceChange[] {
  const [was, is] = [before.template.Resources ?? {}, after.template.Resources ?? {}];
  const concerned = concernedBy(was, is);
  if (concerned.size === 0) return [];
  // What is only here or only there cannot be replaced: the diff is spared it.
  const both = new Set([...concerned].filter((id) => was[id] !== undefined && is[id] !== undefined));
  const impactsOf =
    both.size > 0 ? impacts(fullDiff(comparable(was, both), comparable(is, both))) : new Map();
  return [...concerned].flatMap((logicalId): ResourceChange[] => {
    const [old, now] = [was[logicalId], is[logicalId]];
    const impact: ReadonlyMap<string, string> = impactsOf.get(logicalId) ?? new Map();
    const properties = causesFirst(resourceDifferences(old, now), impact);
    const kind = kindOf(old, now, new Set(impact.values()));
    if (properties.length === 0 && kind === 'changed') return [];
    return [
      {
        stack: after.name,
        logicalId,
        resourceType: (now ?? old)!.Type,
        path: (now ? after : before).constructPaths[logicalId] ?? `${after.name}/${logicalId}`,
        kind,
        properties,
        ...(properties.length > 0 && properties.every(isContent) && { contentOnly: true }),
        before: old,
        after: now,
      },
    ];
  });
}

/** What each property's change does to its resource, by logical id. */
function impacts(diff: TemplateDiff): Map<string, ReadonlyMap<string, string>> {
  const found = new Map<string, ReadonlyMap<string, string>>();
  diff.resources.forEachDifference((logicalId, { propertyUpdates }) => {
    const entries = Object.entries(propertyUpdates);
    found.set(logicalId, new Map(entries.map(([name, { changeImpact }]) => [name, changeImpact as string])));
  });
  return found;
}

/** What replaces the resource comes before what merely changes as well. */
function causesFirst(
  properties: readonly PropertyChange[],
  impacts: ReadonlyMap<string, string>,
): PropertyChange[] {
  const weight = ({ path }: PropertyChange) => {
    const [, name = ''] = /^Properties\.([^.[]+)/.exec(path) ?? [];
    return ['WILL_REPLACE', 'MAY_REPLACE'].indexOf(impacts.get(name) ?? '') >>> 0;
  };
  return [...properties].sort((a, b) => weight(a) - weight(b));
}

/** Resources that differ, and those that refer to them: a replacement goes on to what it is referred to by. */
function concernedBy(before: Resources, after: Resources): Set<string> {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const concerned = new Set(
    ids.filter((id) => before[id] !== after[id] && textOf(before[id]) !== textOf(after[id])),
  );
  if (concerned.size === 0) return concerned;
  const references = new Map(ids.map((id) => [id, referencesOf(after[id])]));
  let known = -1;
  while (concerned.size !== known) {
    known = concerned.size;
    for (const id of ids) if (references.get(id)!.some((other) => concerned.has(other))) concerned.add(id);
  }
  return concerned;
}

function referencesOf(resource: Resource | undefined): string[] {
  if (!resource) return [];
  return [...JSON.stringify(resource).matchAll(REFERENCE)].map(([, referred]) => referred!);
}

const REFERENCE = /\{"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g;

function textOf(resource: Resource | undefined): string {
  if (!resource) return '';
  const { Metadata: _, ...rest } = resource;
  return keyOf(rest);
}

let loaded: typeof import('@aws-cdk/cloudformation-diff').fullDiff | undefined;

/** Loaded when something is compared: nothing else needs it. */
function fullDiff(before: Resources, after: Resources): TemplateDiff {
  loaded ??= (require(runtimeBundle('template-diff', 'index.js')) as { fullDiff: typeof loaded }).fullDiff!;
  return loaded({ Resources: before }, { Resources: after });
}

/**
 * The diff takes `16.1` and `16.10` for the same number: a text that a number would be written otherwise is
 * marked as text. Nothing but the kind of change is read from its answer.
 */
function comparable(resources: Resources, concerned: ReadonlySet<string>): Resources {
  const chosen = Object.entries(resources).filter(([id]) => concerned.has(id));
  return Object.fromEntries(
    chosen.map(([id, { Metadata: _, ...resource }]) => [id, marked(resource) as Resource]),
  );
}

function marked(value: unknown): unknown {
  if (typeof value === 'string') return isAmbiguous(value) ? `text ${value}` : value;
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, marked(child)]));
}

function isAmbiguous(text: string): boolean {
  return (
    /^[\s\d.+-]/.test(text) &&
    Number.isFinite(Number(text)) &&
    String(Number(text)) !== text &&
    text.trim() !== ''
  );
}

function kindOf(
  before: Resource | undefined,
  after: Resource | undefined,
  impacts: ReadonlySet<string>,
): ResourceChange['kind'] {
  if (!before) return 'added';
  if (!after) return 'removed';
  if (before.Type !== after.Type || impacts.has('WILL_REPLACE')) return 'replaced';
  return impacts.has('MAY_REPLACE') ? 'may-replace' : 'changed';
}

const ATTRIBUTES = ['Type', 'DeletionPolicy', 'UpdateReplacePolicy', 'Condition', 'DependsOn'] as const;

/** Where two resources differ, but for metadata. */
export function resourceDifferences(
  before: Resource | undefined,
  after: Resource | undefined,
): PropertyChange[] {
  if (!before || !after) return [];
  const attributes = ATTRIBUTES.flatMap((name) => differences(before[name], after[name], name));
  return [...attributes, ...differences(before.Properties ?? {}, after.Properties ?? {}, 'Properties')];
}

const CONTENT = /[0-9a-f]{16,}(-[0-9a-f]{8})?/g;

function isContent({ before, after }: PropertyChange): boolean {
  if (before === undefined || after === undefined) return false;
  return withoutContent(before) === withoutContent(after);
}

function withoutContent(value: unknown): string {
  return leaves(value)
    .map(([path, leaf]) => `${path}=${plain(leaf).replaceAll(CONTENT, '#')}`)
    .join('\n');
}
