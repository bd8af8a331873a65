import { Duration, Stack, Token } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmBase,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  type CreateAlarmOptions,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { type AlarmContext, type AlarmSummary, MonitoringAlarm } from './monitoring-alarm';

/** What keeps an alarm from judging too few requests, or the reason why nothing has to. */
export type LowTraffic = { readonly requests: IMetric; readonly minimum: number } | NoTrafficGate;
export interface NoTrafficGate {
  /** Why few requests make no difference. */
  readonly ungated: string;
}

/** What is a bad value: beyond a number, or outside of what is usual at that hour, in standard deviations. */
export type AlarmThreshold = { readonly above: number } | { readonly below: number } | AnomalyThreshold;
export interface AnomalyThreshold {
  readonly unusualBy: number;
}

/** Everything that decides when an alarm fires; nothing of it has a default. */
export type AlarmCondition = {
  readonly metric: IMetric;
  /** What the metric counts, as `%` or `requests a minute`; for people. */
  readonly unit: string;
  /** Of the last `of` periods `bad` have to be. */
  readonly datapoints: { readonly bad: number; readonly of: number };
  readonly missingData: 'good' | 'bad' | 'as before';
} & (
  | { readonly limit: Exclude<AlarmThreshold, AnomalyThreshold>; readonly lowTraffic: LowTraffic }
  // A band over a gated metric would learn the gate.
  | { readonly limit: AnomalyThreshold; readonly lowTraffic: NoTrafficGate }
);

export type MetricAlarmProps = AlarmContext &
  AlarmCondition & {
    /** Prefix of the alarm's name, as `guestbook-production`. */
    readonly name: string;
  };

const MISSING = {
  good: TreatMissingData.NOT_BREACHING,
  bad: TreatMissingData.BREACHING,
  'as before': TreatMissingData.IGNORE,
};

/**
 * An alarm on a metric that cannot be made without saying what it means, when it fires, what silence means,
 * how few requests are judged, who hears of it and what to do.
 *
 * Defines the alarm.
 */
export class MetricAlarm extends MonitoringAlarm {
  readonly alarm: AlarmBase;
  readonly summary: AlarmSummary;
  /** What is judged, for graphs: without the gate. */
  readonly metric: IMetric;
  readonly limit: AlarmThreshold;

  constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    const { metric, limit, datapoints, missingData, lowTraffic } = props;
    this.validate(props);

    const { alarmName, alarmDescription, summary } = this.describe(props.name, {
      ...props,
      condition: condition(props),
      missingData,
      lowTraffic:
        'ungated' in lowTraffic
          ? lowTraffic.ungated
          : `not judged below ${lowTraffic.minimum} requests in ${words(periodOf(metric))}`,
    });
    this.summary = summary;
    this.metric = metric;
    this.limit = limit;

    const common: Omit<CreateAlarmOptions, 'threshold'> = {
      alarmName,
      alarmDescription,
      evaluationPeriods: datapoints.of,
      datapointsToAlarm: datapoints.bad,
      treatMissingData: MISSING[missingData],
    };
    if ('unusualBy' in limit) {
      this.alarm = new AnomalyDetectionAlarm(this, 'Resource', {
        ...common,
        metric,
        stdDevs: limit.unusualBy,
        comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
      });
    } else {
      const above = 'above' in limit;
      const threshold = above ? limit.above : limit.below;
      this.alarm = new Alarm(this, 'Resource', {
        ...common,
        threshold,
        comparisonOperator: above
          ? ComparisonOperator.GREATER_THAN_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
        // The threshold itself is on the good side.
        metric: 'ungated' in lowTraffic ? metric : gated(metric, lowTraffic, above ? 0 : threshold),
      });
    }
    this.finish();
  }

  private validate({ metric, datapoints: { bad, of } }: MetricAlarmProps): void {
    const problems: string[] = [];
    if (!(bad >= 1 && bad <= of))
      problems.push(`'datapoints' must have 1 ≤ bad ≤ of, got ${bad} of ${of}; correct it`);
    const seconds = periodOf(metric).toSeconds();
    const longest = seconds < 3600 ? 86_400 : 604_800;
    if (seconds * of > longest)
      problems.push(
        `${of} periods of ${seconds} s are more than the ${longest / 86_400} days CloudWatch looks back; take fewer, or longer ones`,
      );
    const { region } = Stack.of(this);
    for (const dimensions of ofCloudFront(metric)) {
      if (!Token.isUnresolved(region) && region !== 'us-east-1')
        problems.push(
          `CloudFront's metrics are in us-east-1 only, got ${region}; put this into a stack there`,
        );
      if (!dimensions.some(({ name, value }) => name === 'Region' && value === 'Global'))
        problems.push('CloudFront reports with the dimension Region=Global; add it, or there is no data');
    }
    if (problems.length > 0) throw new ConstructError(this, [...new Set(problems)]);
  }
}

function gated(
  judged: IMetric,
  { requests, minimum }: { requests: IMetric; minimum: number },
  quiet: number,
): IMetric {
  return new MathExpression({
    // Few requests make a share or a percentile that says nothing.
    expression: `IF(FILL(traffic, 0) >= ${minimum}, judged, ${quiet})`,
    usingMetrics: { traffic: requests, judged },
    period: periodOf(judged),
    label: 'judged',
  });
}

function condition({ metric, limit, unit, datapoints: { bad, of } }: MetricAlarmProps): string {
  const period = words(periodOf(metric));
  const when = of === 1 ? `over ${period}` : `in ${bad} of ${of} periods of ${period}`;
  if ('unusualBy' in limit)
    return `it is ${limit.unusualBy} standard deviations from what is usual (${unit}), ${when}`;
  return 'above' in limit
    ? `more than ${limit.above} ${unit}, ${when}`
    : `less than ${limit.below} ${unit}, ${when}`;
}

function periodOf(metric: IMetric): Duration {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  return metricStat?.period ?? Duration.seconds(mathExpression?.period ?? 300);
}

/** Dimensions of each metric of CloudFront that a metric is made of. */
function ofCloudFront(metric: IMetric): readonly { readonly name: string; readonly value: unknown }[][] {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  const own = metricStat?.namespace === 'AWS/CloudFront' ? [[...(metricStat.dimensions ?? [])]] : [];
  return [...own, ...Object.values(mathExpression?.usingMetrics ?? {}).flatMap(ofCloudFront)];
}

/** A duration as people say it. */
export function words(duration: Duration): string {
  const seconds = duration.toSeconds();
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, unit] = units.find(([length]) => seconds % length === 0)!;
  const count = seconds / size;
  return count === 1 ? `a ${unit}`.replace('a hour', 'an hour') : `${count} ${unit}s`;
}
