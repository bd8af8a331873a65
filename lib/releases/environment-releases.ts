import { randomUUID } from 'node:crypto';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudFrontKeyValueStoreClient } from '@aws-sdk/client-cloudfront-keyvaluestore';
// The endpoint of the key-value store accepts only SigV4A signatures. This import adds them to the SDK.
import '@aws-sdk/signature-v4a';
import {
  type DeploymentConfiguration,
  ECSClient,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetParameterHistoryCommand, SSMClient } from '@aws-sdk/client-ssm';
// The index files of these folders would load the CDK.
import type { ReleaseEntry } from '../../constructs/release-record/entry';
import { historyPath } from '../../constructs/release-record/entry';
import { type Recorded, ReleaseHistory } from '../../constructs/release-record/release-history';
import type { Check } from '../../constructs/verification';
import { soundAnswers } from '../aws/sound-answers';
import { isObject } from '../files/read-object';
import type { EnvironmentPlace } from './environment-place';
import { type EnvironmentState, releases, shortRevision } from './environment-state';
import { ReleasePointer } from './release-pointer';
import { isUnsettled, ServiceDeployments } from './service-deployments';

/** A change in AWS that failed or did not end in time. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/** Pause between two polls of a deployment, and the time limit of the wait. */
export interface WaitLimits {
  readonly pollMs: number;
  readonly limitMs: number;
}

const WAIT_LIMITS: WaitLimits = { pollMs: 5_000, limitMs: 2 * 3_600_000 };

/** The releases of one environment of one application, in the AWS account of the credentials. */
export class EnvironmentReleases {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly region: string;
  private readonly ssm: SSMClient;
  private readonly ecs: ECSClient;
  private readonly cloudFormation: CloudFormationClient;
  private readonly keyValueStores: CloudFrontKeyValueStoreClient;
  private readonly history: ReleaseHistory;
  private readonly deployments: ServiceDeployments;

  constructor(
    { name, region }: EnvironmentPlace,
    private readonly progress: (line: string) => void = () => {},
    private readonly patience = WAIT_LIMITS,
  ) {
    this.name = name;
    this.region = region;
    const common = { region };
    this.ssm = soundAnswers(new SSMClient(common));
    this.ecs = soundAnswers(new ECSClient(common));
    this.cloudFormation = soundAnswers(new CloudFormationClient(common));
    this.keyValueStores = soundAnswers(new CloudFrontKeyValueStoreClient(common));
    this.history = new ReleaseHistory(this.name, this.ssm);
    this.deployments = new ServiceDeployments(
      this.ecs,
      this.name,
      soundAnswers(new ElasticLoadBalancingV2Client(common)),
    );
  }

  /** Reads the state of the environment, and changes nothing. */
  async read(): Promise<EnvironmentState> {
    const [history, stack, server] = await Promise.all([
      this.history.read(),
      this.stack(),
      this.deployments.state(),
    ]);
    const [current] = releases(history);
    const [pointer, registered] = await Promise.all([
      current && new ReleasePointer(this.keyValueStores, current.keyValueStore).read(),
      this.deployments.registered(),
    ]);
    return { name: this.name, region: this.region, history, stack, server, pointer, registered };
  }

  /**
   * Returns the ARN of the principal that wrote an entry, as Parameter Store reports it. A person writes the entry of
   * a rollback.
   */
  async author({ id }: Recorded): Promise<string | undefined> {
    const { Parameters = [] } = await this.ssm.send(
      new GetParameterHistoryCommand({ Name: `${historyPath(this.name)}/${id}` }),
    );
    return Parameters.at(-1)?.LastModifiedUser;
  }

  /** Tells ECS to roll a deployment back, and waits for the end of the rollback. */
  async stop(deployment: string): Promise<void> {
    await this.ecs.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn: deployment, stopType: 'ROLLBACK' }),
    );
    const { status, rollback, statusReason } = await this.endedDeployment(deployment);
    if (status !== 'ROLLBACK_SUCCESSFUL' && status !== 'STOPPED')
      throw new ReleaseError(
        `ECS did not roll the deployment back; its status is ${status}: ${rollback?.reason ?? statusReason ?? 'ECS gave no reason'}`,
      );
  }

  /** Waits for the end of a deployment. Fails unless the deployment succeeds. */
  async awaitSuccess(deployment: string): Promise<void> {
    const { status, rollback, statusReason } = await this.endedDeployment(deployment);
    if (status !== 'SUCCESSFUL')
      throw new ReleaseError(
        `the deployment ended ${status}: ${rollback?.reason ?? statusReason ?? 'ECS gave no reason'}`,
      );
  }

  /** Sets the pointer to a client. CloudFront serves that client within seconds. */
  async moveClient(store: string, pointer: string): Promise<void> {
    await new ReleasePointer(this.keyValueStores, store).move(pointer);
  }

  /**
   * Deploys an earlier revision again, and waits until the revision serves all users. ECS verifies the revision with
   * the checks of its own release. The rollback alarms are off during this deployment, because the fault that causes
   * the rollback may keep them firing. Afterwards, the service has its own configuration again.
   */
  async deployServer(release: ReleaseEntry): Promise<void> {
    const before = await this.deployments.latest();
    const service = await this.deployments.service();
    const own = service?.deploymentConfiguration ?? {};
    await this.ecs.send(
      new UpdateServiceCommand({
        cluster: this.name,
        service: this.name,
        taskDefinition: release.taskDefinition,
        deploymentConfiguration: configurationFor(own, release),
      }),
    );
    let failure: Error | undefined;
    try {
      await this.awaitSuccess(
        await this.startedDeployment(release.taskDefinition, before?.serviceDeploymentArn),
      );
    } catch (error) {
      failure = error as Error;
    }
    await this.restore(own).catch(({ message }: Error) => {
      const outcome = failure?.message ?? `the server runs ${shortRevision(release.taskDefinition)}`;
      throw new ReleaseError(
        `${outcome}; the service keeps the deployment settings of the rollback, because restoring them failed: ${message}`,
      );
    });
    if (failure) throw failure;
  }

  /** Records a rollback, and turns the rollback alarms on again if they are off. */
  async record(release: Recorded<ReleaseEntry>, left: string): Promise<void> {
    const service = await this.deployments.service();
    const { alarms } = service?.deploymentConfiguration ?? {};
    // An interrupted rollback leaves the alarms off.
    if (alarms?.alarmNames?.length && !alarms.enable)
      await this.restore(service?.deploymentConfiguration ?? {});
    const { id: _id, at: _at, ...entry } = release;
    await this.history.add(randomUUID(), { ...entry, kind: 'rollback', left });
    // The rollback is recorded. A failure here would suggest to repeat it, and that leads to the release before.
    await this.history.prune().catch(({ message }: Error) => {
      this.progress(`  old records of releases were not deleted: ${message}`);
    });
  }

  /** Restores the service's own configuration. This update starts no deployment. */
  private async restore(own: DeploymentConfiguration): Promise<void> {
    const { alarms } = own;
    await this.ecs.send(
      new UpdateServiceCommand({
        cluster: this.name,
        service: this.name,
        deploymentConfiguration: alarms?.alarmNames?.length
          ? { ...own, alarms: { ...alarms, enable: true } }
          : own,
      }),
    );
  }

  /** Waits until ECS lists the deployment that an update of the service started. */
  private async startedDeployment(taskDefinition: string, before: string | undefined): Promise<string> {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const latest = await this.deployments.latest();
      if (latest?.serviceDeploymentArn && latest.serviceDeploymentArn !== before)
        return latest.serviceDeploymentArn;
      await this.pause();
    }
    throw new ReleaseError(
      `ECS has not started to deploy ${shortRevision(taskDefinition)}; the events of the service give the reason`,
    );
  }

  private async endedDeployment(arn: string): Promise<ServiceDeployment> {
    const started = Date.now();
    let said = '';
    while (Date.now() - started < this.patience.limitMs) {
      const deployment = await this.deployments.describe(arn);
      if (!deployment) throw new ReleaseError(`ECS does not know the deployment ${arn}`);
      if (!isUnsettled(deployment)) return deployment;
      const minutes = Math.floor((Date.now() - started) / 60_000);
      const now = `${deployment.status?.toLowerCase().replaceAll('_', ' ')}${deployment.lifecycleStage ? `, ${STAGES[deployment.lifecycleStage] ?? deployment.lifecycleStage}` : ''}${minutes > 0 ? ` (${minutes} min)` : ''}`;
      if (now !== said) this.progress(`  server: ${now}`);
      said = now;
      await this.pause();
    }
    throw new ReleaseError(
      `the deployment has not ended after ${this.patience.limitMs / 60_000} minutes; it goes on without this command; run the command again to continue`,
    );
  }

  private async stack(): Promise<EnvironmentState['stack']> {
    const name = `${this.name}-release`;
    try {
      const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
      const outputs = Stacks[0]?.Outputs ?? [];
      const releaseId = outputs.find(({ OutputKey }) => OutputKey === 'ReleaseId')?.OutputValue;
      return { name, status: Stacks[0]?.StackStatus, releaseId };
    } catch (error) {
      if (/does not exist/.test((error as Error).message)) return { name };
      throw error;
    }
  }

  private async pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.patience.pollMs));
  }
}

/** Descriptions of ECS's lifecycle stages for progress lines. */
const STAGES: Readonly<Record<string, string>> = {
  RECONCILE_SERVICE: 'preparing the service',
  PRE_SCALE_UP: 'about to start tasks',
  SCALE_UP: 'starting tasks',
  POST_SCALE_UP: 'tasks have started',
  TEST_TRAFFIC_SHIFT: 'opening the test listener',
  POST_TEST_TRAFFIC_SHIFT: 'verifying on the test listener',
  PRODUCTION_TRAFFIC_SHIFT: 'moving users',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'users have moved',
  BAKE_TIME: 'users have moved; the replaced tasks stay for the bake time',
  CLEAN_UP: 'stopping the replaced tasks',
};

/** Returns the details of a hook, which ECS sends as an object or as its text. Undefined for other details. */
function objectOf(details: unknown): Record<string, unknown> | undefined {
  if (isObject(details)) return details;
  try {
    const value: unknown = JSON.parse(String(details));
    return isObject(value) ? value : undefined;
  } catch {
    // Details of a hook that this package did not create.
    return undefined;
  }
}

/** Returns the service's configuration with the checks of an earlier release, and with the rollback alarms off. */
function configurationFor(
  own: DeploymentConfiguration,
  { serverChecks, healthPath }: ReleaseEntry,
): DeploymentConfiguration {
  const checks: readonly Check[] = serverChecks ?? [{ path: healthPath, status: 200 }];
  return {
    ...own,
    ...(own.alarms && { alarms: { ...own.alarms, enable: false } }),
    lifecycleHooks: own.lifecycleHooks?.map((hook) => {
      const details = objectOf(hook.hookDetails);
      return details && 'checks' in details
        ? { ...hook, hookDetails: JSON.parse(JSON.stringify({ ...details, checks })) }
        : hook;
    }),
  };
}
