import type { Severity } from '../finding';
import type { Grant } from '../iam/grant';
import { grantChanges, type NewGrant } from '../iam/grant-changes';
import { isBound, relation } from '../iam/risk';
import { grouped, holderName } from './grants';
import type { Rule } from './rule';

/** Somebody else may use a resource or take a role. */
export const iamPrincipals: Rule = {
  name: 'iam-principals',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A role’s trust or a resource’s policy lets in everybody, another account, a federation or a service.',
  judge(comparison) {
    const found = grantChanges(comparison).allowed.flatMap((allowed) => {
      const { grant, conditional } = allowed;
      if (grant.kind === 'identity' || conditional) return [];
      const severity = weigh(allowed);
      return severity ? [{ grant, severity }] : [];
    });
    return grouped(found, () => ({
      message: (what, grants) => {
        const [grant] = grants as [Grant];
        const who = grant.principal.replace(/^(AWS|Service|Federated|CanonicalUser) /, '');
        return `${holderName(grant)} newly admits ${who} (${relation(grant.principal)}) to ${what}. ${consequence(grant)}`;
      },
      advice:
        'Name the one role that needs it. Where it must be a service or another account, add a condition: `aws:SourceArn`, `aws:SourceAccount`, `aws:PrincipalOrgID`, or an external id.',
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
        ? 'Only its condition stands between it and the world.'
        : 'That is anybody with an AWS account, or without one.';
    case 'another account':
      return 'Who administers that account decides from then on who gets in here.';
    case 'federated':
      return 'Who may sign in over there gets in here.';
    case 'this account':
      return 'Every role of this account whose own policy allows it gets in.';
    case 'service':
      return isBound(grant)
        ? 'The service acts for what its condition names.'
        : 'The service acts for whoever uses it.';
    case 'one of ours':
      return 'It is one of the application’s own.';
  }
}
