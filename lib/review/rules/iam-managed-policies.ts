import type { ResourceChange } from '../change';
import type { Severity } from '../finding';
import { plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';

const TYPES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group', 'AWS::SSO::PermissionSet'];
const LISTS = ['ManagedPolicyArns', 'ManagedPolicies'];

/** Policies of AWS's own go further than anyone means. */
export const iamManagedPolicies: Rule = {
  name: 'iam-managed-policies',
  severities: ['danger', 'caution', 'note'],
  summary: 'A managed policy is attached (an administrator’s above all), or a permissions boundary removed.',
  judge({ resources }) {
    return resources.flatMap((change) =>
      TYPES.includes(change.resourceType) && change.after ? [...attached(change), ...unbounded(change)] : [],
    );
  },
};

function attached(change: ResourceChange): Observation[] {
  return LISTS.flatMap((name) => {
    const list = (properties: ResourceChange['before']) =>
      ([properties?.Properties?.[name] ?? []].flat() as unknown[]).map(plain);
    const before = list(change.before);
    return list(change.after)
      .filter((policy) => !before.includes(policy) && (change.before || weigh(policy) !== 'note'))
      .map((policy) => {
        const severity = weigh(policy);
        const short = policy.slice(policy.lastIndexOf('/') + 1);
        return observe(change, {
          severity,
          property: `Properties.${name}`,
          message: `${change.logicalId} newly has the managed policy ${short}. ${
            severity === 'danger'
              ? 'Whoever takes over what runs with it owns the account.'
              : 'What it allows is decided elsewhere and can grow without a change here.'
          }`,
          advice: 'Write a policy of the actions and resources that are needed, and attach that.',
        });
      });
  });
}

function weigh(policy: string): Severity {
  if (
    /(AdministratorAccess|PowerUserAccess|IAMFullAccess|SystemAdministrator|DatabaseAdministrator)/.test(
      policy,
    )
  )
    return 'danger';
  return /FullAccess|ReadWrite|ReadOnlyAccess$|Admin/.test(policy) ? 'caution' : 'note';
}

function unbounded(change: ResourceChange): Observation[] {
  const before = change.before?.Properties?.['PermissionsBoundary'];
  if (before === undefined || change.after?.Properties?.['PermissionsBoundary'] !== undefined) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'Properties.PermissionsBoundary',
      message: `Permissions boundary: ${show(before)} → none. Whatever its policies say, or come to say, then holds without limit.`,
      advice: 'Keep the boundary.',
    }),
  ];
}
