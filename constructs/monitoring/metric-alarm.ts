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
import { fillings, latePeriods } from './late-data';
import { type AlarmContext, type AlarmSummary, MonitoringAlarm } from './monitoring-alarm';

/** Minimum number of requests that an alarm needs to evaluate its metric. */
export interface TrafficGate {
  /** Metric with the number of requests. It uses the period of the alarm's metric. */
  readonly requests: IMetric;
  /** Minimum number of requests in a period. */
  readonly minimum: number;
  /**
   * Kind of requests that `requests` counts, in words, such as `failed requests`.
   * @default 'requests'
   */
  readonly unit?: string;
}

/** Explicit choice of an alarm without a traffic gate. */
export interface NoTrafficGate {
  /** Reason why the alarm needs no minimum number of requests. */
  readonly ungated: string;
}

/** Band around the usual values of a metric, learned by CloudWatch. Values outside the band are bad. */
export interface AnomalyThreshold {
  /** Half of the band's width, as a number of standard deviations. */
  readonly stdDevs: number;
}

/** Threshold: above a number, below a number, or outside the usual values. */
export type AlarmThreshold =
  | {
      /** Number above which values are bad, in the unit of the metric. */
      readonly above: number;
    }
  | {
      /** Number below which values are bad, in the unit of the metric. */
      readonly below: number;
    }
  | AnomalyThreshold;

/** Condition under which an alarm fires. All parts are required. */
export type AlarmCondition = {
  /** Metric that the alarm evaluates. */
  readonly metric: IMetric;
  /** Unit of the metric in words, such as `%` or `requests a minute`. */
  readonly unit: string;
  /**
   * Number of most recent periods that the alarm evaluates. With a traffic gate, or with `FILL` in the metric, this
   * number must exceed `datapointsToAlarm` by the periods that may have no data yet. These are two periods of one
   * minute, or one period of 2 to 14 minutes.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
   */
  readonly evaluationPeriods: number;
  /** Number of these periods that must be bad for the alarm to fire. */
  readonly datapointsToAlarm: number;
  /** Treatment of periods without data. */
  readonly treatMissingData: TreatMissingData;
} & (
  | {
      /** Threshold for bad values. */
      readonly threshold: Exclude<AlarmThreshold, AnomalyThreshold>;
      /** Minimum number of requests, or the reason why the alarm needs none. */
      readonly trafficGate: TrafficGate | NoTrafficGate;
    }
  | {
      /** Threshold for bad values. */
      readonly threshold: AnomalyThreshold;
      /**
       * Reason why the alarm needs no minimum number of requests. A traffic gate is not possible, because CloudWatch
       * would learn its values as data.
       */
      readonly trafficGate: NoTrafficGate;
    }
);

/** Properties of a `MetricAlarm`. */
export type MetricAlarmProps = AlarmContext &
  AlarmCondition & {
    /**
     * Prefix of the alarm's name, such as `guestbook-production`. Severity and construct id follow.
     * @default - derived from the stack's name and the path of the scope
     */
    readonly name?: string;
  };

const MISSING_DATA: Readonly<Record<TreatMissingData, string>> = {
  [TreatMissingData.NOT_BREACHING]: 'good',
  [TreatMissingData.BREACHING]: 'bad',
  [TreatMissingData.IGNORE]: 'as before',
  [TreatMissingData.MISSING]: 'insufficient',
};

/**
 * An alarm on a metric. Its meaning, condition, treatment of missing data, traffic gate, severity and first action are
 * all required.
 *
 * Defines the alarm.
 */
export class MetricAlarm extends MonitoringAlarm {
  /** The alarm in CloudWatch. */
  readonly alarm: AlarmBase;
  /** Description of the alarm in words. */
  readonly summary: AlarmSummary;
  /** Metric without the traffic gate, for graphs. */
  readonly metric: IMetric;
  /** Threshold for bad values. */
  readonly threshold: AlarmThreshold;

  constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    const { metric, threshold, trafficGate } = props;
    this.validate(props);

    const { alarmName, alarmDescription, summary } = this.describe(props.name, {
      ...props,
      condition: condition(props),
      missingData: MISSING_DATA[props.treatMissingData],
      trafficGate:
        'ungated' in trafficGate
          ? trafficGate.ungated
          : `not judged below ${trafficGate.minimum} ${trafficGate.unit ?? 'requests'} in ${words(periodOf(metric))}`,
    });
    this.summary = summary;
    this.metric = metric;
    this.threshold = threshold;

    const common: Omit<CreateAlarmOptions, 'threshold'> = {
      alarmName,
      alarmDescription,
      evaluationPeriods: props.evaluationPeriods,
      datapointsToAlarm: props.datapointsToAlarm,
      treatMissingData: props.treatMissingData,
    };
    if ('stdDevs' in threshold) {
      this.alarm = new AnomalyDetectionAlarm(this, 'Resource', {
        ...common,
        metric,
        stdDevs: threshold.stdDevs,
        comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
      });
    } else {
      const isAbove = 'above' in threshold;
      const value = isAbove ? threshold.above : threshold.below;
      this.alarm = new Alarm(this, 'Resource', {
        ...common,
        threshold: value,
        comparisonOperator: isAbove
          ? ComparisonOperator.GREATER_THAN_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
        // A value equal to the threshold is good.
        metric: 'ungated' in trafficGate ? metric : gated(metric, trafficGate, isAbove ? 0 : value),
      });
    }
    this.finish();
  }

  private validate(props: MetricAlarmProps): void {
    const { metric, evaluationPeriods, datapointsToAlarm } = props;
    const problems = lateDataProblems(props);
    if (!(datapointsToAlarm >= 1 && datapointsToAlarm <= evaluationPeriods))
      problems.push(
        `'datapointsToAlarm' must be 1 to 'evaluationPeriods', got ${datapointsToAlarm} of ${evaluationPeriods}`,
      );
    const seconds = periodOf(metric).toSeconds();
    const longest = seconds < 3600 ? 86_400 : 604_800;
    if (seconds * evaluationPeriods > longest)
      problems.push(
        `'evaluationPeriods' must cover at most ${longest / 86_400} days, got ${evaluationPeriods} periods of ${seconds} s; use fewer or longer periods`,
      );
    const { region } = Stack.of(this);
    for (const dimensions of dimensionsOfCloudFront(metric)) {
      if (!Token.isUnresolved(region) && region !== 'us-east-1')
        problems.push(
          `'metric' is a CloudFront metric, which exists in us-east-1 only, and this stack is in ${region}; define the alarm in a stack in us-east-1`,
        );
      if (!dimensions.some(({ name, value }) => name === 'Region' && value === 'Global'))
        problems.push(
          "'metric' of CloudFront must have the dimension Region=Global, got none; add it, because the metric has no data without it",
        );
    }
    if (problems.length > 0) throw new ConstructError(this, [...new Set(problems)]);
  }
}

/**
 * Returns problems with `FILL`, which fills the latest periods while their data is late. A fill value that counts as
 * good must not keep the alarm from firing. One that counts as bad must not make the alarm fire.
 */
function lateDataProblems(props: MetricAlarmProps): string[] {
  const { metric, threshold, evaluationPeriods, datapointsToAlarm, trafficGate } = props;
  const period = periodOf(metric);
  const late = latePeriods(period);
  // A repeated value equals the one before, so it is neither good nor bad by itself.
  const filled = fillings(metric).filter((value) => !/^(REPEAT|LINEAR)$/i.test(value));
  const isBad = (value: string) => 'below' in threshold && Number(value) < threshold.below;
  const why = `the latest ${words(Duration.seconds(late * period.toSeconds()))} may have no data yet, and FILL fills them`;
  const problems: string[] = [];
  const isFilledGood = !('ungated' in trafficGate) || filled.some((value) => !isBad(value));
  if (isFilledGood && evaluationPeriods - datapointsToAlarm < late)
    problems.push(
      `'evaluationPeriods' must be at least ${datapointsToAlarm + late} (datapointsToAlarm + ${late}), got ${evaluationPeriods}: ${why}, so the alarm could never fire`,
    );
  if (filled.some(isBad) && datapointsToAlarm <= late)
    problems.push(
      `'datapointsToAlarm' must be at least ${late + 1}, got ${datapointsToAlarm}: ${why}, so the alarm could fire without bad data`,
    );
  return problems;
}

function gated(judged: IMetric, { requests, minimum }: TrafficGate, quiet: number): IMetric {
  return new MathExpression({
    // A percentage or percentile of few requests is not significant.
    expression: `IF(FILL(traffic, 0) >= ${minimum}, judged, ${quiet})`,
    usingMetrics: { traffic: requests, judged },
    period: periodOf(judged),
    label: 'judged',
  });
}

function condition({
  metric,
  threshold,
  unit,
  evaluationPeriods,
  datapointsToAlarm,
}: MetricAlarmProps): string {
  const period = words(periodOf(metric));
  const when =
    evaluationPeriods === 1
      ? `over ${period}`
      : `in ${datapointsToAlarm} of ${evaluationPeriods} periods of ${period}`;
  if ('stdDevs' in threshold)
    return `it is ${threshold.stdDevs} standard deviations from what is usual (${unit}), ${when}`;
  return 'above' in threshold
    ? `more than ${threshold.above} ${unit}, ${when}`
    : `less than ${threshold.below} ${unit}, ${when}`;
}

function periodOf(metric: IMetric): Duration {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  return metricStat?.period ?? Duration.seconds(mathExpression?.period ?? 300);
}

/** Returns the dimensions of each CloudFront metric within a metric. */
function dimensionsOfCloudFront(
  metric: IMetric,
): readonly { readonly name: string; readonly value: unknown }[][] {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  const own = metricStat?.namespace === 'AWS/CloudFront' ? [[...(metricStat.dimensions ?? [])]] : [];
  return [...own, ...Object.values(mathExpression?.usingMetrics ?? {}).flatMap(dimensionsOfCloudFront)];
}

/** Returns a duration in words. */
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
