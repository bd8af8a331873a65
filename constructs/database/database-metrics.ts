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
   * @default - no proxy, and no proxy metrics
   */
  readonly proxy?: IDatabaseProxy;
  /** Capacity of the cluster's instances. */
  readonly capacity: DatabaseCapacity;
  /**
   * Number of readers in addition to the writer.
   * @default 0
   */
  readonly readers?: number;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Metrics of a database, and suggested alarms for them.
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

  /** Used capacity, in percent of the maximum; undefined for provisioned instances. */
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

  /** Connections in percent of `maxConnections`, which `PooledPostgres.checkConnections()` returns. */
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

  /** Replication lag of the slowest reader, in milliseconds; undefined without readers. */
  replicaLag(options?: MetricOptions): Metric | undefined {
    return (this.props.readers ?? 0) > 0
      ? this.cluster('AuroraReplicaLagMaximum', {}, Stats.MAXIMUM, options)
      : undefined;
  }

  /** Time for which a client waits for a connection from the proxy, in microseconds; undefined without a proxy. */
  borrowLatency(options?: MetricOptions): Metric | undefined {
    return this.ofProxy('DatabaseConnectionsBorrowLatency', Stats.AVERAGE, options);
  }

  /** Number of connections that are pinned to one client; undefined without a proxy. */
  pinned(options?: MetricOptions): Metric | undefined {
    return this.ofProxy('DatabaseConnectionsCurrentlySessionPinned', Stats.SUM, options);
  }

  /** Number of connections that clients of the proxy are using; undefined without a proxy. */
  borrowed(options?: MetricOptions): Metric | undefined {
    return this.ofProxy('DatabaseConnectionsCurrentlyBorrowed', Stats.SUM, options);
  }

  /** Number of logins that the proxy refused because of a wrong password; undefined without a proxy. */
  failedLogins(options?: MetricOptions): Metric | undefined {
    return this.ofProxy('ClientConnectionsSetupFailedAuth', Stats.SUM, options);
  }

  /**
   * Returns suggested alarms for the database.
   * @param budget numbers that `PooledPostgres.checkConnections()` returns
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
          'List the open connections (pg_stat_activity as the operator, docs/database.md). End leaked connections, or scale the server in.',
      },
      {
        id: 'DatabaseCpu',
        metric: this.cpu(),
        when: 'above',
        threshold: 90,
        evaluationPeriods: 15,
        severity: 'ticket',
        description: 'The writer has had almost no spare CPU for 15 minutes.',
        remedy:
          'Find the most expensive statements in Database Insights and with the saved query slowest-queries.',
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
              description: 'The database is at its maximum capacity and cannot scale up further.',
              remedy: 'Raise the maximum capacity, or find the cause of the load.',
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
        remedy: 'Raise the capacity. Look for sorts and joins that spill to disk.',
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
        description: 'Deadlocks keep aborting transactions: requests fail or are retried.',
        remedy:
          'Find the aborted statement in the PostgreSQL log, below "deadlock detected". Make all code lock those rows in the same order.',
      },
      {
        id: 'DatabaseCommitLatency',
        metric: this.commitLatency(),
        when: 'above',
        threshold: 50,
        evaluationPeriods: 10,
        severity: 'ticket',
        description: 'Every write takes noticeably longer.',
        remedy: 'Compare with the write load. Batch small transactions.',
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
                'Readers return data that is more than a second old, and a failover would take longer.',
              remedy: 'Look for long transactions on the reader, and check its capacity.',
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
        remedy: 'All connections are in use. Look for pinned sessions and long transactions.',
      },
      {
        id: 'ProxyPinning',
        metric: pinned,
        when: 'above',
        threshold: Math.max(Math.floor(lent / 2), 1),
        evaluationPeriods: 10,
        severity: 'ticket',
        description:
          'Half of the connections are pinned to single clients, so the proxy hardly shares connections.',
        remedy:
          'Find the reason in the log of the proxy. SET statements and named prepared statements are usual causes.',
      },
      {
        id: 'ProxyFailedLogins',
        metric: failedLogins,
        when: 'above',
        threshold: 5,
        evaluationPeriods: 3,
        severity: 'page',
        description: 'The server cannot log in: the proxy has another password for its login.',
        remedy: 'Check whether a rotation has just run. A new deployment gives tasks the current login.',
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

/**
 * Period of the metrics. RDS Proxy publishes one sample per node and minute, so the sum over a longer period would
 * count each node several times.
 */
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
