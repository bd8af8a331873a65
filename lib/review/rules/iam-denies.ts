import { grantChanges } from '../iam/grant-changes';
import { grouped, holderName } from './grants';
import type { Rule } from './rule';

/** Finds removed or narrowed Deny statements. */
export const iamDenies: Rule = {
  name: 'iam-denies',
  severities: ['danger', 'caution'],
  summary: 'A policy no longer denies something, such as access without TLS.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html',
  coversResources: true,
  judge(comparison) {
    const found = grantChanges(comparison).undenied.map((grant) => ({
      grant,
      severity: grant.conditions.some(({ key }) => /securetransport|tlsversion/i.test(key))
        ? ('danger' as const)
        : ('caution' as const),
    }));
    return grouped(found, (severity) => ({
      what: (described, grants) => `${holderName(grants[0]!)} no longer denies ${described}.`,
      why:
        severity === 'danger'
          ? 'Data may then travel unencrypted.'
          : 'Anything that another policy allows is then allowed.',
      fix: 'Keep the Deny statement. If it blocks a valid request, narrow it with a condition.',
    }));
  },
};
