import type { ReleaseEntry } from '../../constructs/release-record/entry';
import { ReleaseHistory } from '../../constructs/release-record/release-history';
import { inScratchFolder } from '../files/scratch-folder';
import type { RegisteredPlan } from './approval-record';
import { DeploymentLock } from './deployment-lock';
import type { DeploymentRecord } from './deployment-record';
import { EnvironmentDelivery } from './environment-delivery';
import { awaitStack, executeChangeSet } from './execute-stack';
import { digestOfRecord, type PlanRecord, type StackRecord } from './plan-record';
import { DeploymentReading, type DeployOptions } from './read-deployment';
import { DeliveryError } from './refused';

/** A completed deployment. */
export interface Deployed {
  readonly plan: RegisteredPlan;
  readonly deployment: DeploymentRecord;
  /** Runs further work in the session of the deployment. */
  readonly inSession: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Deploys a registered plan if the rules allow it.
 * @throws RefusedError with every reason against the deployment; nothing has changed then
 * @throws DeliveryError if the deployment failed; running it again resumes it
 */
export async function deployPlan(options: DeployOptions): Promise<Deployed> {
  const delivery = await EnvironmentDelivery.open(options, 'deploy', options.pollMs);
  return inScratchFolder('deploy', async (scratch) => {
    const reading = new DeploymentReading(delivery, options, scratch);
    await reading.open();
    return new PlanDeployment(delivery, options, reading).run();
  });
}

class PlanDeployment {
  constructor(
    private readonly delivery: EnvironmentDelivery,
    private readonly options: DeployOptions,
    private readonly reading: DeploymentReading,
  ) {}

  /** Acquires the lock, judges the present state again, and executes one stack after the other. */
  async run(): Promise<Deployed> {
    const { delivery, options } = this;
    const { clock } = delivery.session;
    const first = await this.reading.judge();
    const { record } = first.plan;
    const lock = new DeploymentLock(delivery.store, delivery.parameters.lock, {
      plan: record.digest,
      author: record.author.name,
      approvers: first.approvers,
    });
    await lock.acquire(() => clock.now());
    try {
      const { plan, approvers, used } = await this.reading.judge();
      const before = await delivery.deployment(plan.record.id);
      let deployment = await this.record({
        formatVersion: 1,
        id: plan.record.id,
        plan: plan.record.digest,
        record: digestOfRecord(plan.record),
        releaseId: plan.record.releaseId,
        ...(plan.record.revision && { commit: plan.record.revision.commit }),
        state: 'started',
        author: plan.record.author.name,
        approvers,
        deployer: delivery.session.arn,
        overrides: [...(before?.overrides ?? []), ...used],
        made: before?.made ?? {},
      });
      try {
        for (const stack of plan.record.stacks)
          deployment = await this.execute(stack, deployment, () => lock.check());
        await this.sameImage(plan.record);
      } catch (error) {
        throw await this.failed(deployment, error as Error);
      }
      options.progress(`deployed plan ${plan.record.digest.slice(0, 16)}`);
      const { session } = delivery;
      return {
        plan,
        deployment: await this.succeeded(deployment),
        inSession: (work) => session.use(work),
      };
    } finally {
      await lock.release();
    }
  }

  private async execute(
    stack: StackRecord,
    deployment: DeploymentRecord,
    check: () => void,
  ): Promise<DeploymentRecord> {
    const { delivery, options } = this;
    const live = await this.reading.live(stack);
    const planned = this.reading.assembly?.stacks.find(({ name }) => name === stack.name);
    const execution = {
      client: delivery.session.cloudFormation(stack.region),
      stack: stack.name,
      terminationProtection: planned?.terminationProtection,
      paths: planned?.paths ?? {},
      progress: options.progress,
      pollMs: options.pollMs ?? 3_000,
      check,
    };
    if (live.status?.endsWith('_IN_PROGRESS') && live.status !== 'REVIEW_IN_PROGRESS') {
      options.progress(`${stack.name}: CloudFormation is already executing the change set`);
      await awaitStack(execution);
      return deployment;
    }
    if (live.deployed === stack.template || (stack.changeSet === 'none' && live.deployed === stack.base)) {
      options.progress(`${stack.name}: no change`);
      return deployment;
    }
    let id = live.changeSet?.status === 'ready' ? live.changeSet.id : undefined;
    let current = deployment;
    if (id === undefined) {
      if (!planned) throw new DeliveryError(`${stack.name} has no change set; give the folder of the plan`);
      id = await this.reading.preparation().now(planned);
      if (id === 'none') return deployment;
      current = await this.record({ ...deployment, made: { ...deployment.made, [stack.name]: id } });
    }
    await this.reading.preparation().sameTemplate(stack, id);
    options.progress(`executing the change set of ${stack.name}`);
    await executeChangeSet(id, execution);
    return current;
  }

  /** Checks in the release record that ECS pulled the image of the plan. */
  private async sameImage({ images, releaseId }: PlanRecord): Promise<void> {
    const { name, session } = this.delivery;
    const history = await new ReleaseHistory(name, session.ssm).read().catch((error: Error) => {
      throw new DeliveryError(
        `all stacks are deployed, but the command could not read whether ECS runs the image of the plan: ${error.message}`,
        { cause: error },
      );
    });
    const [newest] = history.filter((entry) => entry.kind !== 'migrations');
    const { imageDigest: running } = (newest ?? {}) as Partial<ReleaseEntry>;
    if (newest?.releaseId !== releaseId || running === undefined) return;
    if (!images.some(({ digest }) => digest === running))
      throw new DeliveryError(
        `users have the image ${running}, but the plan has ${images.map(({ digest }) => digest).join(', ')}: roll back with framework53 rollback, and find out who wrote to the registry`,
      );
  }

  private async record(deployment: DeploymentRecord): Promise<DeploymentRecord> {
    const { store, parameters } = this.delivery;
    const { id, plan, state } = deployment;
    await store.write(parameters.deployment(id), deployment, `${state}: plan ${plan.slice(0, 16)}`);
    return deployment;
  }

  /** Records the success. Without this record, the environments that promote from this one do not find the release. */
  private async succeeded(deployment: DeploymentRecord): Promise<DeploymentRecord> {
    return this.record({ ...deployment, state: 'succeeded' }).catch((error: Error) => {
      throw new DeliveryError(
        `all stacks are deployed, and users have release ${deployment.releaseId}, but the success could not be recorded: ${error.message}. Run the same command again: it changes no stack, and records the success`,
        { cause: error },
      );
    });
  }

  /**
   * Records the reason of a failed deployment. Without credentials, its state stays `started`, and the next run
   * resumes it.
   */
  private async failed(deployment: DeploymentRecord, error: Error): Promise<Error> {
    const lost = /Expired|InvalidClientTokenId|CredentialsProvider|UnrecognizedClient/.test(error.name);
    if (!lost)
      await this.record({ ...deployment, state: 'failed', failure: error.message.slice(0, 500) }).catch(
        () => undefined,
      );
    return new DeliveryError(
      lost
        ? `the credentials have expired (${error.message}), but CloudFormation continues. Run the same command again with new credentials: it waits for the operation in progress, and resumes the deployment`
        : `${error.message}. Run framework53 status to see the live release, and the same command again to resume`,
      { cause: error },
    );
  }
}
