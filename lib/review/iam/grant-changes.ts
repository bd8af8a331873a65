import type { Comparison } from '../change';
import { covers, type Grant } from './grant';
import { readGrants } from './read-grants';

/** A permission that is new: nothing that was allowed before covers it. */
export interface NewGrant {
  readonly grant: Grant;
  /** Whether the policy's holder is new as well. */
  readonly holderIsNew: boolean;
  /** What was allowed before and differs in conditions alone. */
  readonly conditional?: Grant;
  /** What was allowed before to somebody else. */
  readonly toOthers?: Grant;
}

/** How policies differ in what they mean, not in how they are written or divided. */
export interface GrantChanges {
  readonly allowed: readonly NewGrant[];
  /** What was denied and no longer is, where the policy's holder is still there. */
  readonly undenied: readonly Grant[];
}

const known = new WeakMap<Comparison, GrantChanges>();

/** What policies allow and no longer deny; computed once for all rules. */
export function grantChanges(comparison: Comparison): GrantChanges {
  const found = known.get(comparison) ?? compareGrants(comparison);
  known.set(comparison, found);
  return found;
}

function compareGrants(comparison: Comparison): GrantChanges {
  const base = renamedGrants(comparison);
  const head = readGrants(comparison.head);
  const present = new Set(
    comparison.head.stacks.flatMap(({ name, template }) =>
      Object.keys(template.Resources ?? {}).map((logicalId) => `${name} \${${logicalId}}`),
    ),
  );
  const allowed: NewGrant[] = [];
  const undenied: Grant[] = [];
  for (const [key, now] of head) {
    const before = base.get(key);
    for (const grant of now) {
      if (grant.effect === 'Deny' || before?.some((old) => covers(old, grant))) continue;
      allowed.push({
        grant,
        holderIsNew: before === undefined,
        conditional: before?.find((old) => old.conditions.length > 0 && covers(old, grant, 'conditions')),
        toOthers: before?.find((old) => covers(old, grant, 'principal')),
      });
    }
  }
  for (const [key, before] of base) {
    const now = head.get(key) ?? [];
    for (const grant of before)
      if (grant.effect === 'Deny' && present.has(grant.holder) && !now.some((other) => covers(other, grant)))
        undenied.push(grant);
  }
  return { allowed, undenied };
}

/** The grants before, with resources under the names they have after: a renamed role is no new one. */
function renamedGrants({ base, resources }: Comparison): Map<string, Grant[]> {
  const names = new Map(
    resources.flatMap(({ former, logicalId }) => (former ? [[former.logicalId, logicalId] as const] : [])),
  );
  const grants = readGrants(base);
  if (names.size === 0) return grants;
  const rename = (text: string) =>
    text.replace(/\$\{(\w+)(?=[.}])/g, (whole, id: string) =>
      names.has(id) ? `\${${names.get(id)}` : whole,
    );
  const renamed = new Map<string, Grant[]>();
  for (const [key, list] of grants)
    renamed.set(
      rename(key),
      list.map((grant) => ({
        ...grant,
        holder: rename(grant.holder),
        resource: rename(grant.resource),
        principal: rename(grant.principal),
      })),
    );
  return renamed;
}
