import { grantChanges } from '../iam/grant-changes';
import { isEverything } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** A role may lend another role's permissions to a service. */
export const iamPassRole: Rule = {
  name: 'iam-pass-role',
  severities: ['danger', 'caution'],
  summary: 'A role may newly pass roles (`iam:PassRole`): on all roles, or on one.',
  judge(comparison) {
    const found = grantChanges(comparison)
      .allowed.filter((allowed) => isPassRole(allowed) && !allowed.conditional)
      .map(({ grant }) => ({
        grant,
        severity:
          isEverything(grant.resource) || /[*]/.test(grant.resource)
            ? ('danger' as const)
            : ('caution' as const),
      }));
    return grouped(found, (severity) => ({
      message: (what, grants) =>
        `${holderName(grants[0]!)} may newly: ${what}. Who may pass a role has what that role may, by starting something with it${severity === 'danger' ? '; here that is every role of the account, an administrator’s included' : ''}.`,
      advice:
        'Name the one role it passes as the resource, and the service it passes it to in the condition `iam:PassedToService`.',
    }));
  },
};
