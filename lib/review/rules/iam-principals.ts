import type { Severity } from '../finding';
import type { Grant } from '../iam/grant';
import { grantChanges, type NewGrant } from '../iam/grant-changes';
import { isBound, relation } from '../iam/risk';
import { grouped, holderName } from './grants';
import type { Rule } from './rule';

/** Another principal may use a resource or assume a role. */
export const iamPrincipals: Rule = {
  name: 'iam-principals',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A role’s trust or a resource’s policy lets in everybody, another account, a federation or a service.',
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
        return `${holderName(grant)} newly admits ${who} (${relation(grant.principal)}) to ${described}.`;
      },
      why: (grants) => consequence(grants[0]!),
      fix: 'Name the one role that needs it. Where it must be a service or another account, add a condition: `aws:SourceArn`, `aws:SourceAccount`, `aws:PrincipalOrgID`, or an external id.',
    }));
  },
};

/** AWS's own accounts write load balancers' logs, in regions older than their service principal. */
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
        : 'Anybody may use it, with an AWS account or without one.';
    case 'another account':
      return 'The administrators of that account decide from then on who gets in here.';
    case 'federated':
      return 'Everybody who may sign in over there gets in here.';
    case 'this account':
      return 'Every role of this account gets in whose own policy allows it.';
    case 'service':
      return isBound(grant)
        ? 'The service acts for the source that the condition names.'
        : 'The service acts for every account that uses it.';
    case 'one of ours':
      return 'The principal is one of the application’s own.';
  }
}
