import { grantChanges } from '../iam/grant-changes';
import { isEverything } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** Finds roles that may newly pass roles to services. */
export const iamPassRole: Rule = {
  name: 'iam-pass-role',
  severities: ['danger', 'caution'],
  summary: 'A role may newly pass one role or every role to services (`iam:PassRole`).',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html',
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
      what: (described, grants) => `${holderName(grants[0]!)} gets the permission: ${described}.`,
      why: `A principal that may pass a role can get all permissions of that role, by starting a service with it.${severity === 'danger' ? ' Here, this includes every role of the account, even administrator roles.' : ''}`,
      fix: 'Name the one role as the resource, and the one service in the condition `iam:PassedToService`.',
    }));
  },
};
