import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { MetricAlarm } from './metric-alarm';

export interface EdgeAlarmsProps {
  /** Prefix of the alarms' names. */
  readonly name: string;
  /** The distribution that is watched. */
  readonly distributionId: string;
  /**
   * Share of requests that end in a 5xx, in percent.
   * @default 5
   */
  readonly errorPercent?: number;
  /**
   * Requests in five minutes below which errors are not judged.
   * @default 50
   */
  readonly minimumRequests?: number;
}

/**
 * What CloudFront itself tells about the answers people get.
 *
 * Defines an alarm on the share of 5xx answers. CloudFront's metrics exist in us-east-1 only.
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
  readonly errors: MetricAlarm;

  constructor(scope: Construct, id: string, props: EdgeAlarmsProps) {
    super(scope, id);

    const { distributionId } = props;
    this.errors = new MetricAlarm(this, 'EdgeErrors', {
      name: props.name,
      meaning: 'People get errors from the CDN, whether the server or the way to it fails.',
      action: 'Compare with the server’s own 5xx: without them, CloudFront does not reach the load balancer.',
      severity: 'page',
      runbook: '#edge-errors',
      metric: edgeMetric(distributionId, '5xxErrorRate', Stats.AVERAGE),
      unit: '% of requests with a 5xx',
      limit: { above: props.errorPercent ?? 5 },
      datapoints: { bad: 2, of: 3 },
      missingData: 'good',
      lowTraffic: {
        requests: edgeMetric(distributionId, 'Requests', Stats.SUM),
        minimum: props.minimumRequests ?? 50,
      },
    });
  }
}

/** A metric of a distribution as CloudFront reports it, for a graph or an alarm in us-east-1. */
export function edgeMetric(distributionId: string, metricName: string, statistic: string): IMetric {
  return new Metric({
    namespace: 'AWS/CloudFront',
    metricName,
    statistic,
    dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
    period: Duration.minutes(5),
  });
}
