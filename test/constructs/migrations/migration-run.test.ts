import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateDBClusterSnapshotCommand,
  DBClusterSnapshotAlreadyExistsFault,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { abandon, isComplete, onEvent } from '../../../constructs/migrations/migration-run.lambda';
import { mockClient } from '../../support/mock-client';

const ecs = mockClient(ECSClient);
const logs = mockClient(CloudWatchLogsClient);
const cloudFormation = mockClient(CloudFormationClient);
const rds = mockClient(RDSClient);

const TASK = 'arn:aws:ecs:us-east-1:123456789012:task/shop/0123';
const properties = {
  Cluster: 'shop',
  TaskDefinition: 'shop-migrations:7',
  Container: 'migrations',
  Subnets: ['subnet-1'],
  SecurityGroups: ['sg-1'],
  LogGroup: 'group',
  LogStreamPrefix: 'migrations',
  Digest: 'd2',
  Image: 'image:2',
  TimeoutSeconds: '600',
};
// biome-ignore lint/suspicious/noExplicitAny: events are as CloudFormation sends them, not as our types say
const event = (type: string, more: object = {}): any => ({
  RequestType: type,
  RequestId: 'request-1',
  StackId: 'stack-1',
  LogicalResourceId: 'Run',
  ...(type === 'Create' ? {} : { PhysicalResourceId: 'Run' }),
  ResourceProperties: properties,
  ...more,
});
const update = (old: object) => event('Update', { OldResourceProperties: { ...properties, ...old } });
const running = (more: object = {}) => event('Create', { Run: 'yes', TaskArn: TASK, ...more });
const stackIs = (StackStatus: string) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'shop', CreationTime: new Date(), StackStatus: StackStatus as never }],
  });

beforeEach(() => {
  for (const client of [ecs, logs, cloudFormation, rds]) client.reset();
  vi.spyOn(console, 'log').mockImplementation(() => {});
  ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: TASK }] });
  ecs.on(ListTasksCommand).resolves({ taskArns: [] });
  logs.on(GetLogEventsCommand).resolves({ events: [{ message: 'relation "x" exists' }] });
  stackIs('UPDATE_IN_PROGRESS');
});

describe('starting', () => {
  test('runs one task for one request, even if the event arrives twice', async () => {
    await onEvent(event('Create'));
    await onEvent(event('Create'));
    const tokens = ecs.commandCalls(RunTaskCommand).map(({ args }) => args[0].input.clientToken);
    expect(tokens).toEqual(['request-1', 'request-1']);
  });

  test('logs the restorable time before the task runs', async () => {
    const before = Date.now();
    const { Data } = await onEvent(event('Create'));
    expect(Date.parse(Data.RestorePoint)).toBeGreaterThanOrEqual(before);
  });

  test('runs if the migrations changed', async () => {
    expect(await onEvent(update({ Digest: 'd1' }))).toMatchObject({ TaskArn: TASK });
  });

  test('runs if the image changed', async () => {
    expect(await onEvent(update({ Image: 'image:1' }))).toMatchObject({ TaskArn: TASK });
  });

  test('runs nothing if neither changed', async () => {
    expect((await onEvent(update({ TimeoutSeconds: '60' }))).TaskArn).toBeUndefined();
    expect(ecs.calls()).toHaveLength(0);
  });

  test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])('runs nothing in %s', async (status) => {
    stackIs(status);
    expect((await onEvent(update({ Digest: 'd3', Image: 'image:3' }))).TaskArn).toBeUndefined();
    expect((await onEvent(event('Create'))).TaskArn).toBeUndefined();
    expect(ecs.commandCalls(RunTaskCommand)).toHaveLength(0);
  });

  test('stops the task of a cancelled update during the rollback', async () => {
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    runsUntilStopped();
    expect(await onEvent(update({ Digest: 'd3' }))).toMatchObject({ Run: 'no' });
    expect(stopped()).toEqual([TASK]);
    expect(ecs.commandCalls(ListTasksCommand)[0]?.args[0].input).toEqual({
      cluster: 'shop',
      family: 'shop-migrations',
    });
  });

  test('runs nothing on Delete', async () => {
    expect((await onEvent(event('Delete'))).TaskArn).toBeUndefined();
    expect(ecs.calls()).toHaveLength(0);
  });

  test('keeps its physical id', async () => {
    expect((await onEvent(update({ Digest: 'd1' }))).PhysicalResourceId).toBe('Run');
  });

  test('fails with the reason of ECS', async () => {
    ecs.on(RunTaskCommand).resolves({ tasks: [], failures: [{ reason: 'RESOURCE:FARGATE' }] });
    await expect(onEvent(event('Create'))).rejects.toThrow('did not start: RESOURCE:FARGATE');
  });
});

describe('polling', () => {
  const taskIs = (task: object) => ecs.on(DescribeTasksCommand).resolves({ tasks: [task] });

  test('waits while the task runs', async () => {
    taskIs({ lastStatus: 'RUNNING' });
    expect(await isComplete(running())).toEqual({ IsComplete: false });
  });

  describe('after the database refused the login (exit code 77)', () => {
    const SECOND = TASK.replace('0123', '4567');
    const secondIs = (task: object | undefined) => {
      ecs
        .on(DescribeTasksCommand, { tasks: [TASK] })
        .resolves({ tasks: [{ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 77 }] }] })
        .on(DescribeTasksCommand, { tasks: [SECOND] })
        .resolves({ tasks: task ? [task] : [] });
      ecs.on(RunTaskCommand, { clientToken: 'request-1-2' }).resolves({ tasks: [{ taskArn: SECOND }] });
    };

    test('a second task runs with the current password, and its result counts', async () => {
      secondIs(undefined);
      expect(await isComplete(running())).toEqual({ IsComplete: false });
      secondIs({ lastStatus: 'RUNNING' });
      expect(await isComplete(running())).toEqual({ IsComplete: false });
      secondIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 0 }] });
      expect(await isComplete(running())).toEqual({ IsComplete: true });
    });

    test('no third task starts', async () => {
      secondIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 77 }] });
      await expect(isComplete(running())).rejects.toThrow('exit code 77');
      const tokens = ecs.commandCalls(RunTaskCommand).map(({ args }) => args[0].input.clientToken);
      expect(tokens).toEqual(['request-1-2']);
      expect(logs.commandCalls(GetLogEventsCommand)[0]?.args[0].input.logStreamName).toMatch(/4567$/);
    });
  });

  test('waits for a task that ECS does not list yet', async () => {
    ecs.on(DescribeTasksCommand).resolves({ tasks: [] });
    expect(await isComplete(running())).toEqual({ IsComplete: false });
  });

  test('is complete if the container exits with 0', async () => {
    taskIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 0 }] });
    expect(await isComplete(running())).toEqual({ IsComplete: true });
  });

  test('is complete if nothing was started', async () => {
    expect(await isComplete(running({ Run: 'no', TaskArn: undefined }))).toEqual({ IsComplete: true });
  });

  test('fails with the exit code and the last log lines', async () => {
    taskIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 1 }] });
    await expect(isComplete(running())).rejects.toThrow('exit code 1\nrelation "x" exists');
    expect(logs.commandCalls(GetLogEventsCommand)[0]?.args[0].input.logStreamName).toBe(
      'migrations/migrations/0123',
    );
  });

  test('fails with the reason of a task that never ran', async () => {
    taskIs({
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError',
      containers: [{ name: 'migrations' }],
    });
    await expect(isComplete(running())).rejects.toThrow(/CannotPullContainerError$/);
  });

  test('fails with the exit code even when the log cannot be read', async () => {
    taskIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 2 }] });
    logs.on(GetLogEventsCommand).rejects(new Error('no such stream'));
    await expect(isComplete(running())).rejects.toThrow(
      /exit code 2\n\(its log could not be read: no such stream/,
    );
  });

  test('fails when the task takes too long', async () => {
    taskIs({ lastStatus: 'RUNNING', createdAt: new Date(Date.now() - 601_000) });
    await expect(isComplete(running())).rejects.toThrow('longer than 600 s and was stopped');
  });

  test('fails if the update is cancelled while the task runs', async () => {
    taskIs({ lastStatus: 'RUNNING' });
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    await expect(isComplete(running())).rejects.toThrow('the stack status is UPDATE_ROLLBACK_IN_PROGRESS');
  });

  test.each(['x', '文'])('keeps the end of a long log within a thousand bytes of %s', async (character) => {
    taskIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 1 }] });
    const events = [{ message: character.repeat(2000) }, { message: 'ERROR: relation exists' }];
    logs.on(GetLogEventsCommand).resolves({ events });
    const { message } = await isComplete(running()).then(
      () => new Error('complete'),
      (error: Error) => error,
    );
    expect(message).toMatch(/^the migration failed: exit code 1\n….*ERROR: relation exists$/s);
    expect(message).not.toContain('\ufffd');
    expect(Buffer.byteLength(message)).toBeLessThan(1100);
  });
});

const stopped = () => ecs.commandCalls(StopTaskCommand).map(({ args }) => args[0].input.task);

/** ECS has a task that runs until it is stopped. */
function runsUntilStopped(): void {
  ecs.on(ListTasksCommand).resolves({ taskArns: [TASK] });
  ecs.on(DescribeTasksCommand).callsFake(() => ({
    tasks: [{ taskArn: TASK, lastStatus: stopped().length > 0 ? 'STOPPED' : 'RUNNING' }],
  }));
}

describe('after a failure, the handler', () => {
  test('stops the task and waits for its end', async () => {
    runsUntilStopped();
    await abandon(running());
    expect(stopped()).toEqual([TASK]);
    expect(ecs.commandCalls(DescribeTasksCommand).length).toBeGreaterThan(1);
  });

  test('stops a task that ECS does not list yet', async () => {
    runsUntilStopped();
    ecs.on(ListTasksCommand).resolves({ taskArns: [] });
    await abandon(running());
    expect(stopped()).toEqual([TASK]);
  });

  test('stops nothing if the task has stopped', async () => {
    ecs.on(DescribeTasksCommand).resolves({ tasks: [{ taskArn: TASK, lastStatus: 'STOPPED' }] });
    await abandon(running());
    expect(stopped()).toEqual([]);
  });
});

describe('with a snapshot before the migration', () => {
  const withSnapshot = { ...properties, SnapshotCluster: 'shop-production', KeepSnapshots: '2' };
  const id = 'shop-production-before-0a1b2c3d4e5f';
  const create = event('Create', {
    RequestId: '0A1B2C3D-4E5F-6789-abcd-ef0123456789',
    ResourceProperties: withSnapshot,
  });
  const polled = { ...create, Run: 'yes', SnapshotId: id, Data: { RestorePoint: id } };
  const snapshotIs = (Status: string) =>
    rds
      .on(DescribeDBClusterSnapshotsCommand, { DBClusterSnapshotIdentifier: id })
      .resolves({ DBClusterSnapshots: [{ Status }] });

  test('starts no task before the snapshot exists, and names it as the restore point', async () => {
    expect(await onEvent(create)).toMatchObject({ SnapshotId: id, Data: { RestorePoint: id } });
    expect(rds.commandCalls(CreateDBClusterSnapshotCommand)[0]?.args[0].input).toEqual({
      DBClusterIdentifier: 'shop-production',
      DBClusterSnapshotIdentifier: id,
    });
    snapshotIs('creating');
    expect(await isComplete(polled)).toEqual({ IsComplete: false });
    expect(ecs.calls()).toHaveLength(0);
  });

  test('reuses the snapshot of an event that arrives twice', async () => {
    rds
      .on(CreateDBClusterSnapshotCommand)
      .rejects(new DBClusterSnapshotAlreadyExistsFault({ message: '', $metadata: {} }));
    expect((await onEvent(create)).SnapshotId).toBe(id);
  });

  test('starts one task after the snapshot, however often it is polled', async () => {
    snapshotIs('available');
    ecs.on(DescribeTasksCommand).resolves({ tasks: [{ lastStatus: 'RUNNING' }] });
    await isComplete(polled);
    await isComplete(polled);
    const tokens = ecs.commandCalls(RunTaskCommand).map(({ args }) => args[0].input.clientToken);
    expect(new Set(tokens)).toEqual(new Set([create.RequestId]));
  });

  test('starts no task if CloudFormation has stopped waiting', async () => {
    snapshotIs('available');
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    await expect(isComplete(polled)).rejects.toThrow('the stack status is UPDATE_ROLLBACK_IN_PROGRESS');
    expect(ecs.commandCalls(RunTaskCommand)).toHaveLength(0);
  });

  test('fails without migrating when the snapshot fails', async () => {
    snapshotIs('failed');
    await expect(isComplete(polled)).rejects.toThrow(`the snapshot ${id} failed, so no migration ran`);
    expect(ecs.calls()).toHaveLength(0);
  });

  const migrated = () => {
    snapshotIs('available');
    ecs
      .on(DescribeTasksCommand)
      .resolves({ tasks: [{ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 0 }] }] });
  };

  test('keeps its newest snapshots, and all snapshots of others', async () => {
    migrated();
    const made = (name: string, day: number) => ({
      DBClusterSnapshotIdentifier: name,
      SnapshotCreateTime: new Date(2026, 0, day),
    });
    rds.on(DescribeDBClusterSnapshotsCommand, { DBClusterIdentifier: 'shop-production' }).resolves({
      DBClusterSnapshots: [
        made('shop-production-before-a', 1),
        made('shop-production-before-c', 3),
        made('shop-production-before-b', 2),
        made('by-hand', 1),
      ],
    });
    expect(await isComplete(polled)).toEqual({ IsComplete: true });
    const deleted = rds.commandCalls(DeleteDBClusterSnapshotCommand).map(({ args }) => args[0].input);
    expect(deleted).toEqual([{ DBClusterSnapshotIdentifier: 'shop-production-before-a' }]);
  });

  test('succeeds although old snapshots cannot be deleted', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    migrated();
    rds
      .on(DescribeDBClusterSnapshotsCommand, { DBClusterIdentifier: 'shop-production' })
      .rejects(new Error('no'));
    expect(await isComplete(polled)).toEqual({ IsComplete: true });
  });

  test('takes none without new migrations', async () => {
    await onEvent({ ...create, RequestType: 'Update', OldResourceProperties: withSnapshot });
    await onEvent({ ...create, RequestType: 'Delete' });
    expect(rds.calls()).toHaveLength(0);
  });
});
