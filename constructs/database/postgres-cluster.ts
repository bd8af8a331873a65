import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import {
  type AuroraPostgresEngineVersion,
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
import { type DatabaseCapacity, isServerlessV2 } from './database-capacity';
import { applyRestore, type DatabaseRestore } from './database-restore';
import { ENGINE_VERSION } from './engine-version';

/** Backups of a cluster. */
export interface BackupOptions {
  /**
   * Time for which Aurora keeps backups, 1 to 35 days. Within that time, you can restore the data to any second.
   * @default Duration.days(14)
   */
  readonly retention?: Duration;
  /**
   * Daily backup window in UTC, at least 30 minutes long and outside the maintenance window.
   * @default '02:00-03:00'
   */
  readonly preferredWindow?: string;
}

/** Options of a cluster. */
export interface PostgresClusterOptions {
  /** Capacity of the instances. */
  readonly capacity: DatabaseCapacity;
  /**
   * Number of readers in addition to the writer, 0 to 15. If the writer fails, the first reader becomes the writer.
   * @default 0
   */
  readonly readers?: number;
  /**
   * Key that encrypts the storage, the secrets and Database Insights. A change of the key replaces the cluster.
   * @default - keys managed by AWS: `aws/rds` and `aws/secretsmanager`
   */
  readonly encryptionKey?: IKey;
  /**
   * Protects the cluster from deletion, including deletion by CloudFormation.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * Removal policy of the cluster. It also applies when CloudFormation replaces the cluster.
   * @default RemovalPolicy.SNAPSHOT
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Backups.
   * @default - 14 days, with a snapshot between 02:00 and 03:00 UTC
   */
  readonly backup?: BackupOptions;
  /**
   * Weekly maintenance window in UTC.
   * @default 'sun:03:30-sun:04:30'
   */
  readonly preferredMaintenanceWindow?: string;
  /**
   * Mode of Database Insights. `ADVANCED` keeps 15 months of data and is billed by vCPU; `STANDARD` keeps 7 days.
   * @default DatabaseInsightsMode.STANDARD
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html
   */
  readonly databaseInsightsMode?: DatabaseInsightsMode;
  /**
   * Parameters of the cluster, by PostgreSQL's names. They override the defaults of this construct, such as
   * `log_min_duration_statement: '500'` and `idle_in_transaction_session_timeout: '60000'`, both in milliseconds.
   * @default - only the defaults
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * Engine version. A change upgrades the cluster during the deployment and restarts its instances. An upgrade cannot
   * be undone.
   * @default - Aurora PostgreSQL 17.9
   */
  readonly engineVersion?: AuroraPostgresEngineVersion;
  /**
   * Identifier of the cluster, at most 63 of `a-z`, `0-9` and single hyphens. Because the identifier is fixed, an
   * accidental replacement fails. To replace the cluster on purpose, for a restore, choose an identifier that no
   * cluster of this account and region has ever had. Log groups and final snapshots of previous clusters keep their
   * names.
   * @default - `name`
   */
  readonly clusterIdentifier?: string;
  /**
   * Data that the cluster starts with. Keep this prop for as long as the cluster exists. If the prop changes or is
   * removed, CloudFormation replaces the cluster.
   * @default - an empty database
   */
  readonly restore?: DatabaseRestore;
}

/** Properties of `PostgresCluster`. */
export interface PostgresClusterProps extends PostgresClusterOptions {
  /** VPC of the cluster. */
  readonly vpc: IVpc;
  /** Subnets of the cluster. */
  readonly vpcSubnets: SubnetSelection;
  /** Security group of the instances. */
  readonly securityGroup: ISecurityGroup;
  readonly clusterIdentifier: string;
  /** Name of the first database of the cluster. */
  readonly defaultDatabaseName: string;
}

/** Logs that the cluster exports. RDS derives the names of their log groups from the name of the cluster. */
const LOG_TYPES = ['postgresql', 'instance', 'iam-db-auth-error'] as const;

const DEFAULT_PARAMETERS: Readonly<Record<string, string>> = {
  'rds.force_ssl': '1',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
  // Both in milliseconds.
  log_min_duration_statement: '500',
  idle_in_transaction_session_timeout: '60000',
  // Values belong to users, so PostgreSQL logs neither the bound values of a statement nor the details of an error.
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
};

/**
 * Aurora PostgreSQL cluster.
 *
 * Defines the cluster (encrypted, TLS only, master password managed by RDS, Data API enabled), its parameter group,
 * its log groups and a saved query for the slowest statements.
 */
export class PostgresCluster extends Construct {
  /** Aurora cluster. */
  readonly cluster: DatabaseCluster;
  /** Log group of the PostgreSQL log. */
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: PostgresClusterProps) {
    super(scope, id);

    const logGroups = LOG_TYPES.map((type) => {
      const logGroupName = `/aws/rds/cluster/${props.clusterIdentifier}/${type}`;
      return new ProtectedLogGroup(this, `Logs-${type}`, { logGroupName }).logGroup;
    });
    this.logGroup = logGroups[0]!;

    const engine = DatabaseClusterEngine.auroraPostgres({
      version: props.engineVersion ?? ENGINE_VERSION,
    });
    const databaseInsightsMode = props.databaseInsightsMode ?? DatabaseInsightsMode.STANDARD;
    const [writer, ...readers] = instances(props);
    this.cluster = new DatabaseCluster(this, 'Resource', {
      engine,
      clusterIdentifier: props.clusterIdentifier,
      defaultDatabaseName: props.defaultDatabaseName,
      credentials: Credentials.fromUsername('postgres', { encryptionKey: props.encryptionKey }),
      manageMasterUserPassword: true,
      writer,
      readers,
      ...(isServerlessV2(props.capacity) && props.capacity),
      instanceUpdateBehaviour: InstanceUpdateBehaviour.ROLLING,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: `Parameters of ${props.clusterIdentifier}`,
        parameters: { ...DEFAULT_PARAMETERS, ...props.parameters },
      }),
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: [props.securityGroup],
      storageEncrypted: true,
      storageEncryptionKey: props.encryptionKey,
      enableDataApi: true,
      backup: {
        retention: props.backup?.retention ?? Duration.days(14),
        preferredWindow: props.backup?.preferredWindow ?? '02:00-03:00',
      },
      preferredMaintenanceWindow: props.preferredMaintenanceWindow ?? 'sun:03:30-sun:04:30',
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.SNAPSHOT,
      copyTagsToSnapshot: true,
      cloudwatchLogsExports: [...LOG_TYPES],
      databaseInsightsMode,
      enablePerformanceInsights: true,
      performanceInsightRetention:
        databaseInsightsMode === DatabaseInsightsMode.ADVANCED
          ? PerformanceInsightRetention.MONTHS_15
          : PerformanceInsightRetention.DEFAULT,
      performanceInsightEncryptionKey: props.encryptionKey,
    });
    const resource = this.cluster.node.defaultChild as CfnDBCluster;
    // Otherwise RDS would create the log groups, without retention and masking.
    for (const group of logGroups) resource.node.addDependency(group);
    if (props.restore) applyRestore(resource, props.restore);
    this.acknowledgeFindings(props);

    this.addSlowestQueries(props.clusterIdentifier, this.logGroup);
  }

  /** Saves a query for the slowest statements, which it finds by their `duration:` lines. */
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
      'The cluster enables Database Insights for all its instances.',
    );
    acknowledge(
      this.cluster,
      'RDS6',
      'Every role logs in with a password that rotates. `PooledPostgres.grantConnect()` enables IAM authentication for your own roles.',
    );
    if (props.deletionProtection === false)
      acknowledge(
        this.cluster,
        'RDS10',
        'The props disable the protection, for an environment that may be deleted.',
      );
  }
}

function instances({
  capacity,
  readers = 0,
}: PostgresClusterProps): [IClusterInstance, ...IClusterInstance[]] {
  // Only `engineVersion` changes the minor version.
  const common = { autoMinorVersionUpgrade: false };
  const instance = (id: string, first: boolean): IClusterInstance =>
    isServerlessV2(capacity)
      ? ClusterInstance.serverlessV2(id, { ...common, scaleWithWriter: first })
      : ClusterInstance.provisioned(id, { ...common, instanceType: capacity.instanceType });
  return [
    instance('Writer', false),
    ...Array.from({ length: readers }, (_, index) => instance(`Reader${index + 1}`, index === 0)),
  ];
}
