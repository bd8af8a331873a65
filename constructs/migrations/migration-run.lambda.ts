import { DescribeTasksCommand, ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { lastLogLines } from '../handler/last-log-lines';
import { polledResource } from '../handler/polled-handler';
import { stackStatus } from '../handler/stack-status';
import { LOGIN_REFUSED, type MigrationRunProperties } from './migration-run.properties';
import { pruneSnapshots, snapshotIsAvailable, startSnapshot } from './restore-snapshot';
import { stopTasks } from './stop-tasks';

const ecs = new ECSClient({});

/** State of the work, which each poll receives. */
interface Started {
  readonly PhysicalResourceId: string;
  /** `yes` if there is a task to run. */
  readonly Run: 'yes' | 'no';
  readonly SnapshotId?: string;
  /** ARN of the task; undefined until the snapshot is ready. */
  readonly TaskArn?: string;
  readonly Data: { readonly RestorePoint: string };
}

const ROLLBACK = 'a rollback never runs SQL';

type Event = CloudFormationCustomResourceEvent & { ResourceProperties: MigrationRunProperties };

/** Stack statuses of a deployment that goes forward. SQL runs in no other status. */
const GOING_FORWARD = /^(CREATE|UPDATE)_IN_PROGRESS$/;

export const handler = polledResource({ onEvent, isComplete, abandon, intervalMs: 5_000 });

/** Creates the restore point and starts the task, if there is something to migrate. */
export async function onEvent(event: Event): Promise<Started> {
  const physicalId = 'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId;
  // Point-in-time recovery has a resolution of a second, so any moment before the first statement will do.
  const moment = new Date().toISOString();
  const reason = await reasonToSkip(event);
  if (reason) {
    console.log(JSON.stringify({ level: 'info', message: `no migration: ${reason}` }));
    // The failed update may have been cancelled while its task was running.
    if (reason === ROLLBACK) await stopTasks(event.ResourceProperties);
    return { PhysicalResourceId: physicalId, Run: 'no', Data: { RestorePoint: moment } };
  }

  const SnapshotId = await startSnapshot(event.ResourceProperties, event.RequestId);
  return {
    PhysicalResourceId: physicalId,
    Run: 'yes',
    SnapshotId,
    TaskArn: SnapshotId ? undefined : await runTask(event),
    Data: { RestorePoint: SnapshotId ?? moment },
  };
}

/**
 * Tells whether the task has ended. Throws if the task failed or took too long, or if the stack is no longer going
 * forward.
 */
export async function isComplete(event: Event & Started): Promise<{ IsComplete: boolean }> {
  if (event.RequestType === 'Delete' || event.Run === 'no') return { IsComplete: true };
  const status = await stackStatus(event.StackId);
  if (!GOING_FORWARD.test(status))
    throw new Error(`the stack status is ${status}, so the migration was stopped`);
  if (event.SnapshotId && !(await snapshotIsAvailable(event.SnapshotId))) return { IsComplete: false };

  const { TimeoutSeconds } = event.ResourceProperties;
  const { arn, task } = await lastTask(event);
  if (task?.lastStatus === 'STOPPED') {
    const container = containerOf(event, task);
    if (container?.exitCode === 0) {
      await pruneSnapshots(event.ResourceProperties);
      return { IsComplete: true };
    }
    const why = container?.exitCode === undefined ? task.stoppedReason : `exit code ${container.exitCode}`;
    const detail = container?.reason ? ` (${container.reason})` : '';
    // A task that never started has no log stream.
    const lines =
      task.stopCode === 'TaskFailedToStart' ? '' : await lastLogLines(event.ResourceProperties, arn);
    throw new Error(`the migration failed: ${why}${detail}${lines}`);
  }
  if (task && ageMs(task) > Number(TimeoutSeconds) * 1000)
    throw new Error(
      `the migration took longer than ${TimeoutSeconds} s and was stopped${await lastLogLines(event.ResourceProperties, arn)}`,
    );
  return { IsComplete: false };
}

/** Stops the task, so that no SQL runs after CloudFormation has received the failure. */
export async function abandon(event: Event & Partial<Started>): Promise<void> {
  if (event.RequestType !== 'Delete') await stopTasks(event.ResourceProperties, event.TaskArn);
}

/**
 * Returns the last task of this request. If the database refused the login of the first task, a rotation may have
 * changed the password after that task read the secret, so a second task starts.
 */
async function lastTask(event: Event & Started): Promise<{ arn: string; task?: Task }> {
  // For a repeated request with the same token, ECS returns the task that it already started.
  const first = await described(event, event.TaskArn ?? (await runTask(event)));
  const isRefused =
    first.task?.lastStatus === 'STOPPED' && containerOf(event, first.task)?.exitCode === LOGIN_REFUSED;
  return isRefused ? described(event, await runTask(event, `${event.RequestId}-2`)) : first;
}

async function described({ ResourceProperties }: Event, arn: string): Promise<{ arn: string; task?: Task }> {
  const { tasks } = await ecs.send(
    new DescribeTasksCommand({ cluster: ResourceProperties.Cluster, tasks: [arn] }),
  );
  return { arn, task: tasks?.[0] };
}

function containerOf({ ResourceProperties }: Event, { containers }: Task) {
  return containers?.find(({ name }) => name === ResourceProperties.Container);
}

/** Starts the task of this request, or returns the task if it already runs. Lambda may deliver an event twice. */
async function runTask({ RequestId, ResourceProperties }: Event, clientToken = RequestId): Promise<string> {
  const { Cluster, TaskDefinition, Subnets, SecurityGroups } = ResourceProperties;
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: Cluster,
      taskDefinition: TaskDefinition,
      launchType: 'FARGATE',
      count: 1,
      clientToken,
      startedBy: 'migrations',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: Subnets, securityGroups: SecurityGroups, assignPublicIp: 'DISABLED' },
      },
    }),
  );
  const arn = tasks[0]?.taskArn;
  if (arn) return arn;
  const reasons = failures.map((failure) => failure.reason).join(', ') || 'ECS gave no reason';
  throw new Error(`the migration task did not start: ${reasons}`);
}

function ageMs({ createdAt }: Task): number {
  return createdAt === undefined ? 0 : Date.now() - createdAt.getTime();
}

async function reasonToSkip(event: Event): Promise<string | undefined> {
  if (event.RequestType === 'Delete') return 'a deletion leaves the database unchanged';
  const status = await stackStatus(event.StackId);
  if (status.includes('ROLLBACK')) return ROLLBACK;
  if (event.RequestType === 'Create') return undefined;
  const old = event.OldResourceProperties as unknown as MigrationRunProperties;
  const { Digest, Image } = event.ResourceProperties;
  return old.Digest === Digest && old.Image === Image
    ? 'neither the migrations nor the image changed'
    : undefined;
}
