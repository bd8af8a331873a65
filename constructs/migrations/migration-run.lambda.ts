import { DescribeTasksCommand, ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { lastLogLines } from '../handler/last-log-lines';
import { polledResource } from '../handler/polled-handler';
import { stackStatus } from '../handler/stack-status';
import { LOGIN_REFUSED, type MigrationRunProperties } from './migration-run.properties';
import { pruneSnapshots, snapshotIsAvailable, startSnapshot } from './restore-snapshot';
import { stopTasks } from './stop-tasks';

const ecs = new ECSClient({});

/** State that the start of the work hands to its polls. */
interface Started {
  readonly PhysicalResourceId: string;
  /** `yes` if there is a task to run. */
  readonly Run: 'yes' | 'no';
  readonly SnapshotId?: string;
  /** Undefined while a snapshot is made. */
  readonly TaskArn?: string;
  readonly Data: { readonly RestorePoint: string };
}

const GOING_BACK = 'a rollback never runs SQL';

type Event = CloudFormationCustomResourceEvent & { ResourceProperties: MigrationRunProperties };

/** Statuses of a stack on its way there. SQL runs in no other. */
const GOING_FORWARD = /^(CREATE|UPDATE)_IN_PROGRESS$/;

export const handler = polledResource({ onEvent, isComplete, abandon, intervalMs: 5_000 });

/** Makes the restore point and starts the task, unless there is nothing to migrate. */
export async function onEvent(event: Event): Promise<Started> {
  const physicalId = 'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId;
  // Point-in-time recovery counts in seconds, so any moment before the first statement is right.
  const moment = new Date().toISOString();
  const reason = await reasonToSkip(event);
  if (reason) {
    console.log(JSON.stringify({ level: 'info', message: `no migration: ${reason}` }));
    // The update that failed may have been cancelled while its task ran.
    if (reason === GOING_BACK) await stopTasks(event.ResourceProperties);
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

/** Reports the end of the task. Fails when the task takes too long, and when the stack is no longer on its way there. */
export async function isComplete(event: Event & Started): Promise<{ IsComplete: boolean }> {
  if (event.RequestType === 'Delete' || event.Run === 'no') return { IsComplete: true };
  const status = await stackStatus(event.StackId);
  if (!GOING_FORWARD.test(status)) throw new Error(`the stack is ${status}, so the migration was stopped`);
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
    throw new Error(
      `the migration failed: ${why}${detail}${await lastLogLines(event.ResourceProperties, arn)}`,
    );
  }
  if (task && ageMs(task) > Number(TimeoutSeconds) * 1000)
    throw new Error(
      `the migration took longer than ${TimeoutSeconds} s and was stopped${await lastLogLines(event.ResourceProperties, arn)}`,
    );
  return { IsComplete: false };
}

/** Stops the task, so that no SQL runs after CloudFormation has heard of the failure. */
export async function abandon(event: Event & Partial<Started>): Promise<void> {
  if (event.RequestType !== 'Delete') await stopTasks(event.ResourceProperties, event.TaskArn);
}

/**
 * Returns the task of this request. If the database refused the login of the first task, a rotation may have renewed the
 * password since that task read the secret, so there is a second task.
 */
async function lastTask(event: Event & Started): Promise<{ arn: string; task?: Task }> {
  // ECS answers a repeated request with the task that it started for the same token.
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

/** Starts the task of this request, or finds it: Lambda may deliver an event twice. */
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
  if (event.RequestType === 'Delete') return 'deletion leaves the database as it is';
  const status = await stackStatus(event.StackId);
  if (status.includes('ROLLBACK')) return GOING_BACK;
  if (event.RequestType === 'Create') return undefined;
  const old = event.OldResourceProperties as unknown as MigrationRunProperties;
  const { Digest, Image } = event.ResourceProperties;
  return old.Digest === Digest && old.Image === Image
    ? 'neither the migrations nor the image changed'
    : undefined;
}
