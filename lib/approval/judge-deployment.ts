import type { DeliveryPolicy } from '../../constructs/delivery-roles';
import { isWrittenBy, type JudgedApprovals, type RegisteredPlan } from './approval-record';
import type { Assembly } from './assembly';
import type { ChangeSet } from './change-sets';
import type { DeploymentRecord, Override } from './deployment-record';
import { missingEvidence } from './evidence';
import { describeWindow, openWindows } from './freeze';
import { digestOfRecord, type StackRecord } from './plan-record';

/** The present state of a plan's stack in CloudFormation. */
export interface LiveStack {
  readonly stack: StackRecord;
  /** Absent for a stack that does not exist. */
  readonly status?: string;
  /** Digest of the deployed template; absent for a stack that was never deployed. */
  readonly deployed?: string;
  /** The last executed change set. */
  readonly executed?: string;
  /** The prepared change set; absent if it no longer exists. */
  readonly changeSet?: ChangeSet;
  /** Digest of the template in the prepared change set. */
  readonly prepared?: string;
  /** Digest of the present versions of its files. */
  readonly files?: string;
}

/** The facts that decide about a deployment. */
export interface DeploymentCase {
  readonly plan: RegisteredPlan;
  readonly approvals: JudgedApprovals;
  readonly policy: DeliveryPolicy;
  /** The time of AWS. */
  readonly now: Date;
  readonly environment: { readonly name: string; readonly account: string; readonly region: string };
  readonly stacks: readonly LiveStack[];
  /** The earlier recorded deployment of this registration. */
  readonly before?: DeploymentRecord;
  /** The deployed folder; absent if the plan was named by its digest. */
  readonly assembly?: Pick<Assembly, 'digest' | 'stacks'>;
  /** The present images in the registry. */
  readonly images: readonly { readonly tag: string; readonly digest?: string }[];
  /** The reasons why the environment cannot take any release. */
  readonly readiness: readonly string[];
  readonly overrides: readonly Override[];
}

export interface DeploymentVerdict {
  /** Every reason against the deployment; none if it may proceed. */
  readonly refusals: readonly string[];
  /** The overrides that were needed. */
  readonly used: readonly Override[];
}

/** Judges a deployment: every reason against it at once. */
export function judgeDeployment(given: DeploymentCase): DeploymentVerdict {
  const { plan, policy, overrides } = given;
  const forbidden = overrides
    .filter(({ what }) => !policy.overrides.includes(what))
    .map(
      ({ what }) => `the rules of ${plan.record.name} do not allow overriding ${what} (delivery.overrides)`,
    );
  const consent = consentProblems(given);
  const frozen = openWindows(policy.freeze, given.now).map(
    (window) => `deployments are frozen: ${describeWindow(window)}`,
  );
  const may = (what: Override['what']) =>
    policy.overrides.includes(what) ? overrides.find((override) => override.what === what) : undefined;
  const approval = consent.length > 0 ? may('approval') : undefined;
  const freeze = frozen.length > 0 ? may('freeze') : undefined;
  return {
    refusals: [
      ...forbidden,
      ...identityProblems(given),
      ...contentProblems(given),
      ...evidenceProblems(given),
      ...(approval ? [] : consent),
      ...(freeze ? [] : frozen),
      ...given.stacks.flatMap((live) => stackProblems(live, given)),
      ...given.readiness,
    ],
    used: [approval, freeze].filter((override) => override !== undefined),
  };
}

function identityProblems({ plan, environment, before }: DeploymentCase): string[] {
  const { record } = plan;
  const problems: string[] = [];
  const differ = (what: string, planned: string, here: string) => {
    if (planned !== here) problems.push(`the plan is for ${what} ${planned}, but this is ${here}`);
  };
  differ('the environment', record.name, environment.name);
  differ('account', record.account, environment.account);
  differ('region', record.region, environment.region);
  if (before?.state === 'succeeded')
    problems.push('this plan has already been deployed; to deploy it again, register it again');
  if (before && before.record !== digestOfRecord(record))
    problems.push('an earlier deployment of this registration started with other contents; plan again');
  return problems;
}

function contentProblems({ plan, assembly, images }: DeploymentCase): string[] {
  const { record } = plan;
  const problems: string[] = [];
  if (assembly && assembly.digest !== record.digest)
    problems.push(
      `the folder has the digest ${assembly.digest.slice(0, 16)}, but the plan ${record.digest.slice(0, 16)}: a file has changed since`,
    );
  if (assembly && listed(assembly.stacks) !== listed(record.stacks))
    problems.push('the folder has other stacks or templates than the plan');
  for (const { tag, digest } of record.images) {
    const now = images.find((image) => image.tag === tag)?.digest;
    if (now !== digest)
      problems.push(`the image ${tag} is ${now ?? 'missing in the registry'}, but the plan has ${digest}`);
  }
  return problems;
}

const listed = (stacks: readonly Pick<StackRecord, 'name' | 'region' | 'template'>[]) =>
  stacks.map(({ name, region, template }) => `${name} ${region} ${template}`).join('\n');

function evidenceProblems({ plan, policy }: DeploymentCase): string[] {
  const { digest, evidence } = plan.record;
  return missingEvidence(policy.evidence, digest, evidence);
}

function consentProblems({ plan, approvals, policy }: DeploymentCase): string[] {
  const { record, stored, authors } = plan;
  if (policy.approvals === 0) return [];
  const problems: string[] = [];
  const missing = policy.approvals - approvals.counted.length;
  if (missing > 0)
    problems.push(
      `${approvals.counted.length} of ${policy.approvals} approvals: framework53 approve --plan ${record.digest.slice(0, 16)}`,
      ...approvals.dismissed,
    );
  const own = stored.name.split('/').at(-1);
  if (policy.fourEyes && !isWrittenBy(stored, record.name, policy, ['planner', 'deployer']))
    problems.push(
      `the plan was registered by ${stored.writer}, which has neither the planner's nor the deployer's role, so an approver may have made it`,
    );
  if (record.author.name !== own || !authors.includes(record.author.name))
    problems.push(`the plan names ${record.author.name} as its author, but the Parameter Store names ${own}`);
  return problems;
}

function stackProblems(live: LiveStack, { before, assembly }: DeploymentCase): string[] {
  const { stack, status, deployed, changeSet, prepared, files } = live;
  const { name } = stack;
  const resumed = before !== undefined;
  if (status?.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS')
    return isOwn(live, before) ? [] : [`${name} is ${status}: another deployment is in progress`];
  if (status && /_FAILED$|^ROLLBACK_COMPLETE$/.test(status))
    return [`${name} is ${status}; repair the stack first (aws cloudformation describe-stack-events)`];
  if (resumed && deployed === stack.template) return [];
  if (deployed !== stack.base)
    return [`${name} has been deployed by another process since the plan was made; plan again`];
  if (stack.changeSet === 'none') return [];
  if (prepared !== undefined && prepared !== stack.template)
    return [`the change set of ${name} has another template than the plan`];
  if (files !== stack.files)
    return [
      `a file of ${name} in the bootstrap bucket has been overwritten since the plan was made; plan again`,
    ];
  if (stack.changeSet === undefined || changeSet?.status === 'failed' || (resumed && !changeSet))
    return assembly
      ? []
      : [`${name} has no change set yet; give the folder of the plan instead of its digest`];
  if (changeSet?.id !== stack.changeSet || changeSet.status !== 'ready')
    return [
      `the approved change set of ${name} is ${changeSet ? `${changeSet.status}` : 'deleted'}; plan again`,
    ];
  return [];
}

/** Returns true if CloudFormation is executing the change set of this plan. */
function isOwn({ stack, executed }: LiveStack, before: DeploymentRecord | undefined): boolean {
  if (!before || executed === undefined) return false;
  return executed === stack.changeSet || executed === before.made[stack.name];
}
