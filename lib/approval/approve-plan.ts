import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { environmentName } from '../../config';
import type { DeliveryPolicy } from '../../constructs/delivery-roles';
import { isFile } from '../files/is-file';
import { readText } from '../files/read-text';
import { git } from '../review/git';
import { digestOfPlan } from '../review/plan-digest';
import { readSides } from '../review/read-sides';
import type { Review } from '../review/review';
import { reviewSides } from '../review/review-sides';
import { withRevision } from '../review/synthesize-revision';
import type { Approval, RegisteredPlan } from './approval-record';

import { type DeliverySelection, EnvironmentDelivery } from './environment-delivery';
import { digestOfRecord, parsePlan } from './plan-record';
import { DIGEST } from './read-deployment';
import { DeliveryError, RefusedError } from './refused';

/** Number of approvals that are kept for one person. */
const KEPT = 20;

export interface ApproveOptions extends DeliverySelection {
  /** Digest of a plan, or the folder that `framework53 plan` wrote. */
  readonly plan: string;
  /** Hours for which the approval is valid. @default - as long as the rules allow */
  readonly hours?: number;
  readonly reason?: string;
  /** Trust the author's record of the plan, instead of synthesising the revision again. */
  readonly asRecorded: boolean;
  readonly progress: (line: string) => void;
}

/** A plan that a person is about to approve. */
export interface PlanInReview {
  readonly plan: RegisteredPlan;
  readonly policy: DeliveryPolicy;
  readonly hours: number;
  readonly approver: string;
  /** The review against the deployed stacks; absent if the record is trusted. */
  readonly review?: Review;
  /** How the digest was verified. */
  readonly verified: string;
  /** Writes the approval. */
  readonly approve: () => Promise<void>;
}

/**
 * Finds a plan and verifies its digest: from a given folder, or by synthesising the plan's revision in a worktree.
 * @throws RefusedError if the digest differs, or the person may not approve the plan
 */
export async function reviewPlan(options: ApproveOptions): Promise<PlanInReview> {
  const delivery = await EnvironmentDelivery.open(options, 'approve');
  const policy = await delivery.policy();
  const folder = resolve(options.plan);
  const directory = existsSync(join(folder, 'assembly')) ? folder : undefined;
  if (!directory && !DIGEST.test(options.plan))
    throw new RefusedError(`'${options.plan}' is not a plan`, [
      'give the digest of a plan (at least eight characters), or the folder that framework53 plan wrote',
    ]);
  const written = directory === undefined ? undefined : readFolder(directory);
  const plan = await delivery.plan(written?.digest ?? options.plan, written?.id);
  const { record } = plan;
  if (plan.stored.name.split('/').at(-1) === delivery.session.writer && policy.fourEyes)
    throw new RefusedError(`${delivery.session.writer} made this plan`, [
      'another person has to approve it (delivery.fourEyes)',
    ]);
  const verification = await verify(plan, directory, delivery, options);
  const hours = Math.min(options.hours ?? policy.approvalHours, policy.approvalHours);
  return {
    plan,
    policy,
    hours,
    approver: delivery.session.writer,
    ...verification,
    approve: async () => {
      const approval: Approval = {
        formatVersion: 1,
        name: record.name,
        plan: record.digest,
        record: digestOfRecord(record),
        hours,
        ...(options.reason !== undefined && { reason: options.reason.slice(0, 500) }),
      };
      const { store, parameters, session } = delivery;
      await store.write(
        parameters.approval(record.digest, session.writer),
        approval,
        `Approved by ${session.writer}`,
      );
      await delivery.prune(parameters.approvals, session.writer, KEPT).catch(() => undefined);
    },
  };
}

/** Revokes a person's approval. */
export async function revokeApproval(
  options: DeliverySelection & { readonly plan: string },
): Promise<{ digest: string; approver: string }> {
  const delivery = await EnvironmentDelivery.open(options, 'approve');
  const { record } = await delivery.plan(options.plan);
  await delivery.store.remove(delivery.parameters.approval(record.digest, delivery.session.writer));
  return { digest: record.digest, approver: delivery.session.writer };
}

function readFolder(directory: string): { digest: string; id?: string } {
  const file = join(directory, 'plan.json');
  const record = isFile(file) ? parsePlan(readText(file)) : undefined;
  return { digest: digestOfPlan(join(directory, 'assembly')), id: record?.id };
}

async function verify(
  { record }: RegisteredPlan,
  directory: string | undefined,
  delivery: EnvironmentDelivery,
  { asRecorded, progress }: ApproveOptions,
): Promise<Pick<PlanInReview, 'review' | 'verified'>> {
  const judged = async (head: string) => {
    const digest = digestOfPlan(head);
    if (digest !== record.digest)
      throw new RefusedError('the plan differs from its record', [
        `its sources give the digest ${digest.slice(0, 16)}, but the plan has ${record.digest.slice(0, 16)}`,
      ]);
    const { environment, application } = delivery;
    const sides = await delivery.session.use(() =>
      readSides({ environment, application, base: 'deployed', head, progress }),
    );
    return reviewSides({ ...sides, environment });
  };
  if (directory)
    return { review: await judged(join(directory, 'assembly')), verified: `the folder ${directory}` };
  if (asRecorded) return { verified: 'nobody; this is the record of its author' };
  const { revision } = record;
  const top = git(delivery.application, 'rev-parse', '--show-toplevel');
  if (!revision?.clean || top === undefined)
    throw new RefusedError('the plan cannot be verified here', [
      revision?.clean ? `${delivery.application} is in no git repository` : 'it contains uncommitted sources',
      'give its folder with --plan DIR, or trust the record of its author with --as-recorded',
    ]);
  const prefix = git(delivery.application, 'rev-parse', '--show-prefix') ?? '';
  if (git(top, 'cat-file', '-e', `${revision.commit}^{commit}`) === undefined)
    throw new DeliveryError(`this repository has no commit ${revision.commit}; run git fetch`);
  return withRevision(
    {
      revision: {
        repository: top,
        folder: prefix.replace(/\/$/, ''),
        commit: revision.commit,
        label: revision.commit.slice(0, 7),
      },
      environment: environmentName(delivery.environment),
      progress,
    },
    async (head) => {
      if (head === undefined)
        throw new DeliveryError(`commit ${revision.commit} has no application in ${prefix}`);
      return { review: await judged(head), verified: `commit ${revision.commit}, synthesised here` };
    },
  );
}
