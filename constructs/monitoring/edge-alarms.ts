import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { validName } from '../physical-name';
import { MetricAlarm } from './metric-alarm';

/** Properties of `EdgeAlarms`. */
export interface EdgeAlarmsProps {
  /**
   * Prefix of the alarms' names.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Id of the distribution to monitor. */
  readonly distributionId: string;
  /**
   * Percentage of requests with a 5xx response above which the alarm fires.
   * @default 5
   */
  readonly errorPercent?: number;
  /**
   * Number of requests in five minutes that the alarm needs to evaluate.
   * @default 50
   */
  readonly minimumRequests?: number;
}

/**
 * An alarm on CloudFront's 5xx responses, for a stack in us-east-1. CloudFront reports its metrics to us-east-1 only.
 *
 * Defines an alarm on the percentage of 5xx responses.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
 * @example
 * // In a stack of us-east-1.
 * new EdgeAlarms(this, 'EdgeAlarms', {
 *   name: 'guestbook-production',
 *   distributionId: client.distribution.distributionId,
 *   errorPercent: 2,
 * });
 */
export class EdgeAlarms extends Construct {
  /** Fires when CloudFront answers many requests with a 5xx response. */
  readonly errors: MetricAlarm;

  constructor(scope: Construct, id: string, props: EdgeAlarmsProps) {
    super(scope, id);

    const { distributionId } = props;
    this.errors = new MetricAlarm(this, 'EdgeErrors', {
      name: validName(this, props.name),
      meaning: 'Users get errors from CloudFront. Either the server fails, or CloudFront cannot reach it.',
      action:
        'Compare with the server’s own 5xx. If there are none, CloudFront does not reach the load balancer.',
      severity: 'page',
      runbook: '#edge-errors',
      metric: edgeMetric(distributionId, '5xxErrorRate', Stats.AVERAGE),
      unit: '% of requests with a 5xx',
      threshold: { above: props.errorPercent ?? 5 },
      // CloudFront's metrics may arrive later than others.
      evaluationPeriods: 4,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: {
        requests: edgeMetric(distributionId, 'Requests', Stats.SUM),
        minimum: props.minimumRequests ?? 50,
      },
    });
  }
}

/** Returns a metric of a distribution, for a graph or an alarm in us-east-1. */
export function edgeMetric(distributionId: string, metricName: string, statistic: string): IMetric {
  return new Metric({
    namespace: 'AWS/CloudFront',
    metricName,
    statistic,
    dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
    period: Duration.minutes(5),
  });
}
