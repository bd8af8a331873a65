import type { Case } from './case';
import type { Draft } from './draft';

const POLICY = 'AWS::IAM::Policy';
const ROLE = 'AWS::IAM::Role';

// biome-ignore lint/suspicious/noExplicitAny: statements are read, not typed
type Statement = any;

const statements = (draft: Draft, type: string, path: string): Statement[] =>
  draft.properties(type, path)['PolicyDocument']['Statement'];

const allow = (draft: Draft, statement: Statement): void => {
  statements(draft, POLICY, 'Server/ReleaseChecks/Handler').push({ Effect: 'Allow', ...statement });
};

const trust = (draft: Draft): Statement[] =>
  draft.properties(ROLE, 'Database/Roles/Handler/Role')['AssumeRolePolicyDocument']['Statement'];

/** Changes of permissions. */
export const access: readonly Case[] = [
  {
    name: 'everything on everything',
    verdict: 'danger',
    rules: ['iam-wildcards'],
    change: (head) => allow(head, { Action: '*', Resource: '*' }),
  },
  {
    name: 'everything of a service on everything',
    verdict: 'danger',
    rules: ['iam-wildcards'],
    change: (head) => allow(head, { Action: 's3:*', Resource: '*' }),
  },
  {
    name: 'everything of a service on one bucket',
    verdict: 'caution',
    rules: ['iam-wildcards'],
    change: (head) =>
      allow(head, { Action: 's3:*', Resource: { 'Fn::GetAtt': ['ClientBucketD98C2C79', 'Arn'] } }),
  },
  {
    name: 'any secret can be read',
    verdict: 'danger',
    rules: ['iam-wildcards'],
    change: (head) => allow(head, { Action: 'secretsmanager:GetSecretValue', Resource: '*' }),
  },
  {
    name: 'anything but IAM',
    verdict: 'danger',
    rules: ['iam-wildcards'],
    change: (head) => allow(head, { NotAction: 'iam:*', Resource: '*' }),
  },
  {
    name: 'policies of a role can be changed',
    verdict: 'danger',
    rules: ['iam-wildcards'],
    change: (head) =>
      allow(head, { Action: 'iam:PutRolePolicy', Resource: 'arn:aws:iam::123456789012:role/shop' }),
  },
  {
    name: 'one more action on one table',
    verdict: 'clean',
    rules: ['iam-grants'],
    change: (head) =>
      allow(head, {
        Action: 'dynamodb:GetItem',
        Resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/orders',
      }),
  },
  {
    name: 'what only tells, on everything',
    verdict: 'clean',
    rules: ['iam-grants'],
    change: (head) => allow(head, { Action: 'ecs:DescribeTasks', Resource: '*' }),
  },
  {
    name: 'any role can be passed',
    verdict: 'danger',
    rules: ['iam-pass-role'],
    change: (head) => allow(head, { Action: 'iam:PassRole', Resource: '*' }),
  },
  {
    name: 'one role can be passed',
    verdict: 'caution',
    rules: ['iam-pass-role'],
    change: (head) =>
      allow(head, {
        Action: 'iam:PassRole',
        Resource: { 'Fn::GetAtt': [head.id(ROLE, 'Server/Task/Resource/TaskRole'), 'Arn'] },
      }),
  },
  {
    name: 'roles can be passed to any service',
    verdict: 'danger',
    rules: ['iam-conditions'],
    change: (head) => {
      for (const statement of statements(head, POLICY, 'Migrations/Run/Handler'))
        delete statement['Condition'];
    },
  },
  {
    name: 'the bucket’s content for every distribution',
    verdict: 'caution',
    rules: ['iam-conditions'],
    change: (head) => {
      for (const statement of statements(head, 'AWS::S3::BucketPolicy', 'Client/Bucket'))
        if (statement['Effect'] === 'Allow') delete statement['Condition'];
    },
  },
  {
    name: 'the bucket’s content for everybody',
    verdict: 'danger',
    rules: ['iam-principals'],
    change: (head) => {
      statements(head, 'AWS::S3::BucketPolicy', 'Client/Bucket').push({
        Effect: 'Allow',
        Action: 's3:GetObject',
        Principal: '*',
        Resource: { 'Fn::Sub': '${ClientBucketD98C2C79.Arn}/*' },
      });
    },
  },
  {
    name: 'the bucket without TLS',
    verdict: 'danger',
    rules: ['iam-denies'],
    change: (head) => {
      const policy = head.properties('AWS::S3::BucketPolicy', 'Client/Bucket')['PolicyDocument'];
      policy['Statement'] = policy['Statement'].filter(({ Effect }: Statement) => Effect === 'Allow');
    },
  },
  {
    name: 'another account may take a role',
    verdict: 'danger',
    rules: ['iam-principals'],
    change: (head) => {
      trust(head).push({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: 'arn:aws:iam::210987654321:root' },
      });
    },
  },
  {
    name: 'every role of the account may take a role',
    verdict: 'caution',
    rules: ['iam-principals'],
    change: (head) => {
      trust(head).push({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
      });
    },
  },
  {
    name: 'a new role for every workflow of a source host',
    verdict: 'danger',
    rules: ['iam-principals'],
    change: (head) =>
      head.add('data', 'Deployer', {
        Type: ROLE,
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRoleWithWebIdentity',
                Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/host' },
                Condition: { StringEquals: { 'host:aud': 'sts.amazonaws.com' } },
              },
            ],
          },
        },
      }),
  },
  {
    name: 'anybody may call a function',
    verdict: 'danger',
    rules: ['authentication', 'iam-principals'],
    change: (head) => {
      const FunctionName = { Ref: head.id('AWS::Lambda::Function', 'Server/ReleaseChecks') };
      head.add('release', 'Url', {
        Type: 'AWS::Lambda::Url',
        Properties: { AuthType: 'NONE', TargetFunctionArn: FunctionName },
      });
      head.add('release', 'UrlPermission', {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName,
          Action: 'lambda:InvokeFunctionUrl',
          Principal: '*',
          FunctionUrlAuthType: 'NONE',
        },
      });
    },
  },
  {
    name: 'the key for another account',
    verdict: 'danger',
    rules: ['iam-principals'],
    change: (head) => {
      head.properties('AWS::KMS::Key')['KeyPolicy']['Statement'].push({
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Principal: { AWS: '210987654321' },
        Resource: '*',
      });
    },
  },
  {
    name: 'an administrator',
    verdict: 'danger',
    rules: ['iam-managed-policies'],
    change: (head) => {
      head.properties(ROLE, 'Server/Task/Resource/TaskRole')['ManagedPolicyArns'] = [
        { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess' },
      ];
    },
  },
  {
    name: 'full access to a service',
    verdict: 'caution',
    rules: ['iam-managed-policies'],
    change: (head) => {
      head.properties(ROLE, 'Server/Task/Resource/TaskRole')['ManagedPolicyArns'] = [
        'arn:aws:iam::aws:policy/AmazonS3FullAccess',
      ];
    },
  },
  {
    name: 'the permissions boundary is removed',
    verdict: 'caution',
    rules: ['iam-managed-policies'],
    given: (both) => {
      both.properties(ROLE, 'Server/Task/Resource/TaskRole')['PermissionsBoundary'] =
        'arn:aws:iam::123456789012:policy/boundary';
    },
    change: (head) => {
      delete head.properties(ROLE, 'Server/Task/Resource/TaskRole')['PermissionsBoundary'];
    },
  },
  {
    name: 'a permission is narrowed to one resource',
    verdict: 'clean',
    rules: ['iam-revoked'],
    change: (head) => {
      for (const statement of statements(head, POLICY, 'Server/ReleaseChecks/Handler'))
        if (statement['Resource'] === '*')
          statement['Resource'] = 'arn:aws:ecs:us-east-1:123456789012:task-definition/shop:*';
    },
  },
];
