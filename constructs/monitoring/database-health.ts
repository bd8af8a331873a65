import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { DatabaseMetrics } from '../database/database-metrics';
import type { SuggestedAlarm } from '../database/suggested-alarm';
import { validName } from '../physical-name';
import { type DashboardSection, graph } from './dashboard-section';
import { MetricAlarm } from './metric-alarm';

/** Properties of `DatabaseHealth`. */
export interface DatabaseHealthProps {
  /**
   * Prefix of the alarms' names.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Metrics of the database, such as `PooledPostgres.metrics`. */
  readonly metrics: DatabaseMetrics;
  /** Connection limits from `PooledPostgres.checkConnections()`. */
  readonly connections: { readonly maxConnections: number; readonly lent: number };
}

/** Units of the suggested alarms, by their ids. */
const UNITS: Readonly<Record<string, string>> = {
  DatabaseConnections: '% of max_connections',
  DatabaseCpu: '% of the CPU',
  DatabaseAtMaximumCapacity: '% of the maximum capacity',
  DatabaseMemory: 'bytes of memory left',
  DatabaseDeadlocks: 'deadlocks a second',
  DatabaseCommitLatency: 'ms a commit',
  DatabaseReplicaLag: 'ms behind the writer',
  ProxyBorrowLatency: 'µs until a connection is lent',
  ProxyPinning: 'pinned connections',
  ProxyFailedLogins: 'refused logins a minute',
};

/**
 * Alarms on the database and its proxy.
 *
 * Defines the alarms that `DatabaseMetrics.suggestedAlarms()` returns.
 * @example
 * new DatabaseHealth(this, 'DatabaseHealth', {
 *   name: 'guestbook-production',
 *   metrics: database.metrics,
 *   connections: database.checkConnections({ maximumTasks: 8, poolSize: 10 }),
 * });
 */
export class DatabaseHealth extends Construct {
  /** Alarms on the database and the proxy. */
  readonly alarms: readonly MetricAlarm[];
  /** Graphs for a dashboard. */
  readonly section: DashboardSection;

  constructor(scope: Construct, id: string, props: DatabaseHealthProps) {
    super(scope, id);
    const { metrics, connections } = props;
    const name = validName(this, props.name);
    this.alarms = metrics.suggestedAlarms(connections).map((suggested) => this.alarm(name, suggested));

    const drawn = (title: string, alarmIds: readonly string[], more?: IMetric) => {
      const alarms = this.alarms.filter(({ node }) => alarmIds.includes(node.id));
      const shown = [...alarms.map(({ metric }) => metric), ...(more ? [more] : [])];
      return shown.length > 0 ? [graph({ title, alarms, metrics: shown })] : [];
    };
    this.section = {
      title: 'Database and proxy',
      rows: [
        [
          ...drawn('Connections (%)', ['DatabaseConnections']),
          ...drawn('Wait for a connection (µs)', ['ProxyBorrowLatency']),
          ...drawn('Capacity in use and CPU (%)', ['DatabaseAtMaximumCapacity', 'DatabaseCpu']),
        ],
        [
          ...drawn('Commit latency (ms)', ['DatabaseCommitLatency']),
          ...drawn('Pinned and lent connections', ['ProxyPinning'], metrics.borrowed({ label: 'lent' })),
          ...drawn('Memory left (bytes)', ['DatabaseMemory']),
        ],
        [
          ...drawn('Deadlocks (a second)', ['DatabaseDeadlocks']),
          ...drawn('Refused logins', ['ProxyFailedLogins']),
          ...drawn('Reader behind (ms)', ['DatabaseReplicaLag']),
        ],
      ],
    };
  }

  private alarm(name: string, suggested: SuggestedAlarm): MetricAlarm {
    const { id, when, threshold, evaluationPeriods } = suggested;
    return new MetricAlarm(this, id, {
      name,
      meaning: suggested.description,
      action: suggested.remedy,
      severity: suggested.severity,
      runbook: '#database-and-proxy',
      metric: suggested.metric,
      unit: UNITS[id] ?? 'depends on the metric',
      threshold: when === 'above' ? { above: threshold } : { below: threshold },
      evaluationPeriods: evaluationPeriods,
      datapointsToAlarm: evaluationPeriods,
      // A paused database has no data.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'measures the database, not a share of requests' },
    });
  }
}
