import type { Severity } from '../finding';
import type { Grant } from '../iam/grant';
import { grantChanges, type NewGrant } from '../iam/grant-changes';
import { describeGrant, isBound, relation } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** Finds permissions whose conditions are removed or weakened. */
export const iamConditions: Rule = {
  name: 'iam-conditions',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A permission, a trust policy or a resource policy loses a condition, or the condition becomes weaker.',
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
            ? 'The condition names another source, which is as narrow as the former one.'
            : 'Requests that the condition excluded are now allowed.',
        fix: 'Keep the condition. If it is wrong, replace it with one that names the right source.',
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
