import type { Severity } from '../finding';
import type { Grant } from '../iam/grant';
import { grantChanges, type NewGrant } from '../iam/grant-changes';
import { isBound, relation } from '../iam/risk';
import { grouped, holderName } from './grants';
import type { Rule } from './rule';

/** Finds principals that may newly use a resource or assume a role. */
export const iamPrincipals: Rule = {
  name: 'iam-principals',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A trust policy or a resource policy newly allows everybody, another account, an identity provider or a service.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  judge(comparison) {
    const found = grantChanges(comparison).allowed.flatMap((allowed) => {
      const { grant, conditional } = allowed;
      if (grant.kind === 'identity' || conditional) return [];
      const severity = weigh(allowed);
      return severity ? [{ grant, severity }] : [];
    });
    return grouped(found, () => ({
      what: (described, grants) => {
        const [grant] = grants as [Grant];
        const who = grant.principal.replace(/^(AWS|Service|Federated|CanonicalUser) /, '');
        return `${holderName(grant)} newly allows ${who} (${relation(grant.principal)}): ${described}.`;
      },
      why: (grants) => consequence(grants[0]!),
      fix: 'Name the one role that needs access. For a service or another account, add a condition: `aws:SourceArn`, `aws:SourceAccount`, `aws:PrincipalOrgID`, or an external id.',
    }));
  },
};

/** Returns true if the grant lets AWS's own accounts write load balancer logs, as older regions need. */
function isLogDelivery({ action, resource }: Grant): boolean {
  return action === 's3:PutObject' && resource.includes('/AWSLogs/');
}

function weigh({ grant, holderIsNew }: NewGrant): Severity | undefined {
  const bound = isBound(grant);
  switch (relation(grant.principal)) {
    case 'everybody':
      return bound ? 'caution' : 'danger';
    case 'another account':
      return isLogDelivery(grant) ? 'note' : 'danger';
    case 'federated':
      return bound ? 'caution' : 'danger';
    case 'this account':
      return holderIsNew ? undefined : 'caution';
    case 'service':
      return holderIsNew ? undefined : 'note';
    case 'one of ours':
      return holderIsNew ? undefined : 'note';
  }
}

function consequence(grant: Grant): string {
  switch (relation(grant.principal)) {
    case 'everybody':
      return isBound(grant)
        ? 'Only the condition keeps everybody else out.'
        : 'Anybody may use it, with or without an AWS account.';
    case 'another account':
      return 'The administrators of that account then decide who gets access.';
    case 'federated':
      return 'Everybody who can sign in at that identity provider gets access.';
    case 'this account':
      return 'Every role of this account whose own policy allows the action gets access.';
    case 'service':
      return isBound(grant)
        ? 'The service acts for the source that the condition names.'
        : 'The service can act for every account that uses it.';
    case 'one of ours':
      return 'The principal belongs to this application.';
  }
}
