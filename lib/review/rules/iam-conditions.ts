import type { Severity } from '../finding';
import type { Grant } from '../iam/grant';
import { grantChanges, type NewGrant } from '../iam/grant-changes';
import { describeGrant, isBound, relation } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** A permission that held under conditions holds without them, or under weaker ones. */
export const iamConditions: Rule = {
  name: 'iam-conditions',
  severities: ['danger', 'caution', 'note'],
  summary: 'A permission, a trust or a resource’s policy loses a condition, or the condition gets weaker.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html',
  judge(comparison) {
    const dropped = grantChanges(comparison).allowed.filter(({ conditional }) => conditional);
    const before = new Map<Grant, Grant>(dropped.map(({ grant, conditional }) => [grant, conditional!]));
    return grouped(
      dropped.map((allowed) => ({ grant: allowed.grant, severity: severity(allowed) })),
      (level) => ({
        what: (described, grants) =>
          `${holderName(grants[0]!)}: ${describeGrant(before.get(grants[0]!)!)} → ${described}.`,
        why:
          level === 'note'
            ? 'The condition names another source, as narrow as the former one.'
            : 'Requests that the condition kept out now get in.',
        fix: 'Keep the condition. If it is wrong, replace it by one that names the source that is meant.',
      }),
    );
  },
};

function severity(allowed: NewGrant): Severity {
  const { grant, conditional } = allowed;
  if (grant.kind === 'identity') return isPassRole(allowed) ? 'danger' : 'caution';
  if (!['service', 'one of ours'].includes(relation(grant.principal))) return 'danger';
  return isBound(grant) && keys(grant) === keys(conditional!) ? 'note' : 'caution';
}

function keys({ conditions }: Grant): string {
  return conditions
    .map(({ operator, key, values }) => `${operator} ${key} ${values.some((value) => value.includes('*'))}`)
    .sort()
    .join();
}
