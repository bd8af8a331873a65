import { grantChanges } from '../iam/grant-changes';
import { escalates, wildcard } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** What else a role may newly do. */
export const iamGrants: Rule = {
  name: 'iam-grants',
  severities: ['note'],
  summary: 'A role that is there already may newly do something to something that is named.',
  judge(comparison) {
    const found = grantChanges(comparison).allowed.flatMap((allowed) => {
      const { grant, conditional, holderIsNew } = allowed;
      const others = grant.kind !== 'identity' || conditional || holderIsNew || isPassRole(allowed);
      if (others || escalates(grant) || wildcard(grant)) return [];
      return [{ grant, severity: 'note' as const }];
    });
    return grouped(found, () => ({
      message: (what, grants) => `${holderName(grants[0]!)} may newly: ${what}.`,
      advice: 'Check that what runs with it calls these.',
    }));
  },
};
