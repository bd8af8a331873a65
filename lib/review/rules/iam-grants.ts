import type { ResourceChange } from '../change';
import { grantChanges } from '../iam/grant-changes';
import { escalates, wildcard } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** Resource types that consist only of a policy. */
const POLICIES =
  /^AWS::(IAM::(Policy|RolePolicy|UserPolicy|GroupPolicy)|Lambda::Permission|Lambda::LayerVersionPermission|Events::EventBusPolicy|EC2::VPCEndpointServicePermissions|ACMPCA::Permission|S3::BucketPolicy|SQS::Queue(Inline)?Policy|SNS::Topic(Inline)?Policy|SecretsManager::ResourcePolicy)$/;

/** Matches the paths of inline policies in other resources. */
const STATEMENTS =
  /(^|\.)Statement(\[|\.|$)|Polic\w+(\[[^\]]*\])?\.(Version|Id|Statement|PolicyName)$|AssumeRolePolicyDocument/;

/** Finds new permissions of existing roles that are not wildcards. */
export const iamGrants: Rule = {
  name: 'iam-grants',
  severities: ['caution', 'note'],
  summary: 'An existing role gets a new permission for a named resource, or a permission for more resources.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  // Other rules compare the policies of a plan as a whole, wherever they are defined.
  judges: (change, { path }) =>
    POLICIES.test(change.resourceType) || (STATEMENTS.test(path) && grants(change, path)),
  judge(comparison) {
    const found = grantChanges(comparison).allowed.flatMap((allowed) => {
      const { grant, conditional, holderIsNew, isWider } = allowed;
      const others = grant.kind !== 'identity' || conditional || holderIsNew || isPassRole(allowed);
      if (others || escalates(grant) || wildcard(grant)) return [];
      return [{ grant, severity: isWider ? ('caution' as const) : ('note' as const) }];
    });
    return grouped(found, () => ({
      what: (described, grants) => `${holderName(grants[0]!)} gets the permission: ${described}.`,
      why: 'An attacker who takes over a program with this role gets the same permissions.',
      fix: 'Check that the program calls these actions.',
    }));
  },
};

/** Returns true if the property contains IAM policy statements, rather than a policy in another language. */
function grants({ before, after }: ResourceChange, path: string): boolean {
  const [, top] = /^Properties\.([^.[]+)/.exec(path) ?? [];
  if (top === undefined) return false;
  return [before, after].some((one) => JSON.stringify(one?.Properties?.[top] ?? '').includes('"Effect"'));
}
