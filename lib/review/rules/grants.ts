import type { Severity } from '../finding';
import type { Grant } from '../iam/grant';
import type { NewGrant } from '../iam/grant-changes';
import { describeGrant } from '../iam/risk';
import { list } from '../show';
import { type Observation, observe } from './rule';

/** Texts of a rule about grants of one severity in one place. */
export interface Wording {
  /** Returns the sentence about the change. `described` lists the grants. */
  readonly what: (described: string, grants: readonly Grant[]) => string;
  readonly why: string | ((grants: readonly Grant[]) => string);
  readonly fix: string;
}

/** Groups grants into one observation for each policy and severity, instead of one for each action and resource. */
export function grouped(
  grants: readonly { readonly grant: Grant; readonly severity: Severity }[],
  wording: (severity: Severity) => Wording,
): Observation[] {
  const groups = new Map<string, { severity: Severity; grants: Grant[] }>();
  for (const { grant, severity } of grants) {
    const { stack, logicalId } = grant.source;
    const key = `${severity} ${grant.holder} ${stack} ${logicalId} ${grant.principal}`;
    const group = groups.get(key);
    if (group) group.grants.push(grant);
    else groups.set(key, { severity, grants: [grant] });
  }
  return [...groups.values()].map(({ severity, grants: found }) => {
    const { what, why, fix } = wording(severity);
    const described = list([...new Set(found.map(describeGrant))]);
    return observe(found[0]!.source, {
      severity,
      what: what(described, found),
      why: typeof why === 'string' ? why : why(found),
      fix,
    });
  });
}

/** Returns the logical id of the role or resource that has the policy. */
export function holderName({ holder }: Grant): string {
  return holder.slice(holder.indexOf(' ') + 1).replace(/^\$\{(\w+)\}$/, '$1');
}

/** Returns true if the grant allows `iam:PassRole`. */
export function isPassRole({ grant }: NewGrant): boolean {
  return /^iam:passrole$/i.test(grant.action);
}
