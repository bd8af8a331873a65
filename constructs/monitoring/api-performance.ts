import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { validName } from '../physical-name';
import type { ContainerServer } from '../server/container-server';
import { type DashboardSection, graph } from './dashboard-section';
import { edgeMetric } from './edge-alarms';
import { MetricAlarm } from './metric-alarm';
import type { ServerLogMetrics } from './server-log-metrics';
import type { ServerLogQueries } from './server-log-queries';
import { ServiceLevel } from './service-level';

/** Service level objectives of the API over 30 days. */
export interface ServiceObjectives {
  /** Percentage of requests answered without a 5xx response, from 95 to 99.99. */
  readonly availability: number;
  /** Percentage of requests answered within `latencyThreshold`, from 95 to 99.99. */
  readonly latency: number;
  /** Response time up to which a request counts as fast. */
  readonly latencyThreshold: Duration;
}

/** Properties of `ApiPerformance`. */
export interface ApiPerformanceProps {
  /**
   * Prefix of the alarms' names.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Server to monitor. */
  readonly server: ContainerServer;
  /** Id of the distribution in front of the server. */
  readonly distributionId: string;
  /** Error metrics of the server's log, for a graph. */
  readonly logMetrics: ServerLogMetrics;
  /**
   * Queries that show latency and errors by route.
   * @default - the dashboard section has no tables by route
   */
  readonly logQueries?: ServerLogQueries;
  /** Service level objectives of the API. */
  readonly objectives: ServiceObjectives;
}

const FIVE_MINUTES = Duration.minutes(5);

/**
 * Alarms on errors and latency of the API.
 *
 * Defines the service levels of availability and latency with their alarms, and alarms on client errors and connection
 * errors. All metrics come from the load balancer, which counts the requests of both target groups.
 * @example
 * const name = 'guestbook-production';
 * new ApiPerformance(this, 'Api', {
 *   name,
 *   server,
 *   distributionId: client.distribution.distributionId,
 *   logMetrics: new ServerLogMetrics(this, 'LogMetrics', { name, logGroup: server.logGroup }),
 *   logQueries: new ServerLogQueries(this, 'LogQueries', { name, logGroup: server.logGroup }),
 *   objectives: { availability: 99.9, latency: 99, latencyThreshold: Duration.millis(500) },
 * });
 */
export class ApiPerformance extends Construct {
  /** Service level of requests answered without a 5xx response. */
  readonly availability: ServiceLevel;
  /** Service level of requests answered in time. */
  readonly latency: ServiceLevel;
  /** Fires when the server rejects many requests with a 4xx response. */
  readonly clientErrors: MetricAlarm;
  /** Fires when the load balancer cannot connect to tasks. */
  readonly connectionErrors: MetricAlarm;
  /** Graphs for a dashboard. */
  readonly section: DashboardSection;
  private readonly server: ContainerServer;

  constructor(scope: Construct, id: string, props: ApiPerformanceProps) {
    super(scope, id);
    const { objectives } = props;
    const name = validName(this, props.name);
    this.server = props.server;

    const requests = this.requests();
    this.availability = new ServiceLevel(this, 'Availability', {
      name,
      promise: 'requests are answered without a 5xx',
      objective: objectives.availability,
      badPercent: new MathExpression({
        expression: '100 * (FILL(server5xx, 0) + FILL(balancer5xx, 0)) / requests',
        usingMetrics: { requests, ...this.serverErrors() },
        period: FIVE_MINUTES,
        label: '5xx (%)',
      }),
      requests,
      action:
        'If a release has just been deployed, roll it back. Otherwise, look at the errors by class and by route.',
      runbook: '#availability',
    });
    const seconds = objectives.latencyThreshold.toMilliseconds() / 1000;
    this.latency = new ServiceLevel(this, 'Latency', {
      name,
      promise: `requests are answered within ${seconds} s`,
      objective: objectives.latency,
      badPercent: new MathExpression({
        expression: '100 - fast',
        usingMetrics: { fast: this.metric('TargetResponseTime', Stats.percentileRank(seconds), 'fast') },
        period: FIVE_MINUTES,
        label: `slower than ${seconds} s (%)`,
      }),
      requests,
      action: 'Find the cause: one slow route, the wait for database connections, or a lack of CPU.',
      runbook: '#latency',
    });
    this.clientErrors = new MetricAlarm(this, 'ClientErrors', {
      name,
      meaning:
        'The server rejects many requests with a 4xx. The client and the server may be incompatible, or this is an attack.',
      action:
        'Find the route and the status in the log. If a release has just been deployed, compare with the time before it.',
      severity: 'ticket',
      runbook: '#client-errors',
      metric: new MathExpression({
        expression: '100 * FILL(refused, 0) / requests',
        usingMetrics: { requests, refused: this.metric('HTTPCode_Target_4XX_Count', Stats.SUM, '4xx') },
        period: FIVE_MINUTES,
        label: '4xx (%)',
      }),
      unit: '% of requests with a 4xx',
      threshold: { above: 40 },
      evaluationPeriods: 4,
      datapointsToAlarm: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { requests, minimum: 100 },
    });
    this.connectionErrors = new MetricAlarm(this, 'ConnectionErrors', {
      name,
      meaning: 'The load balancer cannot connect to tasks that it considers healthy. Users get a 502.',
      action:
        'Look for tasks that stop or hang, and for a keep-alive timeout shorter than the load balancer’s idle timeout.',
      severity: 'ticket',
      runbook: '#connection-errors',
      metric: this.metric('TargetConnectionErrorCount', Stats.SUM, 'connection errors'),
      unit: 'failed connections',
      threshold: { above: 10 },
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'counts network failures, which a single request does not explain' },
    });
    this.section = this.sectionOf(props, requests);
  }

  private sectionOf(
    { distributionId, logMetrics, logQueries, objectives }: ApiPerformanceProps,
    requests: IMetric,
  ): DashboardSection {
    const edge = (metricName: string, statistic: string) => edgeMetric(distributionId, metricName, statistic);
    const { server5xx, balancer5xx } = this.serverErrors();
    return {
      title: 'API: requests, errors, latency',
      rows: [
        [
          this.availability.budgetWidget('Error budget: availability', 6),
          this.latency.budgetWidget('Error budget: latency', 6),
          graph({
            title: 'Response time (s)',
            width: 12,
            lines: [
              {
                value: objectives.latencyThreshold.toMilliseconds() / 1000,
                label: `promised for ${objectives.latency} %`,
              },
            ],
            metrics: ['p50', 'p95', 'p99'].map((stat) => this.metric('TargetResponseTime', stat, stat)),
          }),
        ],
        [
          graph({ title: 'Requests', metrics: [requests] }),
          graph({ title: '5xx of the server and of the load balancer', metrics: [server5xx, balancer5xx] }),
          graph({ title: '4xx of the server (%)', alarms: [this.clientErrors] }),
        ],
        [
          graph({
            title: 'Errors at the edge (% of requests)',
            region: 'us-east-1',
            metrics: [edge('5xxErrorRate', Stats.AVERAGE), edge('4xxErrorRate', Stats.AVERAGE)],
          }),
          graph({ title: 'Connection errors', alarms: [this.connectionErrors] }),
          graph({
            title: 'Errors in the log, by class',
            metrics: [logMetrics.byClass],
            alarms: [logMetrics.errors],
          }),
        ],
        logQueries?.routeWidgets() ?? [],
      ],
    };
  }

  /** Returns the number of requests. RequestCount excludes requests that the load balancer answers itself. */
  private requests(): MathExpression {
    return new MathExpression({
      expression: 'MAX([FILL(counted, 0), FILL(server5xx, 0) + FILL(balancer5xx, 0)])',
      usingMetrics: {
        counted: this.metric('RequestCount', Stats.SUM, 'requests'),
        ...this.serverErrors(),
      },
      period: FIVE_MINUTES,
      label: 'requests',
    });
  }

  private serverErrors(): { server5xx: IMetric; balancer5xx: IMetric } {
    return {
      server5xx: this.metric('HTTPCode_Target_5XX_Count', Stats.SUM, '5xx of the server'),
      balancer5xx: this.metric('HTTPCode_ELB_5XX_Count', Stats.SUM, '5xx of the load balancer'),
    };
  }

  private metric(metricName: string, statistic: string, label: string): IMetric {
    return this.server.loadBalancer.metrics.custom(metricName, { statistic, label, period: FIVE_MINUTES });
  }
}
