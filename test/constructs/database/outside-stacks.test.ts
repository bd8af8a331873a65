import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, test } from 'vitest';
import {
  DatabaseRoles,
  DatabaseRotation,
  DatabaseToolTask,
  PooledPostgres,
  type PooledPostgresProps,
} from '../../../constructs/database';

/** A stack as `cdk init` creates it, without account and region. */
const outside = () => new Stack(new App({ analyticsReporting: false }), 'Shop');
const zones = ['us-east-1a', 'us-east-1b'];
const imported = (stack: Stack, subnets: object): IVpc =>
  Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0a1b2c3d', availabilityZones: zones, ...subnets });
const ISOLATED = { isolatedSubnetIds: ['subnet-iso1', 'subnet-iso2'] };
const PRIVATE = { privateSubnetIds: ['subnet-pri1', 'subnet-pri2'] };
const PUBLIC = { publicSubnetIds: ['subnet-pub1', 'subnet-pub2'] };

function database(stack: Stack, subnets: object, props: Partial<PooledPostgresProps> = {}) {
  return new PooledPostgres(stack, 'Database', {
    vpc: imported(stack, subnets),
    defaultDatabaseName: 'shop',
    capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 4 },
    ...props,
  });
}
const subnetsOf = (stack: Stack) => {
  const template = Template.fromStack(stack);
  const [group] = Object.values(template.findResources('AWS::RDS::DBSubnetGroup'));
  const [proxy] = Object.values(template.findResources('AWS::RDS::DBProxy'));
  expect(proxy!['Properties'].VpcSubnetIds).toEqual(group!['Properties'].SubnetIds);
  return group!['Properties'].SubnetIds;
};

describe('the subnets of a database', () => {
  test.each([
    ['isolated ones', { ...PUBLIC, ...PRIVATE, ...ISOLATED }, ISOLATED.isolatedSubnetIds],
    ['private ones where there are no isolated ones', { ...PUBLIC, ...PRIVATE }, PRIVATE.privateSubnetIds],
  ])('are %s', (_, subnets, expected) => {
    const stack = outside();
    database(stack, subnets);
    expect(subnetsOf(stack)).toEqual(expected);
  });

  test('are the named ones', () => {
    const stack = outside();
    database(
      stack,
      { ...PRIVATE, ...ISOLATED },
      { vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } },
    );
    expect(subnetsOf(stack)).toEqual(PRIVATE.privateSubnetIds);
  });

  test('fail if all are public, with advice', () => {
    expect(() => database(outside(), PUBLIC)).toThrow(
      "Shop/Database: 'vpc' must have isolated or private subnets for the database, got neither; add such subnets in two availability zones, or choose others with 'vpcSubnets'",
    );
  });
});

describe('a database in a stack without environment, with an imported network and key', () => {
  const stack = outside();
  PermissionsBoundary.of(stack).apply(
    ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::123456789012:policy/boundary'),
  );
  const encryptionKey = Key.fromKeyArn(
    stack,
    'Key',
    'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
  );
  const pooled = database(
    stack,
    { ...PRIVATE, ...ISOLATED },
    {
      encryptionKey,
      rotation: { service: { clusterName: 'shop', serviceName: 'shop' } },
    },
  );
  new DatabaseToolTask(stack, 'Tool', { database: pooled });
  const template = Template.fromStack(stack);
  const names = (type: string, property: string) =>
    Object.values(template.findResources(type)).map(({ Properties }) => Properties[property]);

  test('has generated names, the same in every synthesis', () => {
    const [identifier] = names('AWS::RDS::DBCluster', 'DBClusterIdentifier');
    expect(identifier).toMatch(/^shop-database/);
    expect(names('AWS::RDS::DBProxy', 'DBProxyName')).toEqual([identifier]);
    expect(names('AWS::StepFunctions::StateMachine', 'StateMachineName')).toEqual([
      `${identifier}-database-rotation`,
    ]);
    expect(names('AWS::ECS::Cluster', 'ClusterName')).toEqual([
      expect.stringMatching(/^shop-tool.*-database-tool$/),
    ]);
    const again = outside();
    expect(database(again, ISOLATED).cluster).toBeDefined();
    Template.fromStack(again).hasResourceProperties('AWS::RDS::DBCluster', {
      DBClusterIdentifier: identifier,
    });
  });

  test('gives every role the permissions boundary', () => {
    expect(new Set(names('AWS::IAM::Role', 'PermissionsBoundary'))).toEqual(
      new Set(['arn:aws:iam::123456789012:policy/boundary']),
    );
  });

  // The CDK would grant it in the policy of the key, which cannot be changed.
  test('lets each reader of a secret decrypt it, and each writer encrypt it', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).map(
      ([id, { Properties }]) => [id, JSON.stringify(Properties)] as const,
    );
    const having = (action: string) => policies.filter(([, text]) => text.includes(action)).map(([id]) => id);
    expect(having('secretsmanager:GetSecretValue')).toHaveLength(5);
    expect(having('kms:Decrypt')).toEqual(having('secretsmanager:GetSecretValue'));
    expect(having('secretsmanager:PutSecretValue')).toHaveLength(2);
    expect(having('kms:GenerateDataKey')).toEqual(having('secretsmanager:PutSecretValue'));
  });
});

describe('roles in an imported cluster', () => {
  const cluster = (stack: Stack) =>
    DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
      clusterIdentifier: 'platform',
      clusterResourceIdentifier: 'cluster-ABCD1234',
    });

  test('are managed with the secret of its master user, and rotated', () => {
    const stack = outside();
    const masterSecret = Secret.fromSecretNameV2(stack, 'Master', 'platform/master');
    const roles = new DatabaseRoles(stack, 'Roles', {
      cluster: cluster(stack),
      masterSecret,
      databaseName: 'Shop-2',
    });
    new DatabaseRotation(stack, 'Rotation', {
      roles,
      service: { clusterName: 'shop', serviceName: 'shop' },
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('Custom::DatabaseRoles', {
      ClusterResourceId: 'cluster-ABCD1234',
      DatabaseName: 'Shop-2',
      ApplicationRole: 'application',
    });
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  });

  test('fail at once without that secret, and for a cluster name that is too long', () => {
    const stack = outside();
    expect(
      () => new DatabaseRoles(stack, 'Roles', { cluster: cluster(stack), databaseName: 'x'.repeat(50) }),
    ).toThrow(/'databaseName' must have at most 49 bytes, got 50.*\n.*'masterSecret' is missing/);
  });
});

test.each([
  [
    'a tool',
    (stack: Stack) =>
      new DatabaseToolTask(stack, 'Tool', { name: '1shop', database: database(stack, PRIVATE) }),
  ],
  [
    'a rotation',
    (stack: Stack) => {
      const { roles } = database(stack, PRIVATE);
      return new DatabaseRotation(stack, 'Rotation', {
        name: '1shop',
        roles,
        service: { clusterName: 'a', serviceName: 'b' },
      });
    },
  ],
])('%s fails for a name that AWS would reject', (_, make) => {
  expect(() => make(outside())).toThrow("got '1shop'; use for example 'shop'");
});
