import type { Severity } from '../finding';
import { grantChanges, type RevokedGrant } from '../iam/grant-changes';
import { relation } from '../iam/risk';
import { grouped, holderName } from './grants';
import type { Rule } from './rule';

/** Finds permissions that an existing program or account loses. */
export const iamRevoked: Rule = {
  name: 'iam-revoked',
  severities: ['danger', 'caution', 'note'],
  summary:
    'An existing role loses a permission, or an existing resource no longer allows a principal: a policy is removed or narrowed.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
  coversResources: true,
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
          ? 'Programs that still need this permission are refused as soon as the policy is removed.'
          : 'The permission is narrower than before. Programs that still need the rest are refused.',
      fix: 'Check in CloudTrail, or with IAM’s last-accessed information, that nothing uses it.',
    }));
  },
};

function severity({ grant, withItsSource, narrowed, isLast }: RevokedGrant): Severity {
  // If its account may no longer administer a KMS key, nobody can ever change the key again.
  if (/^kms:\*$/i.test(grant.action) && /:root$|^AWS \d{12}$/.test(grant.principal)) return 'danger';
  if (narrowed || relation(grant.principal) === 'everybody') return 'note';
  return withItsSource || isLast || grant.kind !== 'identity' ? 'caution' : 'note';
}
