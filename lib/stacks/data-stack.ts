import { CrossStackReferences, Duration, ReferenceStrength, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { AuroraPostgresEngineVersion, DatabaseInsightsMode } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { ConfigError, type Settings } from '../../config';
import {
  type ConnectionBudget,
  ConnectionPooling,
  DatabaseToolTask,
  PooledPostgres,
  type PooledPostgresProps,
} from '../../constructs/database';
import { databaseNameProblem } from '../../constructs/database/reserved-words';
import { ServiceLinkedRoles } from '../../constructs/handler/service-linked-roles';
import { Network } from '../../constructs/network';
import { ApplicationSecrets } from '../../constructs/secrets';
import type { Release } from '../application/release';
import { EnvironmentStack } from './environment-stack';

/** Properties of `DataStack`. */
export interface DataStackProps {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  /** Settings of the environment. */
  readonly settings: Settings;
  /** Release to deploy. */
  readonly release: Release;
}

/** Stack of the resources that outlive a release: the network, the database, the secrets and their key. */
export class DataStack extends EnvironmentStack {
  /** Network of the environment. */
  readonly network: Network;
  /** Database of the environment. */
  readonly database: PooledPostgres;
  /** Secrets of the application. */
  readonly secrets: ApplicationSecrets;
  /** Comparison of the connections that the database allows with the connections that the server needs. */
  readonly connections: ConnectionBudget;
  /** Identifier of the database's cluster. */
  readonly clusterIdentifier: string;

  constructor(scope: Construct, id: string, { name, settings, release }: DataStackProps) {
    super(scope, id, {
      region: settings.region,
      description: `${name}: network, database and secrets`,
      terminationProtection: settings.retainData,
      settings,
      key: { alias: name, description: `Data of ${name}` },
    });
    const { database, retainData } = settings;
    const { availabilityZones, natGateways } = settings.network;
    this.clusterIdentifier = database.restore?.identifier ?? name;

    const { encryptionKey } = this;
    this.network = new Network(this, 'Network', {
      ...(typeof availabilityZones === 'number'
        ? { availabilityZoneCount: availabilityZones }
        : { availabilityZoneIds: availabilityZones }),
      natGateways,
      restrictDefaultSecurityGroup: settings.policyPacks.length > 0,
    });
    this.database = new PooledPostgres(this, 'Database', {
      vpc: this.network.vpc,
      name,
      defaultDatabaseName: databaseName(release),
      ...engine(database),
      applicationRole: database.applicationRole,
      backup: {
        retention: Duration.days(database.backupRetentionDays),
        preferredWindow: database.backupWindow,
      },
      preferredMaintenanceWindow: database.maintenanceWindow,
      ...restored(database.restore),
      parameters: { log_min_duration_statement: String(database.slowStatementMilliseconds) },
      encryptionKey,
      rotation: database.rotatePasswords ? { service: { clusterName: name, serviceName: name } } : undefined,
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
    });
    // A restore changes the cluster's endpoint, and CloudFormation refuses to change an export in use. Only task
    // definitions use the endpoint, and each release creates a new one anyway.
    CrossStackReferences.of(this.database.cluster).produce(ReferenceStrength.WEAK);
    this.connections = this.database.checkConnections({
      maximumTasks: settings.server.maximumTasks,
      poolSize: database.poolSize,
    });
    const { cluster: toolCluster } = new DatabaseToolTask(this, 'DatabaseTool', {
      name,
      database: this.database,
    });
    const serviceLinkedRoles = new ServiceLinkedRoles(this, 'ServiceLinkedRoles', {
      services: [
        'ecs.amazonaws.com',
        'ecs.application-autoscaling.amazonaws.com',
        'elasticloadbalancing.amazonaws.com',
        'rds.amazonaws.com',
        'vpcorigin.cloudfront.amazonaws.com',
      ],
    });
    // The release stack is deployed after this one, so its resources find the roles too.
    for (const first of [this.database.cluster, toolCluster]) first.node.addDependency(serviceLinkedRoles);
    this.secrets = new ApplicationSecrets(this, 'Secrets', {
      name,
      variables: Object.fromEntries(release.server.secrets.map((secret) => [secret.name, secret.kind])),
      encryptionKey,
      // If CloudFormation fails to create the stack, it must delete the secrets too. The next attempt needs their
      // names.
      removalPolicy: retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
  }
}

/** Returns the name of the database: the application's name in characters that PostgreSQL allows. */
function databaseName({ application }: Release): string {
  const name = application.replaceAll('-', '_');
  const problem = databaseNameProblem(name);
  if (problem)
    throw new ConfigError(
      `application.name: gives the database the name '${name}', which ${problem}. Set another name`,
    );
  return name;
}

/** Returns the database engine with its instances and its proxy settings. */
function engine(
  database: Settings['database'],
): Pick<PooledPostgresProps, 'capacity' | 'engineVersion' | 'readers' | 'pooling' | 'databaseInsightsMode'> {
  return {
    capacity: database.instanceClass
      ? { instanceType: new InstanceType(database.instanceClass) }
      : {
          serverlessV2MinCapacity: database.minimumCapacity,
          serverlessV2MaxCapacity: database.maximumCapacity,
        },
    engineVersion: database.engineVersion
      ? AuroraPostgresEngineVersion.of(database.engineVersion, '17')
      : undefined,
    readers: database.readers,
    pooling: database.proxy
      ? ConnectionPooling.rdsProxy({ maxConnectionsPercent: database.proxyConnectionsPercent })
      : ConnectionPooling.none(),
    databaseInsightsMode:
      database.insights === 'advanced' ? DatabaseInsightsMode.ADVANCED : DatabaseInsightsMode.STANDARD,
  };
}

function restored(
  restore: Settings['database']['restore'],
): Pick<PooledPostgresProps, 'clusterIdentifier' | 'restore'> {
  if (!restore) return {};
  const { identifier, snapshot, cluster, at } = restore;
  return {
    clusterIdentifier: identifier,
    restore: snapshot
      ? { snapshotIdentifier: snapshot }
      : {
          sourceDbClusterIdentifier: cluster!,
          restoreToTime: at === undefined ? undefined : new Date(at),
        },
  };
}
