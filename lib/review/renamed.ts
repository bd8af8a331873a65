import { keyOf } from './canonical';
import type { ResourceChange } from './change';
import { resourceDifferences } from './compare-stack';
import { leaves } from './differences';
import { plain } from './show';

/** Smallest share of common traits for which two resources count as one with two names. */
const ALIKE = 0.6;

/** Types whose logical id ends with a content hash. Each content gets a new id. */
const CONTENT_ID = /[0-9a-f]{32}$/;

/** Joins a removed and an added resource with common traits into one renamed resource. */
export function matchRenamed(changes: readonly ResourceChange[]): ResourceChange[] {
  const removed = changes.filter(({ kind }) => kind === 'removed');
  if (removed.length === 0) return [...changes];
  const added = changes.filter(({ kind }) => kind === 'added');
  const former = new Map<ResourceChange, ResourceChange>();
  const taken = new Set<ResourceChange>();
  const traits = traitsOf([...removed, ...added]);
  const pairs = removed
    .flatMap((old) =>
      added
        .filter(({ resourceType }) => resourceType === old.resourceType)
        .map((now) => ({ old, now, alike: likeness(traits.get(old)!, traits.get(now)!) })),
    )
    .filter(({ alike }) => alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike);
  for (const { old, now } of pairs) {
    if (taken.has(old) || former.has(now)) continue;
    taken.add(old);
    former.set(now, old);
  }
  return changes
    .filter((change) => !taken.has(change))
    .map((change) => (former.has(change) ? renamed(former.get(change)!, change) : change));
}

function renamed(old: ResourceChange, now: ResourceChange): ResourceChange {
  const stem = (id: string) => id.replace(CONTENT_ID, '');
  const byContent = old.logicalId !== now.logicalId && stem(old.logicalId) === stem(now.logicalId);
  return {
    ...now,
    former: { stack: old.stack, logicalId: old.logicalId },
    before: old.before,
    properties: resourceDifferences(old.before, now.after),
    ...(byContent && CONTENT_ID.test(now.logicalId)
      ? { kind: 'changed', contentOnly: true }
      : { kind: 'renamed' }),
  };
}

/**
 * Returns the traits of each resource that do not depend on its name: its properties, with references as the type of
 * their target, and without texts that contain its own name or path.
 */
function traitsOf(changes: readonly ResourceChange[]): Map<ResourceChange, Set<string>> {
  const types = new Map(changes.map(({ logicalId, resourceType }) => [logicalId, resourceType]));
  return new Map(
    changes.map((change) => {
      const { before, after, logicalId } = change;
      const traits = leaves((before ?? after)!.Properties ?? {})
        .map(([path, value]) => {
          const text = typeof value === 'object' ? referred(value, types) : plain(value);
          return `${path}=${text.includes(logicalId) ? '' : text}`;
        })
        .filter((trait) => !trait.startsWith('.Tags'));
      return [change, new Set(traits)];
    }),
  );
}

function referred(value: unknown, types: ReadonlyMap<string, string>): string {
  return keyOf(value).replace(/"(\w+)"/g, (whole, id: string) => types.get(id) ?? whole);
}

/** Returns the share of common traits, from 0 to 1. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size === 0 && other.size === 0) return 1;
  const shared = [...one].filter((trait) => other.has(trait)).length;
  return shared / (one.size + other.size - shared);
}
