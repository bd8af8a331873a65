import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeregisterTaskDefinitionCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  type ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';
import { customResource } from '../handler/custom-resource';
import {
  QUIET_ALARMS,
  type QuietAlarmsProperties,
  type RunningReleaseProperties,
} from './running-release.properties';

const cloudWatch = new CloudWatchClient({});
const ecs = new ECSClient({});

const UNSETTLED = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];
const POLL_MS = Number(process.env.POLL_MS ?? 10_000);

export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  const properties: unknown = event.ResourceProperties;
  if (event.ResourceType !== QUIET_ALARMS) return await verifyRunning(properties as RunningReleaseProperties);
  const before = event.RequestType === 'Update' ? event.OldResourceProperties.TaskDefinition : undefined;
  await requireQuietAlarms(properties as QuietAlarmsProperties, before as string | undefined);
  return undefined;
});

/**
 * Fails for a new release while a rollback alarm is firing. An earlier revision always passes: during a rollback of the
 * stack the alarms are firing because of the release that is left.
 */
async function requireQuietAlarms(properties: QuietAlarmsProperties, before?: string): Promise<void> {
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [...properties.Alarms], StateValue: 'ALARM' }),
  );
  if (MetricAlarms.length === 0) return;
  const firing = MetricAlarms.map(({ AlarmName, StateUpdatedTimestamp }) =>
    [AlarmName, StateUpdatedTimestamp && `since ${StateUpdatedTimestamp.toISOString()}`].join(' '),
  ).join(', ');
  const newer = before === undefined || revision(properties.TaskDefinition) > revision(before);
  if (newer && properties.WhenFiring !== 'warn')
    throw new Error(
      `rollback alarms are firing: ${firing}. They could not judge this release. Wait until they are quiet, ` +
        "or deploy the remedy with 'whenFiring' set to 'warn'",
    );
  log('warn', `rollback alarms are firing: ${firing}`);
}

/** Fails unless the service runs the given revision when its deployments have ended. */
async function verifyRunning(
  properties: RunningReleaseProperties,
): Promise<{ data: Record<string, string> }> {
  const { Cluster, Service, TaskDefinition } = properties;
  const deployment = await settledDeployment(Cluster, Service);
  const { running, reason } = await outcome(deployment);
  if (running !== TaskDefinition)
    throw new Error(
      `the service runs ${shortName(running)}, not ${shortName(TaskDefinition)} of this release; ` +
        `its last deployment is ${deployment.status}: ${reason}`,
    );
  log('info', `the service runs ${shortName(TaskDefinition)}`);
  await deregisterOldRevisions(TaskDefinition, Number(properties.Keep)).catch((error: unknown) =>
    log('warn', `old task definitions stay registered: ${error}`),
  );
  return { data: { TaskDefinition } };
}

/** Waits until the latest deployment has ended. CloudFormation has waited for it before, up to its clean-up. */
async function settledDeployment(cluster: string, service: string): Promise<ServiceDeploymentBrief> {
  for (;;) {
    const { serviceDeployments = [] } = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster, service, maxResults: 20 }),
    );
    const [latest] = [...serviceDeployments].sort(
      (a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0),
    );
    if (!latest) throw new Error(`ECS knows no deployment of the service ${service}`);
    if (!UNSETTLED.includes(latest.status ?? '')) return latest;
    await wait(POLL_MS);
  }
}

async function outcome(brief: ServiceDeploymentBrief): Promise<{ running: string; reason: string }> {
  let revisionArn = brief.targetServiceRevisionArn;
  let reason = brief.statusReason;
  if (brief.status !== 'SUCCESSFUL') {
    const { serviceDeployments = [] } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [brief.serviceDeploymentArn!] }),
    );
    const [deployment] = serviceDeployments;
    reason = deployment?.rollback?.reason ?? deployment?.statusReason ?? reason;
    // After a failed rollback the running revision is unknown.
    revisionArn =
      brief.status === 'ROLLBACK_SUCCESSFUL'
        ? (deployment?.rollback?.serviceRevisionArn ?? deployment?.sourceServiceRevisions?.[0]?.arn)
        : undefined;
  }
  return { running: await taskDefinitionOf(revisionArn), reason: reason ?? 'ECS gave no reason' };
}

async function taskDefinitionOf(serviceRevisionArn?: string): Promise<string> {
  if (!serviceRevisionArn) return 'an unknown revision';
  const { serviceRevisions = [] } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [serviceRevisionArn] }),
  );
  return serviceRevisions[0]?.taskDefinition ?? 'an unknown revision';
}

/** Deregisters the oldest revisions, but never the running one or a newer one. */
async function deregisterOldRevisions(running: string, keep: number): Promise<void> {
  const family = shortName(running).replace(/:\d+$/, '');
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: family, status: 'ACTIVE', sort: 'DESC' }),
  );
  const old = taskDefinitionArns.slice(keep).filter((arn) => revision(arn) < revision(running));
  for (const taskDefinition of old) await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  if (old.length > 0) log('info', `deregistered ${old.map(shortName).join(', ')}`);
}

function shortName(taskDefinition: string): string {
  return taskDefinition.split('/').at(-1)!;
}

function revision(taskDefinition: string): number {
  return Number(taskDefinition.split(':').at(-1));
}

function log(level: 'info' | 'warn', message: string): void {
  console[level](JSON.stringify({ level, message }));
}
