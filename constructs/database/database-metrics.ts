import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IDatabaseCluster, IDatabaseProxy } from 'aws-cdk-lib/aws-rds';
import { type DatabaseCapacity, isServerlessV2 } from './database-capacity';
import type { SuggestedAlarm } from './suggested-alarm';

/** Properties of `DatabaseMetrics`. */
export interface DatabaseMetricsProps {
  /** Cluster to watch. */
  readonly cluster: IDatabaseCluster;
  /**
   * Proxy to watch.
   * @default - no proxy, and no metrics of one
   */
  readonly proxy?: IDatabaseProxy;
  /** Size of the cluster's instances. */
  readonly capacity: DatabaseCapacity;
  /**
   * Number of readers beside the writer.
   * @default 0
   */
  readonly readers?: number;
}

const MEBIBYTE = 1024 * 1024;

/**
 * The metrics of a database, and the alarms that they call for.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html
 * @example
 * const metrics = new DatabaseMetrics({
 *   cluster: database.cluster,
 *   capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 8 },
 *   readers: 1,
 * });
 * metrics.cpu({ period: Duration.minutes(1) });
 */
export class DatabaseMetrics {
  constructor(private readonly props: DatabaseMetricsProps) {}

  /** CPU utilization of the writer, in percent. */
  cpu(options?: MetricOptions): Metric {
    return this.writer('CPUUtilization', Stats.AVERAGE, options);
  }

  /** Capacity in use, in percent of the maximum; undefined for provisioned instances. */
  acuUtilization(options?: MetricOptions): Metric | undefined {
    return isServerlessV2(this.props.capacity)
      ? this.writer('ACUUtilization', Stats.AVERAGE, options)
      : undefined;
  }

  /** Free memory of the writer, in bytes. */
  freeableMemory(options?: MetricOptions): Metric {
    return this.writer('FreeableMemory', Stats.MINIMUM, options);
  }

  /** Number of connections to the writer. */
  connections(options?: MetricOptions): Metric {
    return this.writer('DatabaseConnections', Stats.MAXIMUM, options);
  }

  /** Connections in percent of `maxConnections`, a number from `PooledPostgres.checkConnections()`. */
  connectionUse(maxConnections: number, options?: MetricOptions): MathExpression {
    return new MathExpression({
      expression: `100 * connections / ${maxConnections}`,
      usingMetrics: { connections: this.connections(options) },
      label: 'connections (%)',
      period: options?.period ?? PERIOD,
    });
  }

  /** Number of deadlocks per second. */
  deadlocks(options?: MetricOptions): Metric {
    return this.writer('Deadlocks', Stats.AVERAGE, options);
  }

  /** Duration of a commit, in milliseconds. */
  commitLatency(options?: MetricOptions): Metric {
    return this.writer('CommitLatency', Stats.AVERAGE, options);
  }

  /** Lag of the slowest reader behind the writer, in milliseconds; undefined without readers. */
  replicaLag(options?: MetricOptions): Metric | undefined {
    return (this.props.readers ?? 0) > 0
      ? this.cluster('AuroraReplicaLagMaximum', {}, Stats.MAXIMUM, options)
      : undefined;
  }

  /** Time that a client waits for a connection from the proxy, in microseconds; undefined without a proxy. */
  borrowLatency(options?: MetricOptions): Metric | undefined {
    return this.ofProxy('DatabaseConnectionsBorrowLatency', Stats.AVERAGE, options);
  }

  /** Number of connections that are pinned to one client; undefined without a proxy. */
  pinned(options?: MetricOptions): Metric | undefined {
    return this.ofProxy('DatabaseConnectionsCurrentlySessionPinned', Stats.SUM, options);
  }

  /** Number of connections that clients of the proxy use at the moment; undefined without a proxy. */
  borrowed(options?: MetricOptions): Metric | undefined {
    return this.ofProxy('DatabaseConnectionsCurrentlyBorrowed', Stats.SUM, options);
  }

  /** Number of logins that the proxy refused for a wrong password; undefined without a proxy. */
  failedLogins(options?: MetricOptions): Metric | undefined {
    return this.ofProxy('ClientConnectionsSetupFailedAuth', Stats.SUM, options);
  }

  /**
   * Returns the alarms that the database calls for.
   * @param budget numbers from `PooledPostgres.checkConnections()`
   */
  suggestedAlarms(budget: { readonly maxConnections: number; readonly lent: number }): SuggestedAlarm[] {
    return [
      ...this.capacityAlarms(budget.maxConnections),
      ...this.latencyAlarms(),
      ...this.proxyAlarms(budget.lent),
    ];
  }

  private capacityAlarms(maxConnections: number): SuggestedAlarm[] {
    const acuUtilization = this.acuUtilization();
    return [
      {
        id: 'DatabaseConnections',
        metric: this.connectionUse(maxConnections),
        when: 'above',
        threshold: 85,
        evaluationPeriods: 5,
        severity: 'page',
        description: 'The database will soon refuse connections.',
        remedy:
          'See who holds them (pg_stat_activity as the operator, docs/database.md); end what leaks, or scale the server in.',
      },
      {
        id: 'DatabaseCpu',
        metric: this.cpu(),
        when: 'above',
        threshold: 90,
        evaluationPeriods: 15,
        severity: 'ticket',
        description: 'The writer has had hardly any CPU left for a quarter of an hour.',
        remedy: 'Look for the heaviest statements in Database Insights and the saved slowest-queries view.',
      },
      ...(acuUtilization
        ? [
            {
              id: 'DatabaseAtMaximumCapacity',
              metric: acuUtilization,
              when: 'above',
              threshold: 95,
              evaluationPeriods: 15,
              severity: 'ticket',
              description: 'The database is at its maximum capacity and cannot scale out further.',
              remedy: 'Raise the maximum capacity, or find what drives the load.',
            } as const,
          ]
        : []),
      {
        id: 'DatabaseMemory',
        metric: this.freeableMemory(),
        when: 'below',
        threshold: 128 * MEBIBYTE,
        evaluationPeriods: 5,
        severity: 'ticket',
        description: 'The writer is about to run out of memory and may restart.',
        remedy: 'Raise the capacity; look for sorts and joins that spill.',
      },
    ];
  }

  private latencyAlarms(): SuggestedAlarm[] {
    const replicaLag = this.replicaLag();
    return [
      {
        id: 'DatabaseDeadlocks',
        metric: this.deadlocks(),
        when: 'above',
        threshold: 0.05,
        evaluationPeriods: 5,
        severity: 'ticket',
        description: 'Transactions keep ending each other: requests fail or are retried.',
        remedy:
          'The PostgreSQL log has the statement that was ended, below "deadlock detected"; have all code lock those rows in the same order.',
      },
      {
        id: 'DatabaseCommitLatency',
        metric: this.commitLatency(),
        when: 'above',
        threshold: 50,
        evaluationPeriods: 10,
        severity: 'ticket',
        description: 'Every write takes noticeably longer.',
        remedy: 'Compare with the write load; batch small transactions.',
      },
      ...(replicaLag
        ? [
            {
              id: 'DatabaseReplicaLag',
              metric: replicaLag,
              when: 'above',
              threshold: 1000,
              evaluationPeriods: 5,
              severity: 'ticket',
              description:
                'Readers show data that is more than a second old, and a failover would take longer.',
              remedy: 'Look for long transactions on the reader and for its capacity.',
            } as const,
          ]
        : []),
    ];
  }

  private proxyAlarms(lent: number): SuggestedAlarm[] {
    const [borrowLatency, pinned, failedLogins] = [this.borrowLatency(), this.pinned(), this.failedLogins()];
    if (!borrowLatency || !pinned || !failedLogins) return [];
    return [
      {
        id: 'ProxyBorrowLatency',
        metric: borrowLatency,
        when: 'above',
        threshold: 100_000,
        evaluationPeriods: 5,
        severity: 'page',
        description: 'Requests wait more than 100 ms for a database connection.',
        remedy: 'All connections are lent: look for pinned sessions and long transactions.',
      },
      {
        id: 'ProxyPinning',
        metric: pinned,
        when: 'above',
        threshold: Math.max(Math.floor(lent / 2), 1),
        evaluationPeriods: 10,
        severity: 'ticket',
        description: 'Half of the pool belongs to single clients: the proxy hardly shares any more.',
        remedy:
          'The log of the proxy names the reason; SET statements and named prepared statements are usual.',
      },
      {
        id: 'ProxyFailedLogins',
        metric: failedLogins,
        when: 'above',
        threshold: 5,
        evaluationPeriods: 3,
        severity: 'page',
        description: 'The server cannot log in: its password is not the one the proxy knows.',
        remedy: 'See whether a rotation has just run; a new deployment hands tasks the current login.',
      },
    ];
  }

  private writer(metricName: string, statistic: string, options?: MetricOptions): Metric {
    return this.cluster(metricName, { Role: 'WRITER' }, statistic, options);
  }

  private cluster(
    metricName: string,
    dimensions: Record<string, string>,
    statistic: string,
    options?: MetricOptions,
  ): Metric {
    const { clusterIdentifier } = this.props.cluster;
    return metric(metricName, { DBClusterIdentifier: clusterIdentifier, ...dimensions }, statistic, options);
  }

  private ofProxy(metricName: string, statistic: string, options?: MetricOptions): Metric | undefined {
    const { proxy } = this.props;
    return proxy && metric(metricName, { ProxyName: proxy.dbProxyName }, statistic, options);
  }
}

/** RDS Proxy publishes one sample per node and minute; the sum of a longer period would count each node again. */
const PERIOD = Duration.minutes(1);

function metric(
  metricName: string,
  dimensionsMap: Record<string, string>,
  statistic: string,
  options?: MetricOptions,
): Metric {
  return new Metric({
    namespace: 'AWS/RDS',
    metricName,
    dimensionsMap,
    statistic,
    period: PERIOD,
    ...options,
  });
}
