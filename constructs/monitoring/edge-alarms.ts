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
  /** Id of the distribution that is watched. */
  readonly distributionId: string;
  /**
   * Share of requests answered with a 5xx above which the alarm fires, in percent.
   * @default 5
   */
  readonly errorPercent?: number;
  /**
   * Number of requests in five minutes below which the alarm does not judge.
   * @default 50
   */
  readonly minimumRequests?: number;
}

/**
 * An alarm on errors that CloudFront answers with, for a stack in us-east-1. CloudFront reports its metrics there only.
 *
 * Defines an alarm on the share of 5xx answers.
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
  /** Fires when many requests are answered with a 5xx. */
  readonly errors: MetricAlarm;

  constructor(scope: Construct, id: string, props: EdgeAlarmsProps) {
    super(scope, id);

    const { distributionId } = props;
    this.errors = new MetricAlarm(this, 'EdgeErrors', {
      name: validName(this, props.name),
      meaning: 'People get errors from the CDN, whether the server or the way to it fails.',
      action: 'Compare with the server’s own 5xx: without them, CloudFront does not reach the load balancer.',
      severity: 'page',
      runbook: '#edge-errors',
      metric: edgeMetric(distributionId, '5xxErrorRate', Stats.AVERAGE),
      unit: '% of requests with a 5xx',
      threshold: { above: props.errorPercent ?? 5 },
      // CloudFront's metrics may be later than others.
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

/** A metric of a distribution, for a graph or an alarm in us-east-1. */
export function edgeMetric(distributionId: string, metricName: string, statistic: string): IMetric {
  return new Metric({
    namespace: 'AWS/CloudFront',
    metricName,
    statistic,
    dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
    period: Duration.minutes(5),
  });
}
