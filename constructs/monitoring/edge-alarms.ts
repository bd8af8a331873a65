import { Duration, Stack, Token } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';

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
 */
export class EdgeAlarms extends Construct {
  readonly errors: Alarm;

  constructor(scope: Construct, id: string, props: EdgeAlarmsProps) {
    super(scope, id);

    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region !== 'us-east-1') {
      throw new ConstructError(
        this,
        `CloudFront's metrics are in us-east-1 only, got ${region}; put this into a stack there`,
      );
    }

    const metric = (metricName: string, statistic: string) =>
      new Metric({
        namespace: 'AWS/CloudFront',
        metricName,
        statistic,
        dimensionsMap: { DistributionId: props.distributionId, Region: 'Global' },
        period: Duration.minutes(5),
      });
    const errorPercent = props.errorPercent ?? 5;
    this.errors = new Alarm(this, 'Errors', {
      alarmName: `${props.name}-edge-errors`,
      alarmDescription: `More than ${errorPercent} % of the requests that reach CloudFront end in a 5xx.`,
      metric: new MathExpression({
        // Few requests make a share that says nothing.
        expression: `IF(requests >= ${props.minimumRequests ?? 50}, errors, 0)`,
        usingMetrics: {
          requests: metric('Requests', Stats.SUM),
          errors: metric('5xxErrorRate', Stats.AVERAGE),
        },
        label: '5xx (%)',
        period: Duration.minutes(5),
      }),
      threshold: errorPercent,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
