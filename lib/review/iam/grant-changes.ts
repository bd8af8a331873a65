import type { Comparison } from '../change';
import { matches } from './conditions';
import { covers, type Grant } from './grant';
import { readGrants } from './read-grants';

/** A new permission: no former grant covers it. */
export interface NewGrant {
  readonly grant: Grant;
  /** True if the role or resource that has the policy is also new. */
  readonly holderIsNew: boolean;
  /** The former grant that differs only in its conditions. */
  readonly conditional?: Grant;
  /** True if the former grant covered fewer resources. */
  readonly isWider: boolean;
  /** The former grant of the same permission to another principal. */
  readonly toOthers?: Grant;
}

/** Differences between policies in their meaning, however they are written or divided. */
export interface GrantChanges {
  readonly allowed: readonly NewGrant[];
  /** Removed denials, if the role or resource with the policy still exists. */
  readonly undenied: readonly Grant[];
  /** Removed permissions, if the role or resource with the policy still exists. */
  readonly revoked: readonly RevokedGrant[];
}

/** A permission that no policy gives any more. */
export interface RevokedGrant {
  readonly grant: Grant;
  /** True if the resource that defined the permission is also removed. */
  readonly withItsSource: boolean;
  /** True if the permission remains with more conditions, or for fewer principals or resources. */
  readonly narrowed: boolean;
  /** True if its holder keeps no permission on the resource. */
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

/** Returns true if a grant replaces one with another condition. A grant that is added beside it does not. */
function isWeakened(old: Grant, grant: Grant, now: readonly Grant[]): boolean {
  return (
    old.conditions.length > 0 &&
    covers(old, grant, 'conditions') &&
    (covers(grant, old) || !now.some((other) => covers(other, old)))
  );
}

/** Returns true if two grants are for one resource, such as a bucket and its objects. */
function touches(one: Grant, other: Grant): boolean {
  const [a, b] = [one, other].map(({ resource }) => resource.replace(/[/:]\*$/, ''));
  return a!.startsWith(b!) || b!.startsWith(a!) || matches(one.resource, other.resource);
}

/** Returns true if a grant covers a part of a former one. */
function isNarrower(grant: Grant, former: Grant): boolean {
  return covers(former, grant) || covers(grant, former, 'conditions') || covers(former, grant, 'conditions');
}

/** Returns the former grants with the new names of renamed resources, so that a renamed role is not new. */
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
