import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, type SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import {
  type CfnDBCluster,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInsightsMode,
  type IClusterInstance,
  InstanceUpdateBehaviour,
  ParameterGroup,
  PerformanceInsightRetention,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { type DatabaseCapacity, isServerless } from './database-capacity';
import { applyRestore, type DatabaseRestore } from './database-restore';
import { ENGINE_VERSION } from './engine-version';

/** Choices of whoever uses a cluster. */
export interface PostgresClusterOptions {
  readonly capacity: DatabaseCapacity;
  /**
   * Number of readers beside the writer, 0 to 15; the first takes over when the writer fails.
   * @default 0
   */
  readonly readers?: number;
  /**
   * Key of the storage, the secrets and Database Insights.
   * @default keys owned by AWS
   */
  readonly encryptionKey?: IKey;
  /** @default true */
  readonly deletionProtection?: boolean;
  /**
   * What becomes of the data when the cluster leaves the stack.
   * @default RemovalPolicy.SNAPSHOT
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * How far back a point in time can be restored, 1 to 35 days.
   * @default 14 days
   */
  readonly backupRetention?: Duration;
  /**
   * Daily window of the snapshots, in UTC.
   * @default '02:00-03:00'
   */
  readonly backupWindow?: string;
  /**
   * Weekly window of maintenance, in UTC.
   * @default 'sun:03:30-sun:04:30'
   */
  readonly maintenanceWindow?: string;
  /**
   * Database Insights: `advanced` keeps 15 months and costs by vCPU, `standard` keeps 7 days.
   * @default 'standard'
   */
  readonly insights?: 'standard' | 'advanced';
  /**
   * Statements that take longer are logged, without the values bound to them.
   * @default 500 ms
   */
  readonly slowQueryThreshold?: Duration;
  /**
   * A transaction that waits longer for its client is ended.
   * @default 1 minute
   */
  readonly idleInTransactionTimeout?: Duration;
  /**
   * Further parameters of the cluster; they win over those set here.
   * @default none
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * How long a database of 0 ACU must be idle before it pauses, 5 minutes to 24 hours.
   * @default 5 minutes
   */
  readonly autoPauseAfter?: Duration;
  /**
   * Identifier of the cluster. A cluster that replaces another, for a restore, needs another one: while the
   * name stays, no change can replace the database by accident.
   * @default the name
   */
  readonly clusterIdentifier?: string;
  /**
   * Data the cluster starts with. Stays set as long as the cluster lives.
   * @default an empty database
   */
  readonly restore?: DatabaseRestore;
}

export interface PostgresClusterProps extends PostgresClusterOptions {
  readonly vpc: IVpc;
  /** @default isolated subnets */
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  readonly clusterIdentifier: string;
  readonly databaseName: string;
}

const DEFAULT_BACKUP_RETENTION = Duration.days(14);

/** Logs a cluster writes; CloudWatch names their groups after the cluster. */
const LOG_TYPES = ['postgresql', 'instance', 'iam-db-auth-error'] as const;

/**
 * An Aurora PostgreSQL cluster.
 *
 * Defines the cluster (encrypted, TLS only, master password kept by RDS, Data API on), its parameter group,
 * its log groups and a saved query for the slowest statements.
 */
export class PostgresCluster extends Construct {
  readonly cluster: DatabaseCluster;
  /** Log group of PostgreSQL itself. */
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: PostgresClusterProps) {
    super(scope, id);

    const logGroups = LOG_TYPES.map((type) => {
      const logGroupName = `/aws/rds/cluster/${props.clusterIdentifier}/${type}`;
      return new ProtectedLogGroup(this, `Logs-${type}`, { logGroupName }).logGroup;
    });
    this.logGroup = logGroups[0]!;

    const engine = DatabaseClusterEngine.auroraPostgres({ version: ENGINE_VERSION });
    const advanced = props.insights === 'advanced';
    const [writer, ...readers] = instances(props);
    this.cluster = new DatabaseCluster(this, 'Resource', {
      engine,
      clusterIdentifier: props.clusterIdentifier,
      defaultDatabaseName: props.databaseName,
      credentials: Credentials.fromUsername('postgres', { encryptionKey: props.encryptionKey }),
      manageMasterUserPassword: true,
      writer,
      readers,
      ...(isServerless(props.capacity) && {
        serverlessV2MinCapacity: props.capacity.minimumAcu,
        serverlessV2MaxCapacity: props.capacity.maximumAcu,
        serverlessV2AutoPauseDuration: props.autoPauseAfter,
      }),
      instanceUpdateBehaviour: InstanceUpdateBehaviour.ROLLING,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: `Parameters of ${props.clusterIdentifier}`,
        parameters: { ...parameters(props), ...props.parameters },
      }),
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [props.securityGroup],
      storageEncrypted: true,
      storageEncryptionKey: props.encryptionKey,
      iamAuthentication: true,
      enableDataApi: true,
      backup: {
        retention: props.backupRetention ?? DEFAULT_BACKUP_RETENTION,
        preferredWindow: props.backupWindow ?? '02:00-03:00',
      },
      preferredMaintenanceWindow: props.maintenanceWindow ?? 'sun:03:30-sun:04:30',
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.SNAPSHOT,
      copyTagsToSnapshot: true,
      cloudwatchLogsExports: [...LOG_TYPES],
      databaseInsightsMode: advanced ? DatabaseInsightsMode.ADVANCED : DatabaseInsightsMode.STANDARD,
      enablePerformanceInsights: true,
      performanceInsightRetention: advanced
        ? PerformanceInsightRetention.MONTHS_15
        : PerformanceInsightRetention.DEFAULT,
      performanceInsightEncryptionKey: props.encryptionKey,
    });
    const resource = this.cluster.node.defaultChild as CfnDBCluster;
    // Exports would otherwise create groups of their own, without retention and masking.
    for (const group of logGroups) resource.node.addDependency(group);
    if (props.restore) applyRestore(resource, props.restore);
    this.acknowledgeFindings(props);

    this.addSlowestQueries(props.clusterIdentifier, this.logGroup);
  }

  /** The statements that took longest, by their own `duration:` lines. */
  private addSlowestQueries(clusterIdentifier: string, logGroup: ILogGroup): void {
    new QueryDefinition(this, 'SlowestQueries', {
      queryDefinitionName: `${clusterIdentifier}/slowest-queries`,
      logGroups: [logGroup],
      queryString: new QueryString({
        parseStatements: [
          String.raw`@message /duration: (?<ms>[0-9.]+) ms\s+\w+[^:]*: (?<statement>[\s\S]+)/`,
        ],
        filterStatements: ['ispresent(ms)'],
        statsStatements: [
          'max(ms) as slowest, avg(ms) as average, sum(ms) as total, count(*) as times by statement',
        ],
        sort: 'total desc',
        limit: 25,
      }),
    });
  }

  private acknowledgeFindings(props: PostgresClusterProps): void {
    Annotations.of(this.cluster).acknowledgeWarning(
      '@aws-cdk/aws-rds:instancePerformanceInsightsOverridden',
      'Database Insights is chosen for the whole cluster.',
    );
    if (props.deletionProtection === false)
      acknowledge(this.cluster, 'RDS10', 'The environment asks to be deletable; a snapshot is taken.');
  }
}

function instances({
  capacity,
  readers = 0,
}: PostgresClusterProps): [IClusterInstance, ...IClusterInstance[]] {
  // Minor versions come with ENGINE_VERSION, not by themselves.
  const common = { autoMinorVersionUpgrade: false };
  const instance = (id: string, first: boolean): IClusterInstance =>
    isServerless(capacity)
      ? ClusterInstance.serverlessV2(id, { ...common, scaleWithWriter: first })
      : ClusterInstance.provisioned(id, { ...common, instanceType: capacity.instanceType });
  return [
    instance('Writer', false),
    ...Array.from({ length: readers }, (_, index) => instance(`Reader${index + 1}`, index === 0)),
  ];
}

function parameters(props: PostgresClusterProps): Record<string, string> {
  const milliseconds = (duration: Duration) => String(duration.toMilliseconds());
  return {
    'rds.force_ssl': '1',
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track': 'all',
    log_min_duration_statement: milliseconds(props.slowQueryThreshold ?? Duration.millis(500)),
    idle_in_transaction_session_timeout: milliseconds(props.idleInTransactionTimeout ?? Duration.minutes(1)),
    // Values belong to users: neither those bound to a statement nor those in an error's detail are logged.
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_error_verbosity: 'terse',
  };
}
