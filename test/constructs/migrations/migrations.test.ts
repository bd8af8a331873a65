import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { expect, test } from 'vitest';
import { Migrations, type MigrationsProps } from '../../../constructs/migrations';
import { nagFindings, testStack } from '../../support';

function migrations(props: Partial<MigrationsProps> = {}) {
  const stack = testStack();
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    privateSubnetIds: ['subnet-a', 'subnet-b'],
    privateSubnetRouteTableIds: ['table-a', 'table-b'],
  });
  const owner = Secret.fromSecretCompleteArn(
    stack,
    'Owner',
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:owner-AbCdEf',
  );
  new Migrations(stack, 'Migrations', {
    cluster: Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'shared', vpc }),
    image: ContainerImage.fromRegistry('example.com/app@sha256:1'),
    digest: 'abc',
    environment: { DATABASE_URL: 'postgresql://db:5432/app?sslmode=verify-full' },
    secrets: { PGPASSWORD: ContainerSecret.fromSecretsManager(owner, 'password') },
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
    ...props,
  });
  return stack;
}

const template = (props?: Partial<MigrationsProps>) => Template.fromStack(migrations(props));

test("runs the release's own image as the database's owner, with the password as a secret", () => {
  template().hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({
        Image: 'example.com/app@sha256:1',
        Command: ['node', 'migrate.mjs'],
        Environment: Match.arrayWith([
          { Name: 'DATABASE_URL', Value: 'postgresql://db:5432/app?sslmode=verify-full' },
        ]),
        Secrets: [{ Name: 'PGPASSWORD', ValueFrom: Match.anyValue() }],
        ReadonlyRootFilesystem: true,
      }),
    ],
  });
});

test('passes the handler the task to run and a digest of the migrations', () => {
  template().hasResourceProperties('Custom::Migrations', {
    Cluster: Match.anyValue(),
    TaskDefinition: { Ref: Match.stringLikeRegexp('MigrationsTask') },
    Container: 'migrations',
    Subnets: ['subnet-a', 'subnet-b'],
    SecurityGroups: ['sg-1'],
    Digest: 'abc',
    Image: 'example.com/app@sha256:1',
    TimeoutSeconds: '1800',
  });
});

test('may run this task definition and pass its two roles, nothing else', () => {
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'ecs:RunTask',
          Resource: { Ref: Match.stringLikeRegexp('MigrationsTask') },
        }),
        Match.objectLike({
          Action: 'iam:PassRole',
          Resource: [Match.anyValue(), Match.anyValue()],
          Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
      ]),
    },
  });
});

test("stops within CloudFormation's limit of one hour", () => {
  template({ timeout: Duration.minutes(50) }).hasResourceProperties('Custom::Migrations', {
    TimeoutSeconds: '3000',
    ServiceTimeout: '3420',
  });
});

test("stops waiting for a locked table before the server's requests queue up", () => {
  template().hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({
        Environment: Match.arrayWith([
          { Name: 'MIGRATION_STATEMENT_TIMEOUT_MS', Value: '300000' },
          { Name: 'MIGRATION_LOCK_TIMEOUT_MS', Value: '5000' },
        ]),
      }),
    ],
  });
});

test('can take a snapshot first, and may only touch its own snapshots', () => {
  const stack = migrations({
    snapshot: { clusterIdentifier: 'shop-production' },
    timeout: Duration.minutes(30),
  });
  const made = Template.fromStack(stack);
  made.hasResourceProperties('Custom::Migrations', {
    SnapshotCluster: 'shop-production',
    KeepSnapshots: '5',
  });
  made.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'rds:DeleteDBClusterSnapshot',
          Resource: {
            'Fn::Join': [
              '',
              Match.arrayWith([Match.stringLikeRegexp(':cluster-snapshot:shop-production-before-\\*$')]),
            ],
          },
        }),
      ]),
    },
  });
  expect(nagFindings(stack)).toEqual([]);
});

test('fails for a timeout without time for the snapshot', () => {
  expect(() =>
    migrations({ snapshot: { clusterIdentifier: 'shop' }, timeout: Duration.minutes(31) }),
  ).toThrow(/1 to 30 minutes after a snapshot, got 31 minutes/);
});

test('keeps every log in a protected group', () => {
  template().allResourcesProperties('AWS::Logs::LogGroup', { DataProtectionPolicy: Match.anyValue() });
});

test('passes cdk-nag', () => {
  expect(nagFindings(migrations())).toEqual([]);
});

test("fails for a timeout above CloudFormation's limit", () => {
  expect(() => migrations({ timeout: Duration.minutes(59) })).toThrow(/1 to 50 minutes, got 59 minutes/);
});
