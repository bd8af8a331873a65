import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
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
import { beforeEach, describe, expect, test } from 'vitest';
import { DeploymentStrategy } from '../../../constructs/server';
import { isComplete, onEvent } from '../../../constructs/server/first-release.lambda';
import { mockClient } from '../../support/mock-client';
import { serverTemplate } from './server-stack';

const ecs = mockClient(ECSClient);
const logs = mockClient(CloudWatchLogsClient);
const from = Date.now();

// biome-ignore lint/suspicious/noExplicitAny: events are as CloudFormation sends them, not as our types say
const event = (RequestType = 'Create', more: object = {}): any => ({
  RequestType,
  LogicalResourceId: 'Watch',
  From: String(from),
  ResourceProperties: {
    Cluster: 'shop',
    Service: 'shop',
    Family: 'shop',
    Container: 'server',
    LogGroup: 'group',
    HealthySeconds: '900',
  },
  ...more,
});

/** ECS has one deployment. */
function deploymentIs(deployment: ServiceDeployment): void {
  const one = { serviceDeploymentArn: 'd-1', status: 'IN_PROGRESS', ...deployment } as const;
  ecs.on(ListServiceDeploymentsCommand).resolves({ serviceDeployments: [one] });
  ecs.on(DescribeServiceDeploymentsCommand).resolves({ serviceDeployments: [one] });
}

const ended = (n: number, more: Task = {}): Task => ({
  taskArn: `arn:aws:ecs:us-east-1:123456789012:task/shop/t${n}`,
  taskDefinitionArn: 'shop:1',
  lastStatus: 'STOPPED',
  stoppedReason: 'Essential container in task exited',
  createdAt: new Date(from + n * 1000),
  containers: [{ name: 'server', exitCode: n }],
  ...more,
});

function tasksAre(...tasks: Task[]): void {
  ecs.on(ListTasksCommand).resolves({ taskArns: tasks.map(({ taskArn }) => taskArn!) });
  ecs.on(DescribeTasksCommand).resolves({ tasks });
}

beforeEach(() => {
  ecs.reset();
  logs.reset();
  deploymentIs({ lifecycleStage: 'SCALE_UP' });
  tasksAre();
  ecs.on(DescribeTaskDefinitionCommand).resolves({
    taskDefinition: {
      containerDefinitions: [
        {
          name: 'server',
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-stream-prefix': 'one' } },
        },
      ],
    },
  });
  logs.on(GetLogEventsCommand).resolves({ events: [{ message: 'SESSION_SECRET is not set' }] });
});

describe('the monitoring of a first deployment', () => {
  test('fails if tasks keep stopping, with the reason and the log of the last one', async () => {
    tasksAre(ended(3), ended(1), ended(2));
    await expect(isComplete(event())).rejects.toThrow(
      'the tasks of the first release keep stopping (3 so far). The last one stopped with: ' +
        'Essential container in task exited, exit code 3\nSESSION_SECRET is not set',
    );
    expect(logs.commandCalls(GetLogEventsCommand)[0]?.args[0].input).toMatchObject({
      logGroupName: 'group',
      logStreamName: 'one/server/t3',
    });
    expect(ecs.commandCalls(ListTasksCommand)[0]?.args[0].input).toEqual({
      cluster: 'shop',
      family: 'shop',
      desiredStatus: 'STOPPED',
    });
  });

  test('names the error of a database driver, which prints many properties below it', async () => {
    tasksAre(ended(1), ended(2), ended(3));
    const properties = [
      '{',
      ...Array.from({ length: 20 }, (_, at) => `  p${at}: undefined,`),
      '}',
      '',
      'Node.js v24.0.0',
    ];
    const messages = [
      'starting',
      'error: permission denied for schema public',
      '    at main (/app/a.ts:1:1)',
      ...properties,
    ];
    logs.on(GetLogEventsCommand).resolves({ events: messages.map((message) => ({ message })) });
    await expect(isComplete(event())).rejects.toThrow(
      /exit code 3\nerror: permission denied for schema public\n {4}at main \(\/app\/a\.ts:1:1\)\n→ .*database\.applicationRole/,
    );
  });

  test('fails with the reason even without a log', async () => {
    ecs.on(DescribeTaskDefinitionCommand).rejects(new Error('denied'));
    tasksAre(ended(1), ended(2), ended(3, { stoppedReason: 'CannotPullContainerError', containers: [] }));
    await expect(isComplete(event())).rejects.toThrow(/last one stopped with: CannotPullContainerError$/);
  });

  test('waits while fewer tasks stopped, or they belong to an earlier attempt', async () => {
    tasksAre(ended(1), ended(2));
    expect(await isComplete(event())).toEqual({ IsComplete: false });
    tasksAre(ended(1), ended(2), ended(3, { createdAt: new Date(from - 60_000) }));
    expect(await isComplete(event())).toEqual({ IsComplete: false });
  });

  test('fails if no task becomes healthy in time', async () => {
    deploymentIs({ lifecycleStage: 'SCALE_UP', createdAt: new Date(Date.now() - 901_000) });
    await expect(isComplete(event())).rejects.toThrow(
      /^no task of the first release became healthy within 900 s\. Check that the server listens on PORT/,
    );
  });

  test('succeeds if the tasks are healthy', async () => {
    tasksAre(ended(1), ended(2), ended(3));
    deploymentIs({ lifecycleStage: 'POST_SCALE_UP' });
    expect(await isComplete(event())).toEqual({ IsComplete: true });
  });

  test('succeeds for a service with an earlier deployment', async () => {
    tasksAre(ended(1), ended(2), ended(3));
    deploymentIs({ status: 'SUCCESSFUL' });
    expect(await isComplete(event())).toEqual({ IsComplete: true });
    deploymentIs({ lifecycleStage: 'SCALE_UP', sourceServiceRevisions: [{ arn: 'r-1' }] });
    expect(await isComplete(event())).toEqual({ IsComplete: true });
  });

  test.each(['ServiceNotFoundException', 'ClusterNotFoundException'])(
    'waits for the service: %s',
    async (name) => {
      ecs.on(ListServiceDeploymentsCommand).rejects(Object.assign(new Error(name), { name }));
      expect(await isComplete(event())).toEqual({ IsComplete: false });
    },
  );

  test.each(['Update', 'Delete'])('does nothing on %s', async (type) => {
    expect(await onEvent(event(type, { PhysicalResourceId: 'Watch' }))).toMatchObject({
      PhysicalResourceId: 'Watch',
    });
    expect(await isComplete(event(type))).toEqual({ IsComplete: true });
    expect(ecs.calls()).toHaveLength(0);
  });
});

describe('the monitoring of a first deployment, as resource', () => {
  test('starts with the service, without a dependency on it', () => {
    const { DependsOn, Properties } = Object.values(
      serverTemplate().findResources('Custom::FirstRelease'),
    )[0]!;
    expect(DependsOn).toContainEqual(expect.stringMatching(/QuietAlarms/));
    expect(JSON.stringify([DependsOn, Properties])).not.toContain('ServerServiceService');
  });

  test('does not exist for rolling deployments, which have a circuit breaker', () => {
    serverTemplate({
      deployment: { strategy: DeploymentStrategy.rolling() },
    }).resourceCountIs('Custom::FirstRelease', 0);
  });
});
