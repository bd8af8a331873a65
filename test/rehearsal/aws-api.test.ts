import { once } from 'node:events';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import '@aws-sdk/signature-v4a';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudFrontKeyValueStoreClient, GetKeyCommand } from '@aws-sdk/client-cloudfront-keyvaluestore';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeManagedPrefixListsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DeleteServiceCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AwsEndpoint } from '../../lib/rehearsal/api/endpoint';
import { Network } from '../../lib/rehearsal/core/network';
import { Trace } from '../../lib/rehearsal/core/trace';
import type { TaskDefinition } from '../../lib/rehearsal/ecs/task-definition';
import { emptyAccount } from './small-account';

const CALLER = { name: 'Migrations', principal: 'arn:aws:iam::123456789012:role/migrations' };
const KVS = 'arn:aws:cloudfront::123456789012:key-value-store/pointer';
const KEY = { KvsARN: KVS, Key: 'release' };
const STATEMENT = { resourceArn: 'cluster', secretArn: 'secret', sql: 'SELECT 1' };

describe('the endpoint of the AWS API', () => {
  const { stage, ecs } = emptyAccount();
  const endpoint = new AwsEndpoint(stage.api, stage.network);
  const call = vi.spyOn(stage.api, 'call');
  let options: ReturnType<typeof signedBy>;
  /** Every host name is this machine, as in the network of a rehearsal. */
  const agent = new Agent({
    lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  function signedBy(accessKeyId: string) {
    const port = stage.network.reach({ name: 'test' }, 'api.aws.rehearsal:80');
    return {
      endpoint: `http://api.aws.rehearsal:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId, secretAccessKey: 'secret' },
      requestHandler: { httpAgent: agent },
      maxAttempts: 1,
    };
  }
  beforeAll(async () => {
    await endpoint.listen();
    options = signedBy(stage.api.accessKeyOf(CALLER));
  });
  afterAll(() => {
    agent.destroy();
    endpoint.close();
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'cloudformation:DescribeStacks',
      () => new CloudFormationClient(options).send(new DescribeStacksCommand({ StackName: 'shop' })),
    ],
    [
      'cloudfront-keyvaluestore:GetKey',
      () => new CloudFrontKeyValueStoreClient(options).send(new GetKeyCommand(KEY)),
    ],
    [
      'cloudwatch:DescribeAlarms',
      () => new CloudWatchClient(options).send(new DescribeAlarmsCommand({ AlarmNames: [] })),
    ],
    [
      'ec2:DescribeManagedPrefixLists',
      () => new EC2Client(options).send(new DescribeManagedPrefixListsCommand({})),
    ],
    ['ecs:ListTasks', () => new ECSClient(options).send(new ListTasksCommand({ serviceName: 'shop' }))],
    [
      'logs:GetLogEvents',
      () => new CloudWatchLogsClient(options).send(new GetLogEventsCommand({ logStreamName: 'server/1' })),
    ],
    [
      'rds-data:ExecuteStatement',
      () => new RDSDataClient(options).send(new ExecuteStatementCommand(STATEMENT)),
    ],
    [
      'secretsmanager:GetSecretValue',
      () => new SecretsManagerClient(options).send(new GetSecretValueCommand({ SecretId: 'login' })),
    ],
    [
      'ssm:GetParametersByPath',
      () => new SSMClient(options).send(new GetParametersByPathCommand({ Path: '/shop' })),
    ],
  ])('recognises the caller of %s', async (name, send) => {
    call.mockClear();
    await send().catch(() => {});
    expect(call).toHaveBeenCalledExactlyOnceWith(CALLER, name, expect.anything());
    expect(stage.api.knows(name)).toBe(true);
  });

  test('lists operations that it does not implement', async () => {
    const sent = new ECSClient(options).send(new DeleteServiceCommand({ service: 'shop' }));
    await expect(sent).rejects.toThrow('the rehearsal does not support ecs:DeleteService');
    expect([...endpoint.unknown]).toEqual(['DeleteService']);
  });

  test('refuses an unknown access key', async () => {
    const sent = new ECSClient(signedBy('nobody')).send(new ListTasksCommand({}));
    await expect(sent).rejects.toThrow('the access key id is unknown');
    expect(ecs.services.size).toBe(0);
  });
});

describe('the network', () => {
  test('decides for each process which hosts are reachable', () => {
    const network = new Network(new Trace());
    network.listen('db.example.com', 5432, 40_001, { name: 'Database' });
    network.listen('*.aws.rehearsal', 80, 40_002, { outside: 'aws' });
    network.attach('task-1', 8080, 40_003, { name: 'Server' });
    expect(network.reach({ name: 'LoadBalancer' }, 'task-1:8080')).toBe(40_003);
    expect(network.reach({ name: 'LoadBalancer' }, 'task-1:9090')).toBeUndefined();
    network.judge = ({ name }, to, port) => ({
      source: { resource: { logicalId: name } },
      target: 'outside' in to ? to : { resource: { logicalId: to.name } },
      port,
      verdict: name === 'Server' ? 'allowed' : 'denied',
    });
    expect(network.hostsFor({ name: 'Server' })).toEqual({
      'db.example.com:5432': 40_001,
      '*.aws.rehearsal:80': 40_002,
    });
    expect(network.hostsFor({ name: 'Migrations' })).toEqual({
      'db.example.com:5432': null,
      '*.aws.rehearsal:80': null,
    });
  });

  test('reports refused connections to hosts of the plan, but not to the internet', async () => {
    const network = new Network(new Trace());
    network.listen('db.example.com', 5432, 40_001, { name: 'Database' });
    network.judge = ({ name }, to, port) => ({
      source: { resource: { logicalId: name } },
      target: 'outside' in to ? to : { resource: { logicalId: to.name } },
      port,
      verdict: 'denied',
      reason: `no way to ${'outside' in to ? to.outside : to.name}`,
    });
    const reasons: string[] = [];
    const lines = Readable.from(['connect db.example.com:5432\n', 'connect example.com:443\n']);
    network.readMessages({ name: 'Migrations' }, lines, { refused: (reason) => reasons.push(reason) });
    await once(lines, 'close');
    expect(reasons).toEqual(['no way to Database']);
  });
});

describe('a task that a person starts', () => {
  test('exists and is stopped if ECS cannot read its secret', async () => {
    const { ecs, stage } = emptyAccount();
    const taskDefinition = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:1';
    const secrets = { PGPASSWORD: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:gone-abcdef' };
    ecs.taskDefinitions.set(taskDefinition, {
      logicalId: 'Task',
      executionRole: 'arn:aws:iam::123456789012:role/execution',
      container: { secrets, environment: {}, log: {} },
    } as unknown as TaskDefinition);
    const { tasks } = await stage.api.call<{ tasks: { taskArn: string }[] }>(CALLER, 'ecs:RunTask', {
      taskDefinition,
      cluster: 'shop',
      networkConfiguration: { awsvpcConfiguration: {} },
    });
    const described = await stage.api.call(CALLER, 'ecs:DescribeTasks', {
      cluster: 'shop',
      tasks: [tasks[0]!.taskArn],
    });
    expect(described).toMatchObject({
      tasks: [{ lastStatus: 'STOPPED', stoppedReason: expect.stringContaining('gone-abcdef') }],
    });
  });
});
