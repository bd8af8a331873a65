import { grantChanges } from '../iam/grant-changes';
import { isEverything } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** A role may lend another role's permissions to a service. */
export const iamPassRole: Rule = {
  name: 'iam-pass-role',
  severities: ['danger', 'caution'],
  summary: 'A role may newly pass roles (`iam:PassRole`): every role, or one.',
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
      what: (described, grants) => `${holderName(grants[0]!)} may newly: ${described}.`,
      why: `A principal that may pass a role may do all that the role may, by starting something with it.${severity === 'danger' ? ' Here that is every role of the account, an administrator’s included.' : ''}`,
      fix: 'Name the one role it passes as the resource, and the service it passes it to in the condition `iam:PassedToService`.',
    }));
  },
};
