import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTasksCommand, ECSClient, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { MigrationRunProperties } from './migration-run.properties';

const ecs = new ECSClient({});
const logs = new CloudWatchLogsClient({});
const cloudFormation = new CloudFormationClient({});

/** What the first invocation hands to the polling ones. */
interface Started {
  readonly PhysicalResourceId: string;
  /** Absent when there was nothing to run. */
  readonly TaskArn?: string;
  readonly StartedAt: string;
  readonly Data: { readonly RestorePoint: string };
}

type Event = CloudFormationCustomResourceEvent & { ResourceProperties: MigrationRunProperties };

/** Starts the task, unless there is nothing to migrate. */
export async function onEvent(event: Event): Promise<Started> {
  const started = new Date().toISOString();
  const answer: Started = {
    PhysicalResourceId: 'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId,
    StartedAt: started,
    // Any moment before the first statement will do: point-in-time recovery goes by the second.
    Data: { RestorePoint: started },
  };
  const reason = await reasonToSkip(event);
  if (reason) {
    console.log(JSON.stringify({ level: 'info', message: `no migration: ${reason}` }));
    return answer;
  }

  const { Cluster, TaskDefinition, Subnets, SecurityGroups } = event.ResourceProperties;
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: Cluster,
      taskDefinition: TaskDefinition,
      launchType: 'FARGATE',
      count: 1,
      // Lambda may deliver an event twice; one request starts one task.
      clientToken: event.RequestId,
      startedBy: 'migrations',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: Subnets, securityGroups: SecurityGroups, assignPublicIp: 'DISABLED' },
      },
    }),
  );
  const TaskArn = tasks[0]?.taskArn;
  if (!TaskArn) {
    throw new Error(
      `the migration task did not start: ${failures.map((failure) => failure.reason).join(', ') || 'ECS gave no reason'}`,
    );
  }
  return { ...answer, TaskArn };
}

/** Reports the task's end; stops it when it takes longer than allowed. */
export async function isComplete(event: Event & Started): Promise<{ IsComplete: boolean }> {
  if (event.RequestType === 'Delete' || !event.TaskArn) return { IsComplete: true };
  const { Cluster, Container, TimeoutSeconds } = event.ResourceProperties;
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: Cluster, tasks: [event.TaskArn] }),
  );
  const task = tasks[0];
  if (task?.lastStatus === 'STOPPED') {
    const container = task.containers?.find(({ name }) => name === Container);
    if (container?.exitCode === 0) return { IsComplete: true };
    const why = container?.exitCode === undefined ? task.stoppedReason : `exit code ${container.exitCode}`;
    throw new Error(
      `the migration failed: ${why}${container?.reason ? ` (${container.reason})` : ''}${await lastLines(event)}`,
    );
  }
  if (Date.now() - Date.parse(event.StartedAt) > Number(TimeoutSeconds) * 1000) {
    await ecs.send(
      new StopTaskCommand({ cluster: Cluster, task: event.TaskArn, reason: 'migration took too long' }),
    );
    throw new Error(
      `the migration took longer than ${TimeoutSeconds} s and was stopped${await lastLines(event)}`,
    );
  }
  return { IsComplete: false };
}

async function reasonToSkip(event: Event): Promise<string | undefined> {
  if (event.RequestType === 'Delete') return 'deletion leaves the database as it is';
  if (event.RequestType === 'Create') return undefined;
  const old = event.OldResourceProperties as unknown as MigrationRunProperties;
  const { Digest, Image } = event.ResourceProperties;
  if (old.Digest === Digest && old.Image === Image) return 'neither the migrations nor the image changed';
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: event.StackId }));
  return Stacks[0]?.StackStatus?.includes('ROLLBACK') ? 'a rollback never runs SQL' : undefined;
}

/** The task's last words. Best effort: they may not have arrived, and must not hide the exit code. */
async function lastLines(event: Event & Started): Promise<string> {
  const { LogGroup, LogStreamPrefix, Container } = event.ResourceProperties;
  try {
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({
        logGroupName: LogGroup,
        logStreamName: `${LogStreamPrefix}/${Container}/${event.TaskArn?.split('/').at(-1)}`,
        limit: 10,
      }),
    );
    return events.map(({ message }) => `\n${message}`).join('');
  } catch (error) {
    return `\n(its log could not be read: ${error instanceof Error ? error.message : error})`;
  }
}
