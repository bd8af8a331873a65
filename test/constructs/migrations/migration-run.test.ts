import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTasksCommand, ECSClient, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isComplete, onEvent } from '../../../constructs/migrations/migration-run.lambda';

const ecs = mockClient(ECSClient);
const logs = mockClient(CloudWatchLogsClient);
const cloudFormation = mockClient(CloudFormationClient);

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
const running = (more: object = {}) =>
  event('Create', { TaskArn: TASK, StartedAt: new Date().toISOString(), ...more });
const stackIs = (StackStatus: string) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'shop', CreationTime: new Date(), StackStatus: StackStatus as never }],
  });

beforeEach(() => {
  for (const client of [ecs, logs, cloudFormation]) client.reset();
  vi.spyOn(console, 'log').mockImplementation(() => {});
  ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: TASK }] });
  logs.on(GetLogEventsCommand).resolves({ events: [{ message: 'relation "x" exists' }] });
  stackIs('UPDATE_IN_PROGRESS');
});

describe('starting', () => {
  test('runs one task for one request, however often the event arrives', async () => {
    await onEvent(event('Create'));
    await onEvent(event('Create'));
    const tokens = ecs.commandCalls(RunTaskCommand).map(({ args }) => args[0].input.clientToken);
    expect(tokens).toEqual(['request-1', 'request-1']);
  });

  test('says which moment can be restored to, before the task runs', async () => {
    const before = Date.now();
    const { Data } = await onEvent(event('Create'));
    expect(Date.parse(Data.RestorePoint)).toBeGreaterThanOrEqual(before);
  });

  test('runs when the migrations changed', async () => {
    expect(await onEvent(update({ Digest: 'd1' }))).toMatchObject({ TaskArn: TASK });
  });

  test('runs when the image changed', async () => {
    expect(await onEvent(update({ Image: 'image:1' }))).toMatchObject({ TaskArn: TASK });
  });

  test('runs nothing when neither changed', async () => {
    expect((await onEvent(update({ TimeoutSeconds: '60' }))).TaskArn).toBeUndefined();
    expect(ecs.calls()).toHaveLength(0);
  });

  test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])('runs nothing in %s', async (status) => {
    stackIs(status);
    expect((await onEvent(update({ Digest: 'd3', Image: 'image:3' }))).TaskArn).toBeUndefined();
    expect(ecs.calls()).toHaveLength(0);
  });

  test('runs nothing on deletion', async () => {
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

  test('waits for a task ECS does not show yet', async () => {
    ecs.on(DescribeTasksCommand).resolves({ tasks: [] });
    expect(await isComplete(running())).toEqual({ IsComplete: false });
  });

  test('is complete when the container ended with 0', async () => {
    taskIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 0 }] });
    expect(await isComplete(running())).toEqual({ IsComplete: true });
  });

  test('is complete when nothing was started', async () => {
    expect(await isComplete(running({ TaskArn: undefined }))).toEqual({ IsComplete: true });
  });

  test('fails with exit code and last log lines', async () => {
    taskIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 1 }] });
    await expect(isComplete(running())).rejects.toThrow('exit code 1\nrelation "x" exists');
    expect(logs.commandCalls(GetLogEventsCommand)[0]?.args[0].input.logStreamName).toBe(
      'migrations/migrations/0123',
    );
  });

  test('fails with the reason of a task that never ran', async () => {
    taskIs({
      lastStatus: 'STOPPED',
      stoppedReason: 'CannotPullContainerError',
      containers: [{ name: 'migrations' }],
    });
    await expect(isComplete(running())).rejects.toThrow('CannotPullContainerError');
  });

  test('fails with the exit code even when the log cannot be read', async () => {
    taskIs({ lastStatus: 'STOPPED', containers: [{ name: 'migrations', exitCode: 2 }] });
    logs.on(GetLogEventsCommand).rejects(new Error('no such stream'));
    await expect(isComplete(running())).rejects.toThrow(
      /exit code 2\n\(its log could not be read: no such stream/,
    );
  });

  test('stops a task that takes too long, and fails', async () => {
    taskIs({ lastStatus: 'RUNNING' });
    const StartedAt = new Date(Date.now() - 601_000).toISOString();
    await expect(isComplete(running({ StartedAt }))).rejects.toThrow('longer than 600 s and was stopped');
    expect(ecs.commandCalls(StopTaskCommand)[0]?.args[0].input).toMatchObject({
      cluster: 'shop',
      task: TASK,
    });
  });
});
