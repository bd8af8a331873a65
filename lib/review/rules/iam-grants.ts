import type { ResourceChange } from '../change';
import { grantChanges } from '../iam/grant-changes';
import { escalates, wildcard } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** Types that are nothing but a policy. */
const POLICIES =
  /^AWS::(IAM::(Policy|RolePolicy|UserPolicy|GroupPolicy)|Lambda::Permission|Lambda::LayerVersionPermission|Events::EventBusPolicy|EC2::VPCEndpointServicePermissions|ACMPCA::Permission|S3::BucketPolicy|SQS::Queue(Inline)?Policy|SNS::Topic(Inline)?Policy|SecretsManager::ResourcePolicy)$/;

/** Matches the paths of policies that are written within another resource. */
const STATEMENTS =
  /(^|\.)Statement(\[|\.|$)|Polic\w+(\[[^\]]*\])?\.(Version|Id|Statement|PolicyName)$|AssumeRolePolicyDocument/;

/** A role that is there already may do more, within bounds. */
export const iamGrants: Rule = {
  name: 'iam-grants',
  severities: ['caution', 'note'],
  summary:
    'A role that is there already may newly do something to a resource that is named, or what it did to one resource to many.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  // The policies of a plan are compared as a whole, wherever they are written.
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
      what: (described, grants) => `${holderName(grants[0]!)} may newly: ${described}.`,
      why: 'Whoever takes over the program that runs with it may do so, too.',
      fix: 'Check that the program calls these.',
    }));
  },
};

/** Returns true if the property holds statements of IAM, and not those of another language for rules. */
function grants({ before, after }: ResourceChange, path: string): boolean {
  const [, top] = /^Properties\.([^.[]+)/.exec(path) ?? [];
  if (top === undefined) return false;
  return [before, after].some((one) => JSON.stringify(one?.Properties?.[top] ?? '').includes('"Effect"'));
}
