import type { DeliveryPolicy } from '../../constructs/delivery-roles';
import { isWrittenBy, type JudgedApprovals, type RegisteredPlan } from './approval-record';
import type { Assembly } from './assembly';
import type { ChangeSet } from './change-sets';
import type { DeploymentRecord, Override } from './deployment-record';
import { missingEvidence } from './evidence';
import { describeWindow, openWindows } from './freeze';
import { digestOfRecord, type StackRecord } from './plan-record';

/** A stack of a plan, as CloudFormation has it now. */
export interface LiveStack {
  readonly stack: StackRecord;
  /** Absent for a stack that is not there. */
  readonly status?: string;
  /** Digest of the deployed template; absent for a stack that was never deployed. */
  readonly deployed?: string;
  /** The change set that was executed last. */
  readonly executed?: string;
  /** The prepared change set; absent where it is gone. */
  readonly changeSet?: ChangeSet;
  /** Digest of the template in the prepared change set. */
  readonly prepared?: string;
  /** Digest of the versions of its files now. */
  readonly files?: string;
}

/** All that decides whether a plan is deployed. */
export interface DeploymentCase {
  readonly plan: RegisteredPlan;
  readonly approvals: JudgedApprovals;
  readonly policy: DeliveryPolicy;
  /** AWS's time. */
  readonly now: Date;
  readonly environment: { readonly name: string; readonly account: string; readonly region: string };
  readonly stacks: readonly LiveStack[];
  /** The deployment of this registration that was recorded before. */
  readonly before?: DeploymentRecord;
  /** The folder that is deployed; absent if the plan was named by its digest. */
  readonly assembly?: Pick<Assembly, 'digest' | 'stacks'>;
  /** Images, as the registry has them now. */
  readonly images: readonly { readonly tag: string; readonly digest?: string }[];
  /** The reasons why the environment itself cannot take a release. */
  readonly readiness: readonly string[];
  readonly overrides: readonly Override[];
}

export interface DeploymentVerdict {
  /** Every reason against it; none if it may go on. */
  readonly refusals: readonly string[];
  /** The overrides that were needed. */
  readonly used: readonly Override[];
}

/** Judges a deployment: every reason against it at once. */
export function judgeDeployment(given: DeploymentCase): DeploymentVerdict {
  const { plan, policy, overrides } = given;
  const forbidden = overrides
    .filter(({ what }) => !policy.overrides.includes(what))
    .map(({ what }) => `the rules of ${plan.record.name} let nobody override ${what} (delivery.overrides)`);
  const consent = consentProblems(given);
  const frozen = openWindows(policy.freeze, given.now).map(
    (window) => `nothing is deployed now: ${describeWindow(window)}`,
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
    if (planned !== here) problems.push(`the plan is for ${what} ${planned}, this is ${here}`);
  };
  differ('the environment', record.name, environment.name);
  differ('account', record.account, environment.account);
  differ('region', record.region, environment.region);
  if (before?.state === 'succeeded')
    problems.push('this plan was deployed before; to deploy the same again, register it again');
  if (before && before.record !== digestOfRecord(record))
    problems.push('a deployment of this registration began with other contents; plan again');
  return problems;
}

function contentProblems({ plan, assembly, images }: DeploymentCase): string[] {
  const { record } = plan;
  const problems: string[] = [];
  if (assembly && assembly.digest !== record.digest)
    problems.push(
      `the folder has the digest ${assembly.digest.slice(0, 16)}, the plan ${record.digest.slice(0, 16)}: a file was changed since it was planned`,
    );
  if (assembly && listed(assembly.stacks) !== listed(record.stacks))
    problems.push('the folder has other stacks or templates than the plan');
  for (const { tag, digest } of record.images) {
    const now = images.find((image) => image.tag === tag)?.digest;
    if (now !== digest)
      problems.push(`the image ${tag} is ${now ?? 'gone from the registry'}, the plan says ${digest}`);
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
      `the plan was registered by ${stored.writer}, which is neither the planner's nor the deployer's role: nobody can tell whether an approver made it`,
    );
  if (record.author.name !== own || !authors.includes(record.author.name))
    problems.push(`the plan says that it is of ${record.author.name}, the Parameter Store of ${own}`);
  return problems;
}

function stackProblems(live: LiveStack, { before, assembly }: DeploymentCase): string[] {
  const { stack, status, deployed, changeSet, prepared, files } = live;
  const { name } = stack;
  const resumed = before !== undefined;
  if (status?.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS')
    return isOwn(live, before) ? [] : [`${name} is ${status}: another deployment is in flight`];
  if (status && /_FAILED$|^ROLLBACK_COMPLETE$/.test(status))
    return [`${name} is ${status}; bring it into order first (aws cloudformation describe-stack-events)`];
  if (resumed && deployed === stack.template) return [];
  if (deployed !== stack.base)
    return [`${name} was deployed by somebody else since the plan was made; plan again`];
  if (stack.changeSet === 'none') return [];
  if (prepared !== undefined && prepared !== stack.template)
    return [`the change set of ${name} has another template than the plan`];
  if (files !== stack.files)
    return [
      `a file of ${name} in the bootstrap bucket was written again since the plan was made; plan again`,
    ];
  if (stack.changeSet === undefined || changeSet?.status === 'failed' || (resumed && !changeSet))
    return assembly
      ? []
      : [`${name} has no change set yet; give the folder of the plan instead of its digest`];
  if (changeSet?.id !== stack.changeSet || changeSet.status !== 'ready')
    return [
      `the change set of ${name} that was approved is ${changeSet ? `${changeSet.status}` : 'gone'}; plan again`,
    ];
  return [];
}

/** Returns true if CloudFormation executes the change set of this plan. */
function isOwn({ stack, executed }: LiveStack, before: DeploymentRecord | undefined): boolean {
  if (!before || executed === undefined) return false;
  return executed === stack.changeSet || executed === before.made[stack.name];
}
