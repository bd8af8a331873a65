import { CrossStackReferences, Duration, ReferenceStrength, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Settings } from '../../config';
import {
  type ConnectionBudget,
  DatabaseToolTask,
  PooledPostgres,
  type PooledPostgresProps,
} from '../../constructs/database';
import { Network } from '../../constructs/network';
import { ApplicationSecrets } from '../../constructs/secrets';
import type { Release } from '../application/release';
import { EnvironmentStack } from './environment-stack';

export interface DataStackProps {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly settings: Settings;
  readonly release: Release;
}

/** What outlives every release: the network, the database, the secrets and their key. */
export class DataStack extends EnvironmentStack {
  readonly network: Network;
  readonly database: PooledPostgres;
  readonly secrets: ApplicationSecrets;
  /** Connections there are, and what is asked of them. */
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
    this.clusterIdentifier = database.restore?.identifier ?? name;

    const { encryptionKey } = this;
    this.network = new Network(this, 'Network', settings.network);
    this.database = new PooledPostgres(this, 'Database', {
      vpc: this.network.vpc,
      name,
      databaseName: release.application.replaceAll('-', '_'),
      capacity: database.instanceClass
        ? { instanceType: new InstanceType(database.instanceClass) }
        : { minimumAcu: database.minimumCapacity, maximumAcu: database.maximumCapacity },
      readers: database.readers,
      proxy: database.proxy ? { maxConnectionsPercent: database.proxyConnectionsPercent } : false,
      applicationRole: database.applicationRole,
      backupRetention: Duration.days(database.backupRetentionDays),
      backupWindow: database.backupWindow,
      maintenanceWindow: database.maintenanceWindow,
      insights: database.insights,
      ...restored(database.restore),
      slowQueryThreshold: Duration.millis(database.slowStatementMilliseconds),
      encryptionKey,
      service: database.rotatePasswords ? { clusterName: name, serviceName: name } : undefined,
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
    });
    // A restore gives the cluster another endpoint, and CloudFormation refuses to change an export in use. What
    // takes it is a task definition, of which each release makes a new one anyway.
    CrossStackReferences.of(this.database.cluster).produce(ReferenceStrength.WEAK);
    this.connections = this.database.checkConnections({
      maximumTasks: settings.server.maximumTasks,
      poolSize: database.poolSize,
    });
    new DatabaseToolTask(this, 'DatabaseTool', {
      vpc: this.network.vpc,
      name,
      database: this.database,
    });
    this.secrets = new ApplicationSecrets(this, 'Secrets', {
      name,
      variables: Object.fromEntries(release.server.secrets.map((secret) => [secret.name, secret.kind])),
      encryptionKey,
      // As for logs, a name must not be taken by a try that failed.
      removalPolicy: retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
  }
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
      : { sourceClusterIdentifier: cluster!, at: at === undefined ? undefined : new Date(at) },
  };
}
