import { RegionInfo } from 'aws-cdk-lib/region-info';
import { describe, expect, test } from 'vitest';
import type { ServiceError } from '../../../lib/rehearsal/core/aws-api';
import type { InventoryItem } from '../../../lib/rehearsal/core/inventory';
import { OPT_IN_REGIONS } from '../../../lib/rehearsal/core/opt-in-regions';
import { DEPLOYERS } from '../../../lib/rehearsal/iam/judge-call';
import { emptyAccount } from '../small-account';

const ACCOUNT = '123456789012';
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${rest}`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

type Resource = Pick<InventoryItem, 'type' | 'properties'> & { readonly attributes?: Record<string, string> };
type Resources = Record<string, Resource>;

const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const allow = (Action: string | string[], Resource: string, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const trusted = (Service: string, more: object = {}) =>
  document({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', ...more });
const roleOf = (name: string, service: string, more: object = {}): Resource => ({
  type: 'AWS::IAM::Role',
  properties: { AssumeRolePolicyDocument: trusted(service), ...more },
  attributes: { Ref: name, Arn: role(name) },
});
const policyOf = (name: string, ...statements: object[]): Resource => ({
  type: 'AWS::IAM::Policy',
  properties: { Roles: [name], PolicyDocument: document(...statements) },
});

const KEY = arn('kms', 'key/1234');
const SECRET = arn('secretsmanager', 'secret:login-abcdef');
const TOPIC = arn('sns', 'pages');
const QUEUE = arn('sqs', 'lost');
const FUNCTION = arn('lambda', 'function:steps');
const RULE = arn('events', 'rule/daily');
const LOGS = arn('logs', 'log-group:steps:*');
const IMAGES = arn('ecr', 'repository/images');
const MACHINE = arn('states', 'stateMachine:watch');

/** A plan in which all is allowed. */
const PLAN: Resources = {
  Key: {
    type: 'AWS::KMS::Key',
    properties: {
      KeyPolicy: document(
        { ...allow('kms:*', '*'), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
        {
          ...allow(
            ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
            '*',
          ),
          Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
        },
        {
          ...allow(['kms:GenerateDataKey*', 'kms:Decrypt'], '*'),
          Principal: { Service: 'cloudwatch.amazonaws.com' },
        },
      ),
    },
    attributes: { Ref: '1234', Arn: KEY },
  },
  Logs: {
    type: 'AWS::Logs::LogGroup',
    properties: { KmsKeyId: KEY },
    attributes: { Ref: 'steps', Arn: LOGS },
  },
  Secret: { type: 'AWS::SecretsManager::Secret', properties: { KmsKeyId: KEY }, attributes: { Ref: SECRET } },
  StepsRole: roleOf('steps-role', 'lambda.amazonaws.com', {
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess'],
  }),
  StepsPolicy: policyOf(
    'steps-role',
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], LOGS),
    allow('secretsmanager:GetSecretValue', SECRET),
    allow('kms:Decrypt', KEY, {
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } },
    }),
  ),
  Steps: {
    type: 'AWS::Lambda::Function',
    properties: { Role: role('steps-role'), VpcConfig: {}, LoggingConfig: { LogGroup: 'steps' } },
    attributes: { Ref: 'steps', Arn: FUNCTION },
  },
  Rule: {
    type: 'AWS::Events::Rule',
    properties: { Targets: [{ Arn: FUNCTION, DeadLetterConfig: { Arn: QUEUE } }] },
    attributes: { Ref: 'daily', Arn: RULE },
  },
  RulePermission: {
    type: 'AWS::Lambda::Permission',
    properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: FUNCTION,
      Principal: 'events.amazonaws.com',
      SourceArn: RULE,
    },
  },
  Queue: {
    type: 'AWS::SQS::Queue',
    properties: {},
    attributes: { Ref: 'https://sqs/lost', Arn: QUEUE },
  },
  QueuePolicy: {
    type: 'AWS::SQS::QueuePolicy',
    properties: {
      Queues: ['https://sqs/lost'],
      PolicyDocument: document({
        ...allow('sqs:SendMessage', QUEUE, { Condition: { ArnEquals: { 'aws:SourceArn': RULE } } }),
        Principal: { Service: 'events.amazonaws.com' },
      }),
    },
  },
  Topic: { type: 'AWS::SNS::Topic', properties: { KmsMasterKeyId: KEY }, attributes: { Ref: TOPIC } },
  Alarm: {
    type: 'AWS::CloudWatch::Alarm',
    properties: { AlarmActions: [TOPIC] },
    attributes: { Ref: 'late', Arn: arn('cloudwatch', 'alarm:late') },
  },
  TaskRole: roleOf('task-role', 'ecs-tasks.amazonaws.com'),
  ExecutionRole: roleOf('execution-role', 'ecs-tasks.amazonaws.com'),
  ExecutionPolicy: policyOf(
    'execution-role',
    allow(['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'], IMAGES),
    allow('ecr:GetAuthorizationToken', '*'),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], LOGS),
    allow('secretsmanager:GetSecretValue', SECRET),
    allow('kms:Decrypt', KEY),
  ),
  Task: {
    type: 'AWS::ECS::TaskDefinition',
    properties: {
      ExecutionRoleArn: role('execution-role'),
      TaskRoleArn: role('task-role'),
      ContainerDefinitions: [
        {
          Image: `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/images:1`,
          Secrets: [{ ValueFrom: `${SECRET}:password::` }],
          LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'steps' } },
        },
      ],
    },
    attributes: { Ref: arn('ecs', 'task-definition/shop:1') },
  },
  MachineRole: {
    ...roleOf('machine-role', ''),
    properties: {
      AssumeRolePolicyDocument: trusted('states.amazonaws.com', {
        Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': MACHINE } },
      }),
    },
  },
  Machine: {
    type: 'AWS::StepFunctions::StateMachine',
    properties: { RoleArn: role('machine-role') },
    attributes: { Ref: MACHINE, Arn: MACHINE },
  },
};

/** Creates an account with the resources of a plan. Returns it with all denials. */
function account(plan: Resources) {
  const { stage, permissions } = emptyAccount();
  for (const [id, { type, properties, attributes = { Ref: id } }] of Object.entries(plan))
    stage.inventory.put({ stack: 'shop', id, type, properties, attributes: attributes as { Ref: string } });
  return { stage, permissions };
}

function denials(plan: Resources): string[] {
  const { stage, permissions } = account(plan);
  const refused: string[] = [];
  for (const item of stage.inventory.all)
    try {
      permissions.made(item);
    } catch (error) {
      refused.push((error as Error).message);
    }
  permissions.work('shop');
  const denied = stage.trace.calls.filter(
    ({ verdict, reason }) => verdict !== 'allowed' && reason !== DEPLOYERS,
  );
  return [
    ...refused,
    ...denied.map(({ caller, action, reason }) => `${caller.logicalId} ${action}: ${reason}`),
  ];
}

describe('a plan', () => {
  test('with all permissions passes', () => {
    expect(denials(PLAN)).toEqual([]);
    const { stage, permissions } = account(PLAN);
    permissions.work('shop');
    expect(stage.trace.calls.length).toBeGreaterThan(15);
  });

  /** Takes a text out of a resource of the plan, or another one in its place. */
  const without = (id: string, text: string, other = 'nobody'): Resources => {
    const json = JSON.stringify(PLAN[id]);
    expect(json).toContain(text);
    return { ...PLAN, [id]: JSON.parse(json.replace(text, other)) as Resource };
  };
  const drop = (id: string): Resources => {
    const { [id]: _, ...others } = PLAN;
    return others;
  };

  test.each<[string, Resources, RegExp]>([
    [
      'a trust policy',
      without('StepsRole', 'lambda.amazonaws.com'),
      /\(AWS::Lambda::Function\) failed: User: lambda\.amazonaws\.com is not authorized to perform: sts:AssumeRole on resource: \S+:role\/steps-role because no resource-based policy allows/,
    ],
    [
      'a condition of a trust policy',
      without('MachineRole', MACHINE, `${MACHINE}2`),
      /Machine sts:AssumeRole: the trust policy of \$\{MachineRole\.Arn} needs .*; a statement of MachineRole has the condition ArnLike aws:SourceArn: \S+:watch2, and the request has \$\{Machine}$/m,
    ],
    [
      'a managed policy',
      without('StepsRole', 'AWSLambdaENIManagementAccess', 'AWSLambdaBasicExecutionRole'),
      /Steps ec2:CreateNetworkInterface: \$\{StepsRole\.Arn} needs/,
    ],
    [
      'a managed policy that nobody knows',
      without('StepsRole', 'AWSLambdaENIManagementAccess', 'Other'),
      /ec2:CreateNetworkInterface: \S+Other is an AWS managed policy that the rehearsal does not contain/,
    ],
    [
      'the logs of a function',
      without('StepsPolicy', 'logs:PutLogEvents'),
      /^Steps logs:PutLogEvents: \$\{StepsRole\.Arn} needs \{"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"\$\{Logs\.Arn}/m,
    ],
    [
      'a permission of a function',
      drop('RulePermission'),
      /Rule lambda:InvokeFunction: \$\{Steps\.Arn} needs an AWS::Lambda::Permission for events/,
    ],
    ['the source of a permission', without('RulePermission', RULE, `${RULE}2`), /Rule lambda:InvokeFunction/],
    [
      'the policy of a queue',
      drop('QueuePolicy'),
      /Rule sqs:SendMessage: the policy of \$\{Queue\.Arn} needs/,
    ],
    [
      'the key of an encrypted topic',
      without('Key', 'cloudwatch.amazonaws.com'),
      /Alarm kms:GenerateDataKey: the policy of \$\{Key\.Arn} needs \{"Effect":"Allow","Principal":\{"Service":"cloudwatch/,
    ],
    [
      'the key of a log group',
      without('Key', 'logs.eu-central-1.amazonaws.com'),
      /\(AWS::Logs::LogGroup\) failed: User: logs\.eu-central-1/,
    ],
    [
      'a key that is open to the account',
      without('Key', 'root'),
      /Task kms:Decrypt: the policy of \$\{Key\.Arn} needs/,
    ],
    [
      'a key that the principal that deploys may change',
      without('Key', 'root'),
      /Key kms:PutKeyPolicy: the policy of \$\{Key\.Arn} needs \{"Effect":"Allow","Principal":\{"AWS":"the deploying principal"}/,
    ],
    [
      'a key that a service may use for the principal that deploys',
      without('Key', 'root'),
      /Secret kms:GenerateDataKey: the policy of \$\{Key\.Arn} needs/,
    ],
    [
      'a role',
      {
        ...PLAN,
        Task: { ...PLAN['Task']!, properties: { ...PLAN['Task']!.properties, ExecutionRoleArn: undefined } },
      },
      /Task logs:CreateLogStream: a role, which is missing, needs/,
    ],
    [
      'the key of a secret',
      without('ExecutionPolicy', 'kms:Decrypt'),
      /Task kms:Decrypt: \$\{ExecutionRole\.Arn} needs/,
    ],
    [
      'the secret of a task',
      without('ExecutionPolicy', 'secretsmanager:GetSecretValue'),
      /Task secretsmanager:GetSecretValue/,
    ],
    ['the image of a task', without('ExecutionPolicy', 'ecr:BatchGetImage'), /Task ecr:BatchGetImage/],
    [
      'the registry of a task',
      without('ExecutionPolicy', 'ecr:GetAuthorizationToken'),
      /Task ecr:GetAuthorizationToken/,
    ],
    [
      'the log streams of a task',
      without('ExecutionPolicy', 'logs:CreateLogStream'),
      /Task logs:CreateLogStream/,
    ],
    [
      'the task role',
      without('TaskRole', 'ecs-tasks.amazonaws.com'),
      /Task sts:AssumeRole: the trust policy of \$\{TaskRole\.Arn}/,
    ],
    [
      'an action to a boundary',
      {
        ...PLAN,
        Boundary: {
          type: 'AWS::IAM::ManagedPolicy',
          properties: {
            PolicyDocument: document(allow(['sts:*', 'ecr:*', 'kms:*', 'secretsmanager:*'], '*')),
          },
          attributes: { Ref: 'arn:aws:iam::aws:policy/b' },
        },
        ExecutionRole: roleOf('execution-role', 'ecs-tasks.amazonaws.com', {
          PermissionsBoundary: 'arn:aws:iam::aws:policy/b',
        }),
      },
      /Task logs:PutLogEvents: the permissions boundary of \$\{ExecutionRole\.Arn} needs/,
    ],
    [
      'by an explicit denial',
      { ...PLAN, Denial: policyOf('execution-role', { ...allow('ecr:*', '*'), Effect: 'Deny' }) },
      /Task ecr:BatchGetImage: a statement of Denial \(identity-based policy\) denies/,
    ],
  ])('lacks %s', (_, plan, expected) => {
    expect(denials(plan).join('\n')).toMatch(expected);
  });
});

describe('a call of a handler', () => {
  const caller = { name: 'Steps', principal: role('steps-role') };
  const read = (plan: Resources) =>
    account(plan)
      .stage.api.call(caller, 'secretsmanager:GetSecretValue', { SecretId: SECRET })
      .catch((error: ServiceError) => error);

  test('that IAM allows reaches the service', async () => {
    // The emulated service has no such secret.
    expect(await read(PLAN)).toMatchObject({ type: 'ResourceNotFoundException' });
  });

  test('that IAM denies gets the AWS error message', async () => {
    const { StepsPolicy: _, ...others } = PLAN;
    expect(await read(others)).toMatchObject({
      type: 'AccessDeniedException',
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/steps-role/rehearsal is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRET} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
    });
  });

  test('needs the KMS key of a secret', async () => {
    const { Key, ...others } = PLAN;
    const closed = { ...Key!, properties: { KeyPolicy: document() } };
    expect(await read({ ...others, Key: closed })).toMatchObject({
      type: 'AccessDeniedException',
      message: 'Access to KMS is not allowed',
    });
  });

  test('that IAM denies repeatedly moves the clock forward', async () => {
    const { StepsPolicy: _, ...others } = PLAN;
    const { stage } = account(others);
    const deny = () =>
      stage.api.call(caller, 'secretsmanager:GetSecretValue', { SecretId: SECRET }).catch(() => {});
    for (let times = 0; times < 5; times++) await deny();
    expect(stage.clock.ahead).toBe(120_000);
  });

  describe('from a function in a VPC', () => {
    const endpoint = (PolicyDocument: object | undefined): Resources => ({
      ...PLAN,
      Inside: {
        type: 'AWS::Lambda::Function',
        properties: { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } },
      },
      Subnet: {
        type: 'AWS::EC2::Subnet',
        properties: { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/24' },
        attributes: { Ref: 'subnet-1' },
      },
      Endpoint: {
        type: 'AWS::EC2::VPCEndpoint',
        properties: {
          VpcId: 'vpc-1',
          VpcEndpointType: 'Interface',
          PrivateDnsEnabled: true,
          ServiceName: 'com.amazonaws.eu-central-1.secretsmanager',
          PolicyDocument,
        },
        attributes: { Ref: 'vpce-0123456789abc' },
      },
    });
    const judged = async (plan: Resources, from?: { name: string; stack: string }) => {
      const { stage } = account(plan);
      await stage.api
        .call({ ...caller, from }, 'secretsmanager:GetSecretValue', { SecretId: SECRET })
        .catch(() => {});
      return stage.trace.calls
        .filter(({ action }) => action === 'secretsmanager:GetSecretValue')
        .map(({ verdict, reason = '' }) => `${verdict} ${reason}`.trim())
        .join();
    };
    const inside = { name: 'Inside', stack: 'shop' };
    const narrow = document({ ...allow('secretsmanager:GetSecretValue', `${SECRET}2`), Principal: '*' });

    test('is subject to the endpoint policy', async () => {
      expect(await judged(endpoint(undefined), inside)).toBe('allowed');
      expect(await judged(endpoint(narrow))).toBe('allowed');
      expect(await judged(endpoint(narrow), inside)).toBe(
        `denied the policy of the VPC endpoint Endpoint needs {"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"\${Secret}"}`,
      );
    });

    test('has the endpoint as condition key', async () => {
      const bound = (vpce: string): Resources => ({
        ...endpoint(undefined),
        StepsPolicy: policyOf(
          'steps-role',
          allow('secretsmanager:GetSecretValue', SECRET, {
            Condition: { StringEquals: { 'aws:SourceVpce': vpce } },
          }),
          allow('kms:Decrypt', KEY),
        ),
      });
      expect(await judged(bound('vpce-0123456789abc'), inside)).toBe('allowed');
      expect(await judged(bound('vpce-0123456789abc'))).toMatch(
        /^denied .*: \$\{Endpoint}, and the request has no such key$/,
      );
      expect(await judged(bound('vpce-0123456789def'), inside)).toMatch(
        /^denied .* vpce-0123456789def, and the request has \$\{Endpoint}$/,
      );
    });
  });

  test('of an unknown operation is not judged', async () => {
    const { stage } = account(PLAN);
    await stage.api.call(caller, 'ecs:DeleteCluster', {}).catch(() => {});
    expect(stage.trace.calls).toMatchObject([{ verdict: 'not judged', action: 'ecs:DeleteCluster' }]);
  });
});

test('the service of the region of a stack encrypts its log groups', () => {
  const { permissions } = account({
    Key: {
      type: 'AWS::KMS::Key',
      properties: {
        KeyPolicy: document({
          ...allow('kms:*', '*'),
          Principal: { Service: 'logs.us-east-1.amazonaws.com' },
        }),
      },
      attributes: { Ref: '1234', Arn: KEY },
    },
  });
  const group = {
    id: 'Edge',
    type: 'AWS::Logs::LogGroup',
    properties: { KmsKeyId: KEY },
    attributes: { Ref: 'edge' },
  };
  expect(() => permissions.made({ ...group, stack: 'edge', region: 'us-east-1' })).not.toThrow();
  expect(() => permissions.made({ ...group, stack: 'shop' })).toThrow('logs.eu-central-1.amazonaws.com');
});

test.each([
  ['eu-south-1', 'sns.eu-south-1.amazonaws.com', 0],
  ['eu-south-1', 'sns.amazonaws.com', 1],
  ['eu-central-1', 'sns.amazonaws.com', 0],
])('a topic of us-east-1 delivers to a queue in %s as %s: %i denials', (region, service, count) => {
  const topic = `arn:aws:sns:us-east-1:${ACCOUNT}:pages`;
  const queue = `arn:aws:sqs:${region}:${ACCOUNT}:pages`;
  const policy = { ...allow('sqs:SendMessage', queue), Principal: { Service: service } };
  expect(
    denials({
      Topic: { type: 'AWS::SNS::Topic', properties: {}, attributes: { Ref: topic } },
      Queue: {
        type: 'AWS::SQS::Queue',
        properties: {},
        attributes: { Ref: 'https://sqs/pages', Arn: queue },
      },
      QueuePolicy: {
        type: 'AWS::SQS::QueuePolicy',
        properties: { Queues: ['https://sqs/pages'], PolicyDocument: document(policy) },
      },
      Forward: { type: 'AWS::SNS::Subscription', properties: { Endpoint: queue, TopicArn: topic } },
    }),
  ).toHaveLength(count);
});

test('the opt-in regions are those of the CDK', () => {
  const ofCdk = RegionInfo.regions.filter(({ isOptInRegion }) => isOptInRegion).map(({ name }) => name);
  expect([...OPT_IN_REGIONS]).toEqual(ofCdk.sort());
});
