import {
  DescribeServiceDeploymentsCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type ServiceDeployment,
  type Task,
} from '@aws-sdk/client-ecs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { lastLogLines } from '../handler/last-log-lines';
import { polledResource } from '../handler/polled-handler';
import type { FirstReleaseProperties } from './first-release.properties';

const ecs = new ECSClient({});

/** State that the first call passes to the polls. */
interface Started {
  readonly PhysicalResourceId: string;
  /** Start of the watch, in milliseconds since 1970. */
  readonly From: string;
}

type Event = CloudFormationCustomResourceEvent & { ResourceProperties: FirstReleaseProperties };

/** After this number of stopped tasks, further tasks are expected to stop, too. */
const HOPELESS = 3;
/** Stages of a deployment in which its tasks are not healthy yet. */
const STARTING: readonly (string | undefined)[] = [
  undefined,
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
];

export const handler = polledResource({ onEvent, isComplete, intervalMs: 10_000 });

export async function onEvent(event: Event): Promise<Started> {
  return {
    PhysicalResourceId: 'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId,
    From: String(Date.now()),
  };
}

/**
 * Watches the first deployment of a service until its tasks are healthy. Fails if tasks keep stopping, or do not
 * become healthy in time. ECS has no earlier deployment to roll back to, so it would start tasks for hours.
 */
export async function isComplete(event: Event & Started): Promise<{ IsComplete: boolean }> {
  if (event.RequestType !== 'Create') return { IsComplete: true };
  const properties = event.ResourceProperties;
  const deployment = await firstDeployment(properties);
  if (deployment === 'none') return { IsComplete: false };
  if (deployment === 'over' || !STARTING.includes(deployment.lifecycleStage)) return { IsComplete: true };
  const ended = await endedTasks(properties, Number(event.From));
  if (ended.length >= HOPELESS)
    throw new Error(
      `the tasks of the first release keep stopping (${ended.length} so far). The last one stopped with: ${await stopReason(properties, ended.at(-1)!)}`,
    );
  const seconds = (Date.now() - (deployment.createdAt?.getTime() ?? Number(event.From))) / 1000;
  if (seconds > Number(properties.HealthySeconds))
    throw new Error(
      `no task of the first release became healthy within ${properties.HealthySeconds} s. Check that the server listens on PORT and answers its health path`,
    );
  return { IsComplete: false };
}

/** Returns the only deployment of a service, or `over` if the service has had an earlier one. */
async function firstDeployment({
  Cluster: cluster,
  Service: service,
}: FirstReleaseProperties): Promise<ServiceDeployment | 'none' | 'over'> {
  try {
    const { serviceDeployments = [] } = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster, service }),
    );
    if (serviceDeployments.length === 0) return 'none';
    if (serviceDeployments.some(({ status }) => status === 'SUCCESSFUL')) return 'over';
    const arns = serviceDeployments.map(({ serviceDeploymentArn }) => serviceDeploymentArn!);
    const described = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns.slice(0, 1) }),
    );
    const [deployment] = described.serviceDeployments ?? [];
    // If deployments are too old to be listed, the service has an earlier deployment to roll back to.
    return deployment?.sourceServiceRevisions?.length ? 'over' : (deployment ?? 'none');
  } catch (error) {
    // CloudFormation creates the service at the same time.
    if (/^(Service|Cluster|Resource)NotFoundException$/.test((error as Error).name)) return 'none';
    throw error;
  }
}

/** Returns the tasks that have stopped since the watch began, the last one last. */
async function endedTasks({ Cluster, Family }: FirstReleaseProperties, from: number): Promise<Task[]> {
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster: Cluster, family: Family, desiredStatus: 'STOPPED' }),
  );
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: Cluster, tasks: taskArns }));
  const created = (task: Task) => task.createdAt?.getTime() ?? 0;
  return tasks
    .filter((task) => task.lastStatus === 'STOPPED' && created(task) >= from)
    .sort((a, b) => created(a) - created(b));
}

async function stopReason({ Container, LogGroup }: FirstReleaseProperties, task: Task): Promise<string> {
  const container = task.containers?.find(({ name }) => name === Container);
  const code = container?.exitCode === undefined ? '' : `, exit code ${container.exitCode}`;
  const reason = container?.reason ? ` (${container.reason})` : '';
  const LogStreamPrefix = await prefixOf(task, Container);
  const log = LogStreamPrefix
    ? await lastLogLines({ LogGroup, LogStreamPrefix, Container }, task.taskArn!)
    : '';
  return `${task.stoppedReason ?? 'ECS gave no reason'}${code}${reason}${log}`;
}

/** Returns the log stream prefix, which differs from release to release. */
async function prefixOf({ taskDefinitionArn }: Task, name: string): Promise<string | undefined> {
  try {
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }),
    );
    const container = taskDefinition?.containerDefinitions?.find((one) => one.name === name);
    return container?.logConfiguration?.options?.['awslogs-stream-prefix'];
  } catch (error) {
    console.warn(JSON.stringify({ level: 'warn', message: `cannot find the log stream: ${error}` }));
    return undefined;
  }
}
