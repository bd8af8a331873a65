import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isFile } from '../files/is-file';
import { readText } from '../files/read-text';
import { SecretStore } from '../secrets/secret-store';
import { judgeApprovals, type RegisteredPlan } from './approval-record';
import { type Assembly, openAssembly } from './assembly';
import { type Cdk, findCdk } from './cdk-cli';
import { digestOfTemplateText } from './change-sets';
import type { Override } from './deployment-record';
import type { DeliverySelection, EnvironmentDelivery } from './environment-delivery';
import { type DeploymentVerdict, judgeDeployment, type LiveStack } from './judge-deployment';
import { parsePlan, type StackRecord } from './plan-record';
import { ChangeSetPreparation } from './prepare-change-sets';
import { fileVersions, imageDigest } from './published-assets';
import { RefusedError } from './refused';

/** The plan to deploy, and how. */
export interface DeployOptions extends DeliverySelection {
  /** Digest of a plan, or the folder that `framework53 plan` wrote. */
  readonly plan: string;
  readonly overrides: readonly Override[];
  readonly progress: (line: string) => void;
  /** @default - the CDK's command of the application's packages */
  readonly cdk?: Cdk;
  /** Milliseconds between two requests to CloudFormation. @default 3000 */
  readonly pollMs?: number;
}

/** A plan that may be deployed. */
export interface JudgedPlan {
  readonly plan: RegisteredPlan;
  readonly approvers: string[];
  /** The overrides that were needed. */
  readonly used: readonly Override[];
}

/** Returns the digest, or its beginning, from an argument. */
export const DIGEST = /^[0-9a-f]{8,64}$/;

/** A plan for a deployment, read and judged. */
export class DeploymentReading {
  /** Copy of the folder; absent if the plan was named by its digest. */
  assembly?: Assembly;
  private id?: string;
  private digest = '';
  /** Prepares the change sets that could not be prepared before. */
  readonly preparation: () => ChangeSetPreparation;

  constructor(
    private readonly delivery: EnvironmentDelivery,
    private readonly options: DeployOptions,
    private readonly scratch: string,
  ) {
    let made: ChangeSetPreparation | undefined;
    this.preparation = () => {
      made ??= new ChangeSetPreparation({
        // Without a folder, only read the prepared change sets.
        assembly: this.assembly ?? { directory: '', digest: this.digest, stacks: [], images: [] },
        session: delivery.session,
        cdk: (args, variables) =>
          (options.cdk ?? findCdk(delivery.application, options.progress))(args, variables),
        name: `framework53-${this.digest.slice(0, 12)}-${Date.now().toString(36)}`,
        progress: options.progress,
        pollMs: options.pollMs,
      });
      return made;
    };
  }

  /**
   * Finds the folder or the digest in an argument. The folder is copied, so that it cannot change during the
   * deployment.
   */
  async open(): Promise<void> {
    const { plan } = this.options;
    const folder = resolve(plan);
    const assembly = join(folder, 'assembly');
    if (!existsSync(assembly)) {
      if (!DIGEST.test(plan))
        throw new RefusedError(`'${plan}' is not a plan`, [
          'give the digest of a plan (at least eight characters), or the folder that framework53 plan wrote',
        ]);
      this.digest = plan;
      return;
    }
    this.assembly = await openAssembly(assembly, join(this.scratch, 'a'), this.delivery.session.account);
    const file = join(folder, 'plan.json');
    const record = isFile(file) ? parsePlan(readText(file)) : undefined;
    // The folder only names the registration. The registration decides about the contents.
    this.digest = record?.digest ?? this.assembly.digest;
    this.id = record?.id;
  }

  /** @throws RefusedError with every reason against it */
  async judge(): Promise<JudgedPlan> {
    const { delivery, options } = this;
    const policy = await delivery.policy();
    const plan = await delivery.plan(this.digest, this.id);
    const { record } = plan;
    this.digest = record.digest;
    const before = await delivery.deployment(record.id);
    const stacks = await Promise.all(record.stacks.map((stack) => this.live(stack)));
    const images = await Promise.all(
      record.images.map(async (image) => ({
        tag: image.tag,
        digest: await imageDigest(delivery.session, image),
      })),
    );
    const approvals = judgeApprovals(
      plan,
      await delivery.approvals(record.digest),
      policy,
      delivery.session.clock.now(),
    );
    const { name, session, settings } = delivery;
    const verdict: DeploymentVerdict = judgeDeployment({
      plan,
      approvals,
      policy,
      now: session.clock.now(),
      environment: { name, account: session.account, region: settings.region },
      stacks,
      before,
      assembly: this.assembly,
      images,
      readiness: await this.readiness(record.stacks),
      overrides: options.overrides,
    });
    if (verdict.refusals.length > 0)
      throw new RefusedError(`plan ${record.digest.slice(0, 16)} cannot be deployed`, verdict.refusals);
    return { plan, approvers: approvals.counted.map(({ approver }) => approver), used: verdict.used };
  }

  /** Returns the present state of a plan's stack in CloudFormation. */
  async live(stack: StackRecord): Promise<LiveStack> {
    const { session } = this.delivery;
    const stacks = this.preparation().in(stack.region);
    const found = await stacks.stack(stack.name);
    const id = stack.changeSet === 'none' ? undefined : stack.changeSet;
    const changeSet = id === undefined ? undefined : await stacks.changeSet(stack.name, id);
    const text =
      changeSet?.status === 'ready'
        ? await stacks.changeSetTemplate(stack.name, changeSet.id)
        : this.assembly?.stacks.find(({ name }) => name === stack.name)?.text;
    return {
      stack,
      status: found?.StackStatus,
      deployed: await stacks.deployedTemplate(stack.name),
      executed: found?.ChangeSetId,
      changeSet,
      ...(changeSet?.status === 'ready' && { prepared: digestOfTemplateText(text!) }),
      files: text === undefined ? stack.files : await fileVersions(session, stack.region, text),
    };
  }

  /** Returns the missing prerequisites of any release. A secret of a new stack is created with that stack. */
  private async readiness(stacks: readonly StackRecord[]): Promise<string[]> {
    if (stacks.some(({ base }) => base === undefined)) return [];
    const { environment, application, session } = this.delivery;
    const entries = await session.use(() => new SecretStore({ environment, application }).list());
    return entries
      .filter(({ state }) => state === 'unset')
      .map(
        ({ name }) => `the secret ${name} has no value: framework53 secrets set ${name} --env ${environment}`,
      );
  }
}
