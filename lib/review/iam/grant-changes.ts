import type { Comparison } from '../change';
import { matches } from './conditions';
import { covers, type Grant } from './grant';
import { readGrants } from './read-grants';

/** A permission that is new: nothing that was allowed before covers it. */
export interface NewGrant {
  readonly grant: Grant;
  /** True if the policy's holder is new as well. */
  readonly holderIsNew: boolean;
  /** The former grant that differs in its conditions alone. */
  readonly conditional?: Grant;
  /** True if the same was allowed on fewer resources. */
  readonly isWider: boolean;
  /** The former grant of the same permission to another principal. */
  readonly toOthers?: Grant;
}

/** How policies differ in what they mean, not in how they are written or divided. */
export interface GrantChanges {
  readonly allowed: readonly NewGrant[];
  /** Grants that denied something and are gone, where the policy's holder is still there. */
  readonly undenied: readonly Grant[];
  /** Grants that allowed something and are gone, where the policy's holder is still there. */
  readonly revoked: readonly RevokedGrant[];
}

/** A permission that nothing gives any more. */
export interface RevokedGrant {
  readonly grant: Grant;
  /** True if the resource that gave it is gone from the template. */
  readonly withItsSource: boolean;
  /** True if it is still given under more conditions, or to fewer. */
  readonly narrowed: boolean;
  /** True if its holder may do nothing at all any more with the resource. */
  readonly isLast: boolean;
}

const known = new WeakMap<Comparison, GrantChanges>();

/** Returns the changes of grants and denials. They are computed once for all rules. */
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
  for (const [key, now] of head) {
    const before = base.get(key);
    for (const grant of now) {
      if (grant.effect === 'Deny' || before?.some((old) => covers(old, grant))) continue;
      allowed.push({
        grant,
        holderIsNew: before === undefined,
        conditional: before?.find((old) => isWeakened(old, grant, now)),
        isWider: before?.some((old) => old.action === grant.action && covers(grant, old)) === true,
        toOthers: before?.find((old) => covers(old, grant, 'principal')),
      });
    }
  }
  const isThere = ({ holder }: Grant) => present.has(holder) || !/\$\{\w+\}$/.test(holder);
  const lost = [...base].flatMap(([key, before]) => {
    const now = head.get(key) ?? [];
    return before.filter((grant) => isThere(grant) && !now.some((other) => covers(other, grant)));
  });
  return {
    allowed,
    undenied: lost.filter(({ effect }) => effect === 'Deny'),
    revoked: lost
      .filter(({ effect }) => effect === 'Allow')
      .map((grant) => ({
        grant,
        withItsSource: !present.has(`${grant.source.stack} \${${grant.source.logicalId}}`),
        narrowed: (head.get(`${grant.kind} ${grant.holder}`) ?? []).some(
          (other) => other.effect === 'Allow' && isNarrower(other, grant),
        ),
        isLast: !(head.get(`${grant.kind} ${grant.holder}`) ?? []).some(
          (other) => other.effect === 'Allow' && touches(other, grant),
        ),
      })),
  };
}

/**
 * Returns true if a grant takes the place of one that had another condition; one that comes beside it does
 * not.
 */
function isWeakened(old: Grant, grant: Grant, now: readonly Grant[]): boolean {
  return (
    old.conditions.length > 0 &&
    covers(old, grant, 'conditions') &&
    (covers(grant, old) || !now.some((other) => covers(other, old)))
  );
}

/** Returns true if two grants are about one resource, such as a bucket and its objects. */
function touches(one: Grant, other: Grant): boolean {
  const [a, b] = [one, other].map(({ resource }) => resource.replace(/[/:]\*$/, ''));
  return a!.startsWith(b!) || b!.startsWith(a!) || matches(one.resource, other.resource);
}

/** Returns true if a grant gives a part of what another gave. */
function isNarrower(grant: Grant, former: Grant): boolean {
  return covers(former, grant) || covers(grant, former, 'conditions') || covers(former, grant, 'conditions');
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
