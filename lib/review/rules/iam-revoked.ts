import type { Severity } from '../finding';
import { grantChanges, type RevokedGrant } from '../iam/grant-changes';
import { relation } from '../iam/risk';
import { grouped, holderName } from './grants';
import type { Rule } from './rule';

/** A program or another account that may do something today is refused tomorrow. */
export const iamRevoked: Rule = {
  name: 'iam-revoked',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A role that stays loses a permission, or a resource that stays no longer lets somebody in: a policy is removed or narrowed.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
  speaksOfResources: true,
  judge(comparison) {
    const found = grantChanges(comparison).revoked.map((revoked) => ({
      grant: revoked.grant,
      severity: severity(revoked),
    }));
    return grouped(found, (level) => ({
      what: (described, grants) => {
        const { kind, principal } = grants[0]!;
        const who = kind === 'identity' ? '' : ` for ${principal.replace(/^(AWS|Service|Federated) /, '')}`;
        return `${holderName(grants[0]!)} no longer allows${who}: ${described}.`;
      },
      why:
        level === 'caution'
          ? 'A program that still asks for it is refused as soon as the policy is gone.'
          : 'Less is allowed than before. A program that still asks for it is refused.',
      fix: 'Check in CloudTrail, or with IAM’s last-accessed information, that nothing has used it.',
    }));
  },
};

function severity({ grant, withItsSource, narrowed, isLast }: RevokedGrant): Severity {
  // A key that its account may not administer stays as it is, for good.
  if (/^kms:\*$/i.test(grant.action) && /:root$|^AWS \d{12}$/.test(grant.principal)) return 'danger';
  if (narrowed || relation(grant.principal) === 'everybody') return 'note';
  return withItsSource || isLast || grant.kind !== 'identity' ? 'caution' : 'note';
}
