import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IConnectable, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';

import { describe, expect, test } from 'vitest';
import { ConnectionPooling, PooledPostgres, type PooledPostgresProps } from '../../../constructs/database';
import { testVpc } from './database-stack';

const PROXY = /^DatabaseProxySecurityGroup/;
const CLUSTER = /^DatabaseDatabaseSecurityGroup/;

/** A database in a stack of its own, with a network in the same stack or in a stack below it. */
function app(props: Partial<PooledPostgresProps> = {}, network?: 'own-stack') {
  const root = new App({ analyticsReporting: false });
  const networkStack = network ? new Stack(root, 'Network') : undefined;
  const data = new Stack(root, 'Data');
  const vpc = testVpc(networkStack ?? data);
  const database = new PooledPostgres(data, 'Database', {
    vpc,
    defaultDatabaseName: 'guestbook',
    capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 4 },
    ...props,
  });
  return { root, networkStack, data, vpc, database };
}

/** A stack that needs the database, with a security group that lets nothing out by itself. */
function serverStack({ root, vpc, database }: ReturnType<typeof app>) {
  const stack = new Stack(root, 'Server');
  const server = new SecurityGroup(stack, 'Server', { vpc, allowAllOutbound: false });
  new CfnOutput(stack, 'Url', { value: database.serverEnvironment['DATABASE_URL']! });
  return { stack, server };
}

/** The rules of an assembly on PostgreSQL's port, as `stack: peer`. Fails for stacks that form a cycle. */
function rules(root: App, type: 'Ingress' | 'Egress'): string[] {
  return root
    .synth()
    .stacks.flatMap(({ stackName, template }) =>
      Object.values(
        template.Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>,
      )
        .filter(({ Type }) => Type === `AWS::EC2::SecurityGroup${type}`)
        .filter(({ Properties }) => Properties['FromPort'] === 5432)
        .map(({ Properties }) => `${stackName}: ${Properties['Description']}`),
    )
    .filter((rule) => rule.includes('peer'))
    .sort();
}

type Open = (database: PooledPostgres, peer: IConnectable) => void;
const ways: readonly (readonly [string, Open])[] = [
  ['database.connections', (database, peer) => database.connections.allowDefaultPortFrom(peer, 'peer')],
  ['the peer’s own connections', (database, peer) => peer.connections.allowToDefaultPort(database, 'peer')],
  ['allowDirectAccess()', (database, peer) => database.allowDirectAccess(peer, 'peer')],
];

describe.each(ways)('a path that %s opens', (way, open) => {
  test('to a peer in the same stack has both rules, once', () => {
    const { root, data, vpc, database } = app();
    open(database, new SecurityGroup(data, 'Peer', { vpc, allowAllOutbound: false }));
    expect([rules(root, 'Ingress'), rules(root, 'Egress')]).toEqual([
      [expect.stringMatching(/^Data: peer/)],
      [expect.stringMatching(/^Data: peer/)],
    ]);
  });

  test('to a peer in a dependent stack is defined in that stack', () => {
    const whole = app();
    const { server } = serverStack(whole);
    open(whole.database, server);
    expect([rules(whole.root, 'Ingress'), rules(whole.root, 'Egress')]).toEqual([
      [expect.stringMatching(/^Server: peer/)],
      [expect.stringMatching(/^Server: peer/)],
    ]);
  });

  test('ends at the proxy, or directly at the cluster', () => {
    const whole = app();
    const { stack, server } = serverStack(whole);
    open(whole.database, server);
    const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'));
    const target = JSON.stringify(rule!['Properties'].GroupId);
    expect(target).toMatch(
      way === 'allowDirectAccess()' ? /DatabaseDatabaseSecurityGroup/ : /DatabaseProxySecurityGroup/,
    );
  });

  test('ends at the cluster if there is no proxy', () => {
    const { data, vpc, database } = app({ pooling: ConnectionPooling.none() });
    open(database, new SecurityGroup(data, 'Peer', { vpc }));
    Template.fromStack(data).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Peer'), 'GroupId'] },
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp(CLUSTER.source), 'GroupId'] },
    });
  });

  test.each(['Data', 'Server'])('to an imported security group is defined in its stack, %s', (name) => {
    const whole = app();
    const { stack } = serverStack(whole);
    const scope = name === 'Data' ? whole.data : stack;
    open(whole.database, SecurityGroup.fromSecurityGroupId(scope, 'Imported', 'sg-0a1b2c3d4e5f60718'));
    expect(rules(whole.root, 'Ingress')).toEqual([expect.stringMatching(new RegExp(`^${name}: peer`))]);
    Template.fromStack(scope).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourceSecurityGroupId: 'sg-0a1b2c3d4e5f60718',
    });
  });
});

describe('a peer in a stack on which the database depends', () => {
  test('gets its rules in the stack of the database, which is created later', () => {
    const { root, networkStack, vpc, database } = app({}, 'own-stack');
    const bastion = new SecurityGroup(networkStack!, 'Bastion', { vpc, allowAllOutbound: false });
    database.connections.allowDefaultPortFrom(bastion, 'peer');
    expect([rules(root, 'Ingress'), rules(root, 'Egress')]).toEqual([['Data: peer'], ['Data: peer']]);
  });

  test('is recognised by an explicit dependency, too', () => {
    const { root, data, vpc, database } = app();
    const before = new Stack(root, 'Before');
    data.addStackDependency(before);
    const imported = Vpc.fromVpcAttributes(before, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] });
    database.connections.allowDefaultPortFrom(new SecurityGroup(before, 'Peer', { vpc: imported }), 'peer');
    expect(rules(root, 'Ingress')).toEqual(['Data: peer']);
    expect(vpc).toBeDefined();
  });

  test('is not assumed if only the network is imported', () => {
    const root = new App({ analyticsReporting: false });
    const server = new Stack(root, 'Server');
    const vpc = Vpc.fromVpcAttributes(server, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
    });
    const database = new PooledPostgres(new Stack(root, 'Data'), 'Database', {
      vpc,
      defaultDatabaseName: 'guestbook',
      capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 4 },
    });
    new CfnOutput(server, 'Url', { value: database.serverEnvironment['DATABASE_URL']! });
    database.connections.allowDefaultPortFrom(new SecurityGroup(server, 'Peer', { vpc }), 'peer');
    expect(rules(root, 'Ingress')).toEqual([expect.stringMatching(/^Server: /)]);
  });
});

test('an address range can be allowed, with an optional port', () => {
  const { data, database } = app();
  database.connections.allowFrom(Peer.ipv4('10.0.0.0/8'), Port.tcp(6432), 'office');
  Template.fromStack(data).hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: Match.stringLikeRegexp('the proxy of the database'),
    SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/8', FromPort: 6432 })],
  });
});

test('opens nothing else: neither path opens the other', () => {
  const { data, vpc, database } = app();
  database.connections.allowDefaultPortFrom(new SecurityGroup(data, 'Peer', { vpc }));
  const found = Object.values(Template.fromStack(data).findResources('AWS::EC2::SecurityGroupIngress'))
    .map(({ Properties }) => [
      Properties.SourceSecurityGroupId['Fn::GetAtt'][0],
      Properties.GroupId['Fn::GetAtt'][0],
    ])
    .filter(([from]) => from.startsWith('Peer'));
  expect(found).toEqual([[expect.stringMatching(/^Peer/), expect.stringMatching(PROXY)]]);
});

describe('grants', () => {
  const granted = (grant: (database: PooledPostgres, role: Role) => void) => {
    const whole = app();
    const stack = new Stack(whole.root, 'Reports');
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    grant(whole.database, role);
    whole.root.synth();
    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    return policy!['Properties'].PolicyDocument.Statement;
  };

  test('IAM authentication as one database user of this cluster', () => {
    const [statement] = granted((database, role) => database.grantConnect(role, 'reports'));
    expect(statement.Action).toBe('rds-db:connect');
    expect(JSON.stringify(statement.Resource)).toMatch(/DBClusterResourceId.*\/reports"/);
  });

  test.each([
    ['server', 'ActiveSecretArn'],
    ['migration', 'OwnerSecretArn'],
    ['reader', 'ReaderSecretArn'],
  ] as const)('reading the credentials of %s, and no other secret', (login, attribute) => {
    const statements = granted((database, role) => database.grantLogin(role, login));
    expect(statements).toHaveLength(1);
    expect(statements[0].Action).toContain('secretsmanager:GetSecretValue');
    expect(JSON.stringify(statements[0].Resource)).toContain(attribute);
  });

  test('decrypting it with a customer key, to a principal in another stack without a cycle', () => {
    const root = new App({ analyticsReporting: false });
    const data = new Stack(root, 'Data');
    const reports = new Stack(root, 'Reports');
    const database = new PooledPostgres(data, 'Database', {
      vpc: testVpc(data),
      defaultDatabaseName: 'guestbook',
      capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 4 },
      encryptionKey: new Key(data, 'Key'),
    });
    const role = new Role(reports, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    database.grantLogin(role, 'reader');
    root.synth();
    Template.fromStack(reports).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) },
    });
  });
});

test.each([false, true])('IAM authentication is enabled only if it is granted: %s', (used) => {
  const { database, data: stack } = app();
  if (used)
    database.grantConnect(
      new Role(stack, 'R', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }),
      'r',
    );
  Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBCluster', {
    EnableIAMDatabaseAuthentication: used ? true : Match.absent(),
  });
});
