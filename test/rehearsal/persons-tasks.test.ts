import { describe, expect, test } from 'vitest';
import { startPersonsTasks } from '../../lib/rehearsal/persons-tasks';
import { emptyAccount } from './small-account';

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const LOGS = 'arn:aws:logs:eu-central-1:123456789012:log-group:tool';
const allow = (Action: string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
const document = (Statement: object[]) => ({ Version: '2012-10-17', Statement });
const trust = document([
  { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
]);
const CHANNELS = ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'];
const COMMAND =
  "aws ecs run-task --enable-execute-command --launch-type FARGATE --cluster tool --task-definition reader --network-configuration 'awsvpcConfiguration={subnets=[subnet-1],securityGroups=[sg-1]}'";

interface Changed {
  readonly actions?: string[];
  readonly command?: string;
  readonly isPrivate?: boolean;
  readonly logging?: object;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the tasks of a plan with one command for people. */
function started({
  actions,
  command = COMMAND,
  isPrivate,
  logging,
  environment = {},
}: Changed = {}): Promise<string[]> {
  const account = emptyAccount();
  const { inventory } = account.stage;
  const put = (
    id: string,
    type: string,
    properties: Record<string, unknown>,
    attributes: Record<string, string>,
  ) => inventory.put({ stack: 'data', id, type, properties, attributes: { Ref: id, ...attributes } });
  for (const name of ['TaskRole', 'ExecutionRole'])
    put(name, 'AWS::IAM::Role', { AssumeRolePolicyDocument: trust }, { Arn: role(name) });
  const all = [...CHANNELS.map((name) => `ssmmessages:${name}`), 'logs:DescribeLogGroups'];
  const group = allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], `${LOGS}:*`);
  const policies = {
    TaskRole: [allow(actions ?? all, '*'), group],
    ExecutionRole: [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `${LOGS}:*`)],
  };
  for (const [name, statements] of Object.entries(policies))
    put(`${name}Policy`, 'AWS::IAM::Policy', { Roles: [name], PolicyDocument: document(statements) }, {});
  const ExecuteCommandConfiguration = logging ?? {
    Logging: 'OVERRIDE',
    LogConfiguration: { CloudWatchLogGroupName: 'tool' },
  };
  put(
    'Cluster',
    'AWS::ECS::Cluster',
    { Configuration: { ExecuteCommandConfiguration } },
    {
      Ref: 'tool',
      Arn: 'arn:aws:ecs:eu-central-1:123456789012:cluster/tool',
    },
  );
  const container = {
    Image: 'public.ecr.aws/docker/library/postgres:17',
    LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'tool' } },
    Environment: Object.entries(environment).map(([Name, Value]) => ({ Name, Value })),
  };
  const definition = {
    Family: 'reader',
    TaskRoleArn: role('TaskRole'),
    ExecutionRoleArn: role('ExecutionRole'),
    ContainerDefinitions: [container],
  };
  put('Reader', 'AWS::ECS::TaskDefinition', definition, {
    Ref: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/reader:1',
  });
  if (isPrivate) {
    put('Subnet', 'AWS::EC2::Subnet', { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/24' }, { Ref: 'subnet-1' });
    put('Group', 'AWS::EC2::SecurityGroup', {}, { Ref: 'sg-1' });
  }
  account.cloudFormation.published.outputs.set('data', new Map([['Start', command]]));
  return startPersonsTasks(account);
}

describe('a task with a start command in an output', () => {
  test('is started and opens a session', async () => {
    expect(await started()).toEqual(['reader']);
  });

  test.each<[string, Changed, RegExp]>([
    [
      'a session without a channel',
      { actions: ['logs:DescribeLogGroups', 'ssmmessages:CreateControlChannel', 'ssmmessages:Open*'] },
      /^Reader \(AWS::ECS::TaskDefinition\) failed: .* ssmmessages:CreateDataChannel on resource: \*/,
    ],
    [
      'a session that cannot be recorded',
      { actions: ['ssmmessages:*'] },
      /assumed-role\/TaskRole\/.* logs:DescribeLogGroups on resource: \*/,
    ],
    [
      'a record in a bucket of which nobody may know the encryption',
      { logging: { Logging: 'OVERRIDE', LogConfiguration: { S3BucketName: 'sessions' } } },
      /s3:PutObject on resource: arn:aws:s3:::sessions\/rehearsal/,
    ],
    [
      'a task definition of another name',
      { command: COMMAND.replace('reader', 'writer') },
      /^Start: Value \(an output of data\) names a missing AWS::ECS::TaskDefinition: writer/,
    ],
    [
      'a subnet without a way out',
      { isPrivate: true },
      /ResourceInitializationError: a task of Reader cannot pull the image: Subnet has no SubnetRouteTableAssociation/,
    ],
    [
      'a database login without a host',
      { environment: { PGDATABASE: 'app', PGUSER: 'reader' } },
      /Reader: ContainerDefinitions psql cannot log in: PGHOST is not set/,
    ],
    [
      'a verified connection without a root certificate',
      { environment: { PGHOST: 'db.internal', PGSSLMODE: 'verify-full' } },
      /PGSSLROOTCERT is not set, and PGSSLMODE=verify-full needs a root certificate/,
    ],
  ])('%s is reported', async (_, changed, message) => {
    await expect(started(changed)).rejects.toThrow(message);
  });

  test('needs no session without --enable-execute-command', async () => {
    expect(await started({ actions: [], command: COMMAND.replace(' --enable-execute-command', '') })).toEqual(
      ['reader'],
    );
  });
});
