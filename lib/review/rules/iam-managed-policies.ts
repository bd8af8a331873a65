import type { ResourceChange } from '../change';
import type { Severity } from '../finding';
import { plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';

const TYPES =
  /^AWS::(IAM::(Role|User|Group)|SSO::PermissionSet|RolesAnywhere::Profile|EKS::AccessEntry|IAM::InstanceProfile|Chatbot::\w+Configuration)$/;
const LISTS = [
  'ManagedPolicyArns',
  'ManagedPolicies',
  'AccessPolicies',
  'KubernetesGroups',
  'GuardrailPolicies',
  'Groups',
];

/** Finds changes of managed policies, administrator groups and permissions boundaries. */
export const iamManagedPolicies: Rule = {
  name: 'iam-managed-policies',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A managed policy or an administrator group is attached or detached, or a permissions boundary is removed.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html',
  judges: ({ resourceType }, { path }) =>
    TYPES.test(resourceType) &&
    [...LISTS, 'PermissionsBoundary'].some((name) => path.startsWith(`Properties.${name}`)),
  judge({ resources }) {
    return resources.flatMap((change) =>
      TYPES.test(change.resourceType) && change.after
        ? [...attached(change), ...detached(change), ...unbounded(change)]
        : [],
    );
  },
};

function policiesOf(resource: ResourceChange['before'], name: string): string[] {
  return ([resource?.Properties?.[name] ?? []].flat() as unknown[]).map(plain);
}

const shortName = (policy: string): string => policy.slice(policy.lastIndexOf('/') + 1);

function attached(change: ResourceChange): Observation[] {
  return LISTS.flatMap((name) => {
    const before = policiesOf(change.before, name);
    return policiesOf(change.after, name)
      .filter((policy) => !before.includes(policy) && (change.before || weigh(policy) !== 'note'))
      .map((policy) => {
        const severity = weigh(policy);
        return observe(change, {
          severity,
          property: `Properties.${name}`,
          what: `${change.logicalId} newly has ${shortName(policy)}.`,
          why:
            severity === 'danger'
              ? 'An attacker who takes over a program with this role controls the account or the cluster.'
              : 'AWS maintains this policy, and can add permissions without a change in this plan.',
          fix: 'Write a policy with only the needed actions and resources, and attach that policy.',
        });
      });
  });
}

function detached(change: ResourceChange): Observation[] {
  if (!change.before) return [];
  return LISTS.flatMap((name) => {
    const after = policiesOf(change.after, name);
    const lost = policiesOf(change.before, name).filter((policy) => !after.includes(policy));
    if (lost.length === 0) return [];
    return observe(change, {
      severity: 'caution',
      property: `Properties.${name}`,
      what: `${change.logicalId} no longer has ${lost.map(shortName).join(', ')}.`,
      why: 'Programs that need these permissions are refused, unless another policy allows the same.',
      fix: 'Check in CloudTrail, or with IAM’s last-accessed information, which of these permissions are used.',
    });
  });
}

function weigh(policy: string): Severity {
  if (
    /(AdministratorAccess|PowerUserAccess|IAMFullAccess|SystemAdministrator|DatabaseAdministrator|ClusterAdmin|system:masters)/.test(
      policy,
    )
  )
    return 'danger';
  return /FullAccess|ReadWrite|ReadOnlyAccess$|Admin|admin/.test(policy) ? 'caution' : 'note';
}

function unbounded(change: ResourceChange): Observation[] {
  const [before, after] = [change.before, change.after].map(
    (resource) => resource?.Properties?.['PermissionsBoundary'],
  );
  if (before === undefined || plain(before) === plain(after)) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'Properties.PermissionsBoundary',
      what: `Permissions boundary: ${show(before)} → ${show(after)}.`,
      why:
        after === undefined
          ? 'Nothing limits the permissions of its policies any more.'
          : 'Another boundary applies: it may allow more, or refuse calls that programs need.',
      fix: 'Keep the permissions boundary.',
      link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html',
    }),
  ];
}
