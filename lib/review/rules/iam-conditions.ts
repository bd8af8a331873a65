import type { Severity } from '../finding';
import type { Grant } from '../iam/grant';
import { grantChanges, type NewGrant } from '../iam/grant-changes';
import { describeGrant, relation } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** A permission that held under conditions holds without them, or under weaker ones. */
export const iamConditions: Rule = {
  name: 'iam-conditions',
  severities: ['danger', 'caution'],
  summary: 'A permission, a trust or a resource’s policy loses a condition, or the condition gets weaker.',
  judge(comparison) {
    const dropped = grantChanges(comparison).allowed.filter(({ conditional }) => conditional);
    const before = new Map<Grant, Grant>(dropped.map(({ grant, conditional }) => [grant, conditional!]));
    return grouped(
      dropped.map((allowed) => ({ grant: allowed.grant, severity: severity(allowed) })),
      () => ({
        message: (what, grants) =>
          `${holderName(grants[0]!)}: ${describeGrant(before.get(grants[0]!)!)} → ${what}. What the condition kept out now gets in.`,
        advice: 'Keep the condition. If it is wrong, replace it by one that names what is meant.',
      }),
    );
  },
};

function severity(allowed: NewGrant): Severity {
  const { grant } = allowed;
  if (grant.kind === 'identity') return isPassRole(allowed) ? 'danger' : 'caution';
  return ['service', 'one of ours'].includes(relation(grant.principal)) ? 'caution' : 'danger';
}
