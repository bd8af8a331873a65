import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, FargateTaskDefinition, type Secret } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DatabaseInsightsMode } from 'aws-cdk-lib/aws-rds';
import { describe, expect, test } from 'vitest';
import { ConnectionPooling, PooledPostgres } from '../../../constructs/database';
import { nagFindings } from '../../support';
import { only, testDatabase, testVpc } from './database-stack';

const CLUSTER = 'AWS::RDS::DBCluster';

describe('cluster', () => {
  const template = testDatabase().template();
  const cluster = only(template, CLUSTER);

  test('is encrypted', () => expect(cluster.StorageEncrypted).toBe(true));
  test('is protected from deletion', () => expect(cluster.DeletionProtection).toBe(true));
  test('leaves a snapshot if it is removed from the stack', () => {
    template.hasResource(CLUSTER, { DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot' });
  });
  test('leaves the master password to RDS', () => {
    expect(cluster.ManageMasterUserPassword).toBe(true);
    expect(cluster.MasterUserPassword).toBeUndefined();
  });
  test('has the Data API enabled', () => expect(cluster.EnableHttpEndpoint).toBe(true));
  test('keeps backups for 14 days', () => expect(cluster.BackupRetentionPeriod).toBe(14));
  test('runs PostgreSQL 17', () => expect(cluster.EngineVersion).toMatch(/^17\./));
  test('has Database Insights', () => {
    expect(cluster).toMatchObject({ DatabaseInsightsMode: 'standard', PerformanceInsightsEnabled: true });
  });
  test('does not upgrade minor versions automatically', () => {
    template.allResourcesProperties('AWS::RDS::DBInstance', { AutoMinorVersionUpgrade: false });
  });
  test('has a fixed identifier, so that an accidental replacement fails', () => {
    expect(cluster.DBClusterIdentifier).toBe('guestbook-test');
  });

  test.each([
    ['rds.force_ssl', '1'],
    ['log_min_duration_statement', '500'],
    ['idle_in_transaction_session_timeout', '60000'],
    ['shared_preload_libraries', 'pg_stat_statements'],
    ['log_parameter_max_length', '0'],
    ['log_parameter_max_length_on_error', '0'],
    ['log_error_verbosity', 'terse'],
  ])('sets %s to %s', (parameter, value) => {
    expect(only(template, 'AWS::RDS::DBClusterParameterGroup').Parameters[parameter]).toBe(value);
  });

  test('logs into protected groups that exist before it', () => {
    const names = cluster.EnableCloudwatchLogsExports.map(
      (type: string) => `/aws/rds/cluster/guestbook-test/${type}`,
    );
    const groups = template.findResources('AWS::Logs::LogGroup', {
      Properties: { DataProtectionPolicy: Match.anyValue(), RetentionInDays: 30 },
    });
    const ids = names.map((name: string) =>
      Object.keys(groups).find((id) => groups[id]!['Properties'].LogGroupName === name),
    );
    template.hasResource(CLUSTER, { DependsOn: Match.arrayWith(ids.sort()) });
  });

  test('has a saved query for the slowest statements in its log', () => {
    const query = only(template, 'AWS::Logs::QueryDefinition');
    expect(query.Name).toBe('guestbook-test/slowest-queries');
    expect(query.LogGroupNames).toHaveLength(1);
  });
});

describe('cluster options', () => {
  test('serverless capacity', () => {
    const cluster = only(
      testDatabase({ capacity: { serverlessV2MinCapacity: 0.5, serverlessV2MaxCapacity: 8 } }).template(),
      CLUSTER,
    );
    expect(cluster.ServerlessV2ScalingConfiguration).toEqual({ MinCapacity: 0.5, MaxCapacity: 8 });
  });
  test('an instance class', () => {
    const instanceType = InstanceType.of(InstanceClass.R8G, InstanceSize.LARGE);
    const template = testDatabase({ capacity: { instanceType }, readers: 1 }).template();
    template.allResourcesProperties('AWS::RDS::DBInstance', { DBInstanceClass: 'db.r8g.large' });
    expect(only(template, CLUSTER).ServerlessV2ScalingConfiguration).toBeUndefined();
  });
  test('the first reader scales with the writer for a failover, further ones do not', () => {
    const template = testDatabase({ readers: 2 }).template();
    const tiers = Object.values(template.findResources('AWS::RDS::DBInstance')).map(
      ({ Properties }) => Properties.PromotionTier,
    );
    expect(tiers.sort()).toEqual([0, 1, 2]);
  });
  test('advanced insights keep data for 15 months', () => {
    expect(
      only(testDatabase({ databaseInsightsMode: DatabaseInsightsMode.ADVANCED }).template(), CLUSTER),
    ).toMatchObject({
      DatabaseInsightsMode: 'advanced',
      PerformanceInsightsRetentionPeriod: 465,
    });
  });
  test('parameters of the props override the defaults', () => {
    const template = testDatabase({ parameters: { log_error_verbosity: 'default' } }).template();
    expect(only(template, 'AWS::RDS::DBClusterParameterGroup').Parameters['log_error_verbosity']).toBe(
      'default',
    );
  });
  test('windows, backups and removal', () => {
    const template = testDatabase({
      backup: { preferredWindow: '05:00-06:00', retention: Duration.days(1) },
      preferredMaintenanceWindow: 'mon:07:00-mon:08:00',
      deletionProtection: false,
      removalPolicy: RemovalPolicy.DESTROY,
    }).template();
    template.hasResource(CLUSTER, { DeletionPolicy: 'Delete' });
    expect(only(template, CLUSTER)).toMatchObject({
      PreferredBackupWindow: '05:00-06:00',
      PreferredMaintenanceWindow: 'mon:07:00-mon:08:00',
      BackupRetentionPeriod: 1,
      DeletionProtection: false,
    });
  });
});

describe('restore', () => {
  test('from a snapshot keeps the logical id and inherits user and database', () => {
    const fresh = Object.keys(testDatabase().template().findResources(CLUSTER));
    const template = testDatabase({
      restore: { snapshotIdentifier: 'before-the-accident' },
      clusterIdentifier: 'guestbook-test-2',
    }).template();
    expect(Object.keys(template.findResources(CLUSTER))).toEqual(fresh);
    const cluster = only(template, CLUSTER);
    expect(cluster).toMatchObject({
      SnapshotIdentifier: 'before-the-accident',
      DBClusterIdentifier: 'guestbook-test-2',
    });
    expect(cluster).not.toHaveProperty('MasterUsername');
    expect(cluster).not.toHaveProperty('DatabaseName');
  });
  test('to a point in time', () => {
    const restoreToTime = new Date('2026-01-02T03:04:05Z');
    const restore = { sourceDbClusterIdentifier: 'guestbook-test', restoreToTime };
    expect(
      only(testDatabase({ restore, clusterIdentifier: 'guestbook-test-2' }).template(), CLUSTER),
    ).toMatchObject({
      SourceDBClusterIdentifier: 'guestbook-test',
      RestoreToTime: '2026-01-02T03:04:05.000Z',
    });
  });
  test('to the latest point in time', () => {
    const restore = { sourceDbClusterIdentifier: 'guestbook-staging' };
    expect(only(testDatabase({ restore }).template(), CLUSTER)).toMatchObject({
      SourceDBClusterIdentifier: 'guestbook-staging',
      UseLatestRestorableTime: true,
    });
  });
  test('names the log groups after the new cluster', () => {
    testDatabase({ clusterIdentifier: 'guestbook-test-2' })
      .template()
      .hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: '/aws/rds/cluster/guestbook-test-2/postgresql',
      });
  });
});

describe('proxy', () => {
  const template = testDatabase().template();

  test('requires TLS', () => {
    template.hasResourceProperties('AWS::RDS::DBProxy', { RequireTLS: true });
  });
  test('is named after the environment', () => {
    template.hasResourceProperties('AWS::RDS::DBProxy', { DBProxyName: 'guestbook-test' });
  });
  test('authenticates both logins with SCRAM', () => {
    const { Auth } = only(template, 'AWS::RDS::DBProxy');
    expect(Auth.map((auth: { SecretArn: { Ref: string } }) => auth.SecretArn.Ref)).toEqual([
      expect.stringMatching(/^DatabaseRolesLoginA/),
      expect.stringMatching(/^DatabaseRolesLoginB/),
    ]);
    for (const auth of Auth) expect(auth.ClientPasswordAuthType).toBe('POSTGRES_SCRAM_SHA_256');
  });
  test('waits for the writer', () => {
    const [writer] = Object.keys(template.findResources('AWS::RDS::DBInstance'));
    template.hasResource('AWS::RDS::DBProxyTargetGroup', { DependsOn: Match.arrayWith([writer]) });
  });
  test('leaves connections for other clients, and limits the wait of a request', () => {
    template.hasResourceProperties('AWS::RDS::DBProxyTargetGroup', {
      ConnectionPoolConfigurationInfo: {
        MaxConnectionsPercent: 85,
        MaxIdleConnectionsPercent: 40,
        ConnectionBorrowTimeout: 15,
      },
    });
  });
  test('accepts options', () => {
    const { template } = testDatabase({
      pooling: ConnectionPooling.rdsProxy({
        maxConnectionsPercent: 30,
        borrowTimeout: Duration.seconds(7),
        idleClientTimeout: Duration.minutes(5),
      }),
    });
    template().hasResourceProperties('AWS::RDS::DBProxyTargetGroup', {
      ConnectionPoolConfigurationInfo: {
        MaxConnectionsPercent: 30,
        MaxIdleConnectionsPercent: 30,
        ConnectionBorrowTimeout: 7,
      },
    });
    template().hasResourceProperties('AWS::RDS::DBProxy', { IdleClientTimeout: 300 });
  });
  test('logs into a protected group that exists before it', () => {
    const [group] = Object.keys(
      template.findResources('AWS::Logs::LogGroup', {
        Properties: { LogGroupName: '/aws/rds/proxy/guestbook-test', DataProtectionPolicy: Match.anyValue() },
      }),
    );
    template.hasResource('AWS::RDS::DBProxy', { DependsOn: Match.arrayWith([group]) });
  });
  test('gets its target after the roles exist', () => {
    const [roles] = Object.keys(template.findResources('Custom::DatabaseRoles'));
    template.hasResource('AWS::RDS::DBProxyTargetGroup', { DependsOn: Match.arrayWith([roles]) });
  });
  test('can be omitted', () => {
    const { database, template } = testDatabase({ pooling: ConnectionPooling.none() });
    template().resourceCountIs('AWS::RDS::DBProxy', 0);
    expect(database.proxy).toBeUndefined();
  });
});

describe('security groups', () => {
  /** Ingress rules as `from → to`, both named after their security groups. */
  const ingress = (props = {}) => {
    const { stack, template } = testDatabase(props);
    const name = (id: string) => /^Database(\w+?)SecurityGroup/.exec(id)![1]!;
    const group = (value: unknown) =>
      name((stack.resolve(value) as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0]);
    return Object.values(template().findResources('AWS::EC2::SecurityGroupIngress'))
      .map(({ Properties: rule }) => `${group(rule.SourceSecurityGroupId)} → ${group(rule.GroupId)}`)
      .sort();
  };

  test('allow clients to the proxy, and proxy and migrations to the database, each once', () => {
    expect(ingress()).toEqual(['Client → Proxy', 'Migration → Database', 'Proxy → Database']);
  });
  test('allow clients to the database without a proxy', () => {
    expect(ingress({ pooling: ConnectionPooling.none() })).toEqual([
      'Client → Database',
      'Migration → Database',
    ]);
  });
  test('have no rule with an address, except for the outbound traffic of migrations', () => {
    const { template } = testDatabase();
    const groups = Object.entries(template().findResources('AWS::EC2::SecurityGroup'));
    for (const [id, { Properties }] of groups.filter(([id]) => !id.includes('Migration'))) {
      expect([id, Properties.SecurityGroupIngress]).toEqual([id, undefined]);
      expect([id, Properties.SecurityGroupEgress]).toEqual([
        id,
        [expect.objectContaining({ CidrIp: '255.255.255.255/32' })],
      ]);
    }
  });
  // Fargate pulls the image, reads the secrets and logs through the network interface of the task itself.
  test('let a migration task reach its image, secrets and log', () => {
    const groups = testDatabase().template().findResources('AWS::EC2::SecurityGroup');
    const [, { Properties: group }] = Object.entries(groups).find(([id]) => id.includes('Migration'))!;
    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(group.SecurityGroupEgress).toEqual([
      expect.objectContaining({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }),
    ]);
  });
  test('allow peers that the owner adds', () => {
    const { stack, database, template } = testDatabase();
    const peer = new SecurityGroup(stack, 'Peer', { vpc: database.vpc, allowAllOutbound: false });
    database.allowDirectAccess(peer, 'a tool');
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      Description: 'a tool to the database',
    });
  });
});

describe('contract with the application', () => {
  test('the server connects to the proxy, with neither user nor password in the URL', () => {
    const { stack, database } = testDatabase();
    const [url] = Object.values(database.serverEnvironment);
    expect(Object.keys(database.serverEnvironment)).toEqual(['DATABASE_URL']);
    expect(stack.resolve(url)).toEqual({
      'Fn::Join': [
        '',
        [
          'postgresql://',
          { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseProxy/), 'Endpoint'] },
          ':5432/guestbook?sslmode=verify-full',
        ],
      ],
    });
  });
  test('the server connects to the database where there is no proxy', () => {
    const { stack, database } = testDatabase({ pooling: ConnectionPooling.none() });
    expect(JSON.stringify(stack.resolve(database.serverEnvironment))).toContain('Endpoint.Address');
  });
  test('migrations connect to the database itself', () => {
    const { stack, database } = testDatabase();
    expect(JSON.stringify(stack.resolve(database.migrationEnvironment))).toContain('Endpoint.Address');
  });
  test.each([
    ['serverSecrets', 'ActiveSecretArn'],
    ['migrationSecrets', 'OwnerSecretArn'],
  ] as const)('%s come from %s, so that a task waits for the roles', (secrets, attribute) => {
    const { stack, database } = testDatabase();
    expect(Object.keys(database[secrets])).toEqual(['PGUSER', 'PGPASSWORD']);
    expect(stack.resolve(database[secrets]['PGPASSWORD']!.arn)).toEqual({
      'Fn::Join': [
        '',
        [{ 'Fn::GetAtt': [expect.stringMatching(/^DatabaseRoles/), attribute] }, ':password::'],
      ],
    });
  });
});

describe('roles', () => {
  test('are created after the writer, within 10 minutes', () => {
    const { template } = testDatabase();
    const [writer] = Object.keys(template().findResources('AWS::RDS::DBInstance'));
    template().hasResource('Custom::DatabaseRoles', {
      Properties: { DatabaseName: 'guestbook', ApplicationRole: 'application', ServiceTimeout: '600' },
      DependsOn: Match.arrayWith([writer]),
    });
  });
  test('can let the application change the schema, with SET ROLE on each proxy connection', () => {
    const { template } = testDatabase({ applicationRole: 'owner' });
    template().hasResourceProperties('Custom::DatabaseRoles', { ApplicationRole: 'owner' });
    template().hasResourceProperties('AWS::RDS::DBProxyTargetGroup', {
      ConnectionPoolConfigurationInfo: { InitQuery: 'SET ROLE "guestbook_owner"' },
    });
    testDatabase()
      .template()
      .hasResourceProperties('AWS::RDS::DBProxyTargetGroup', {
        ConnectionPoolConfigurationInfo: { InitQuery: Match.absent() },
      });
  });
  test('have generated passwords without characters that need escaping', () => {
    testDatabase()
      .template()
      .allResourcesProperties('AWS::SecretsManager::Secret', {
        GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 32 },
      });
  });
  test('have a handler that may run statements on this cluster and write the active secret, nothing else', () => {
    const { template } = testDatabase();
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('RolesHandler'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'rds-data:ExecuteStatement',
            Resource: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
          }),
          Match.objectLike({
            Action: 'secretsmanager:PutSecretValue',
            Resource: { Ref: Match.stringLikeRegexp('RolesActive') },
          }),
        ]),
      },
    });
  });
});

describe('a customer key', () => {
  const { stack, template } = testDatabase((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
  const key = { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] };

  test('encrypts storage, insights and the master secret', () => {
    expect(only(template(), CLUSTER)).toMatchObject({
      KmsKeyId: key,
      PerformanceInsightsKmsKeyId: key,
      MasterUserSecret: { KmsKeyId: key },
    });
  });
  test('encrypts every secret', () => {
    template().allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: key });
  });
  test.each([/^DatabaseProxyIAMRole/, /^DatabaseRolesHandlerRole/])('lets %s decrypt secrets', (role) => {
    const readers = Object.values(template().findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('kms:Decrypt'))
      .flatMap(({ Properties }) => Properties.Roles);
    expect(readers).toContainEqual({ Ref: expect.stringMatching(role) });
  });
  test('can be in another stack, without a dependency cycle', () => {
    const root = new App({ analyticsReporting: false });
    const keys = new Stack(root, 'Keys');
    const stack = new Stack(root, 'Data');
    new PooledPostgres(stack, 'Database', {
      vpc: testVpc(stack),
      defaultDatabaseName: 'guestbook',
      capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 4 },
      encryptionKey: new Key(keys, 'Key'),
      rotation: { service: { clusterName: 'guestbook', serviceName: 'guestbook' } },
    });
    root.synth();
    expect(keys.dependencies).toEqual([]);
  });
  test('lets tasks of another stack read the credentials without a dependency cycle', () => {
    const { stack, database } = testDatabase((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    const other = new Stack(stack.node.root, 'Other');
    const task = new FargateTaskDefinition(other, 'Task');
    task.addContainer('app', {
      image: ContainerImage.fromRegistry('scratch'),
      secrets: database.serverSecrets as Record<string, Secret>,
    });
    Template.fromStack(other).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) },
    });
    Template.fromStack(stack);
  });
  test('cdk-nag finds nothing', () =>
    expect(nagFindings(stack).filter((f) => !f.includes('Vpc') && !f.includes('Key'))).toEqual([]));
});

describe('wrong input', () => {
  const failure = (props: Parameters<typeof testDatabase>[0]) => () => testDatabase(props);

  test('fails for 0 ACU with a proxy, with the reason', () => {
    expect(failure({ capacity: { serverlessV2MinCapacity: 0, serverlessV2MaxCapacity: 1 } })).toThrow(
      "Test/Database: 'capacity.serverlessV2MinCapacity' must be at least 0.5 with a proxy, got 0: the proxy keeps connections open, so the database would never pause; raise the minimum, or set 'pooling: ConnectionPooling.none()'",
    );
  });
  test('accepts 0 ACU without a proxy', () => {
    const { template } = testDatabase({
      capacity: {
        serverlessV2MinCapacity: 0,
        serverlessV2MaxCapacity: 1,
        serverlessV2AutoPauseDuration: Duration.minutes(10),
      },
      pooling: ConnectionPooling.none(),
    });
    expect(only(template(), CLUSTER).ServerlessV2ScalingConfiguration).toEqual({
      MinCapacity: 0,
      MaxCapacity: 1,
      SecondsUntilAutoPause: 600,
    });
  });
  test.each([
    [
      { capacity: { serverlessV2MinCapacity: 4, serverlessV2MaxCapacity: 2 } },
      "must not exceed 'capacity.serverlessV2MaxCapacity', got 4 and 2",
    ],
    [{ capacity: { serverlessV2MinCapacity: 0.7, serverlessV2MaxCapacity: 2 } }, 'steps of 0.5, got 0.7'],
    [
      { capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 300 } },
      "'capacity.serverlessV2MaxCapacity' must be 1 to 256 ACU, got 300",
    ],
    [
      {
        capacity: {
          serverlessV2MinCapacity: 1,
          serverlessV2MaxCapacity: 2,
          serverlessV2AutoPauseDuration: Duration.minutes(10),
        },
      },
      "requires a 'capacity.serverlessV2MinCapacity' of 0, got 1",
    ],
    [
      {
        capacity: {
          serverlessV2MinCapacity: 0,
          serverlessV2MaxCapacity: 1,
          serverlessV2AutoPauseDuration: Duration.minutes(1),
        },
        pooling: ConnectionPooling.none(),
      },
      "'capacity.serverlessV2AutoPauseDuration' must be 300 to 86400 seconds, got 60",
    ],
    [
      {
        capacity: {
          serverlessV2MinCapacity: 1,
          serverlessV2MaxCapacity: 2,
          instanceType: new InstanceType('r8g.large'),
        },
      },
      "must be either Serverless v2 or an 'instanceType', got both",
    ],
    [{ name: 'Guest_Book' }, "'name' must be 1 to 40 lower-case letters, digits and single hyphens"],
    [{ name: 'a--b' }, "'name' must be"],
    [{ name: 'ends-' }, "'name' must be"],
    [{ defaultDatabaseName: 'x'.repeat(50) }, "'defaultDatabaseName' must be 1 to 49"],
    [{ defaultDatabaseName: 'guest-book' }, "'defaultDatabaseName' must be 1 to 49"],
    [{ defaultDatabaseName: 'order' }, "'order' is a reserved word of PostgreSQL"],
    [{ defaultDatabaseName: 'template1' }, "'template1' is a database of RDS itself"],
    [{ defaultDatabaseName: 'pg_shop' }, "'pg_shop' begins with 'pg_'"],
    [
      { capacity: { instanceType: new InstanceType('t4g.medium') } },
      "'capacity.instanceType' must not be a T class, got 't4g.medium'",
    ],
    [{ readers: 16 }, "'readers' must be 0 to 15, got 16"],
    [{ backup: { retention: Duration.days(36) } }, "'backup.retention' must be 1 to 35 days, got 36"],
    [
      { pooling: ConnectionPooling.rdsProxy({ maxConnectionsPercent: 0 }) },
      "ConnectionPooling.rdsProxy: 'maxConnectionsPercent' must be 1 to 100 percent, got 0",
    ],
    [
      { pooling: ConnectionPooling.rdsProxy({ maxConnectionsPercent: 20, maxIdleConnectionsPercent: 30 }) },
      "'maxIdleConnectionsPercent' must be 0 to 20 percent, got 30",
    ],
    [
      { pooling: ConnectionPooling.rdsProxy({ borrowTimeout: Duration.minutes(6) }) },
      "'borrowTimeout' must be 0 to 300 seconds",
    ],
    [
      { restore: { sourceDbClusterIdentifier: 'guestbook-test' } },
      "'restore.sourceDbClusterIdentifier' must be another cluster than the new one, got 'guestbook-test'; set 'clusterIdentifier' to an identifier that no cluster of this account and region has ever had",
    ],
  ])('fails for %o', (props, message) => {
    expect(failure(props)).toThrow(message);
  });
  test('fails with all problems at once', () => {
    expect(failure({ name: 'X', defaultDatabaseName: 'Y', readers: -1 })).toThrow(
      /name.*\n.*defaultDatabaseName.*\n.*readers/,
    );
  });
});

test('stateful resources keep their logical ids', () => {
  const resources = testDatabase().template().toJSON().Resources as Record<string, { Type: string }>;
  const stateful = Object.entries(resources)
    .filter(([, { Type }]) => /^AWS::(RDS::DB(Cluster|Instance)|SecretsManager::Secret)$/.test(Type))
    .map(([id, { Type }]) => `${Type} ${id}`);
  expect(stateful).toMatchInlineSnapshot(`
    [
      "AWS::RDS::DBCluster DatabaseCluster402B735F",
      "AWS::RDS::DBInstance DatabaseClusterWriter663CEE51",
      "AWS::SecretsManager::Secret DatabaseRolesLoginA4F4AC663",
      "AWS::SecretsManager::Secret DatabaseRolesLoginB5502DF07",
      "AWS::SecretsManager::Secret DatabaseRolesActive71FC0F41",
      "AWS::SecretsManager::Secret DatabaseRolesOwnerB917A170",
      "AWS::SecretsManager::Secret DatabaseRolesReaderD4F5CBEA",
      "AWS::SecretsManager::Secret DatabaseRolesOperator116FD868",
    ]
  `);
});

test.each([
  ['with a proxy', {}],
  ['without, deletable', { pooling: ConnectionPooling.none(), deletionProtection: false }],
])('leaves nothing for cdk-nag %s', (_, props) => {
  expect(nagFindings(testDatabase(props).stack).filter((finding) => !finding.includes('Vpc'))).toEqual([]);
});
