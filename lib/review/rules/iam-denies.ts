import { grantChanges } from '../iam/grant-changes';
import { grouped, holderName } from './grants';
import type { Rule } from './rule';

/** What was refused whatever else is allowed no longer is. */
export const iamDenies: Rule = {
  name: 'iam-denies',
  severities: ['danger', 'caution'],
  summary: 'A policy no longer denies something, such as access without TLS.',
  judge(comparison) {
    const found = grantChanges(comparison).undenied.map((grant) => ({
      grant,
      severity: grant.conditions.some(({ key }) => /securetransport|tlsversion/i.test(key))
        ? ('danger' as const)
        : ('caution' as const),
    }));
    return grouped(found, (severity) => ({
      message: (what, grants) =>
        `${holderName(grants[0]!)} no longer denies ${what}. ${
          severity === 'danger'
            ? 'Data may then travel unencrypted.'
            : 'Whatever any other policy allows is allowed from then on.'
        }`,
      advice: 'Keep the Deny statement; narrow it with a condition if it is in the way of something.',
    }));
  },
};
