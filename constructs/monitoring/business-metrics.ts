import { Duration } from 'aws-cdk-lib';
import {
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { nameProblems, physicalName } from '../physical-name';
import { type DashboardSection, graph } from './dashboard-section';
import { latePeriods } from './late-data';
import { type AlarmThreshold, MetricAlarm } from './metric-alarm';

/** A business metric from the application's log. */
export interface BusinessMetric {
  /** Name of the metric, in PascalCase, such as `EntriesSigned`; up to 50 letters and digits. */
  readonly name: string;
  /**
   * Log lines to count: JSON lines with this `event`, or lines that match this CloudWatch Logs filter pattern.
   * Alternatively, a metric that the application writes in the embedded metric format.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
   */
  readonly lines:
    | { readonly event: string }
    | { readonly pattern: string }
    | { readonly embedded: EmbeddedMetric };
  /**
   * Field whose values are summed, such as `$.amount`. An embedded metric has its own values.
   * @default - lines are counted
   */
  readonly value?: string;
  /**
   * Alarm on the metric.
   * @default - the metric is shown and has no alarm
   */
  readonly alarm?: BusinessAlarmOptions;
}

/**
 * Metric that the application writes to its log in the embedded metric format. CloudWatch Logs extracts the metric
 * without a filter.
 * @see
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export interface EmbeddedMetric {
  /** Namespace in `_aws.CloudWatchMetrics` of the lines. */
  readonly namespace: string;
  /**
   * Name of the metric in the lines.
   * @default - the name of the business metric
   */
  readonly metricName?: string;
  /**
   * Dimensions with their values: exactly one of the metric's dimension sets.
   * @default - the set without dimensions
   */
  readonly dimensions?: Readonly<Record<string, string>>;
  /**
   * Statistic of the metric, such as `Average` or `p95`.
   * @default Stats.SUM
   */
  readonly statistic?: string;
}

/** Alarm on a business metric. */
export interface BusinessAlarmOptions {
  /** Effect on users or the business, in one sentence. */
  readonly meaning: string;
  /** First step of the person who is notified, in one sentence. */
  readonly action: string;
  /** Urgency of the alarm. */
  readonly severity: 'page' | 'ticket';
  /** Threshold for the values over `period`. */
  readonly threshold: AlarmThreshold;
  /** Period over which values are summed: 5 minutes to a day. */
  readonly period: Duration;
}

/** Properties of `BusinessMetrics`. */
export interface BusinessMetricsProps {
  /**
   * Prefix of the alarms' names and of the namespace.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Log group of the application. */
  readonly logGroup: ILogGroup;
  /** Metrics, in the order in which the dashboard shows them. */
  readonly metrics: readonly BusinessMetric[];
}

const HOUR = Duration.hours(1);
/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MOST_DIMENSIONS = 30;

/**
 * Business metrics from the application's log.
 *
 * Defines the alarms, and a metric filter in the namespace `<name>/Business` for each metric that the application does
 * not embed.
 * @example
 * new BusinessMetrics(this, 'Business', {
 *   name: 'guestbook-production',
 *   logGroup: server.logGroup,
 *   metrics: [
 *     {
 *       name: 'EntriesSigned',
 *       lines: { event: 'entry.signed' },
 *       alarm: {
 *         meaning: 'Nobody signs the guestbook any more.',
 *         action: 'Sign it yourself, and see what happens.',
 *         severity: 'ticket',
 *         threshold: { below: 1 },
 *         period: Duration.hours(6),
 *       },
 *     },
 *     { name: 'Donations', lines: { event: 'donation.received' }, value: '$.amount' },
 *   ],
 * });
 */
export class BusinessMetrics extends Construct {
  /** Alarms of the metrics. */
  readonly alarms: readonly MetricAlarm[];
  /** Graphs for a dashboard. */
  readonly section: DashboardSection;

  constructor(scope: Construct, id: string, props: BusinessMetricsProps) {
    super(scope, id);
    const { logGroup, metrics } = props;
    this.validate(props);
    const name = physicalName(this, props.name);

    const shown = metrics.map((business) => {
      const { name: metricName, lines, alarm } = business;
      const metric =
        'embedded' in lines
          ? embeddedMetric(business, lines.embedded)
          : this.filteredMetric(name, logGroup, business, lines);
      return { metricName, metric, alarm: alarm && this.alarm(name, metricName, metric, alarm) };
    });
    this.alarms = shown.flatMap(({ alarm }) => alarm ?? []);
    const graphs = shown.map(({ metricName, metric, alarm }) =>
      graph({ title: metricName, metrics: [metric], alarms: alarm ? [alarm] : [] }),
    );
    this.section = {
      title: 'Business',
      rows:
        graphs.length > 0
          ? [graphs]
          : [
              [
                new TextWidget({
                  markdown: 'No business metrics yet.',
                  width: 24,
                  height: 2,
                }),
              ],
            ],
    };
  }

  private filteredMetric(
    name: string,
    logGroup: ILogGroup,
    { name: metricName, value, alarm }: BusinessMetric,
    lines: { readonly event: string } | { readonly pattern: string },
  ): IMetric {
    return new MetricFilter(this, `${metricName}Lines`, {
      logGroup,
      filterPattern:
        'event' in lines
          ? FilterPattern.stringValue('$.event', '=', lines.event)
          : FilterPattern.literal(lines.pattern),
      metricNamespace: `${name}/Business`,
      metricName,
      metricValue: value ?? '1',
      defaultValue: 0,
    }).metric({ statistic: Stats.SUM, period: alarm?.period ?? HOUR, label: metricName });
  }

  private alarm(name: string, metricName: string, metric: IMetric, alarm: BusinessAlarmOptions): MetricAlarm {
    // The sum of a short period is too low while data is late.
    const periods = 'below' in alarm.threshold ? 1 + latePeriods(alarm.period) : 1;
    const common = {
      name,
      meaning: alarm.meaning,
      action: alarm.action,
      severity: alarm.severity,
      runbook: '#business-metrics',
      metric,
      unit: metricName,
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      // A filter writes a zero for each minute without a matching line. For an embedded metric with a lower threshold,
      // the alarm fills zeros. Alarms of the server detect a log without lines.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'the alarm evaluates the number itself' },
    } as const;
    const { threshold } = alarm;
    return 'stdDevs' in threshold
      ? new MetricAlarm(this, metricName, { ...common, threshold })
      : new MetricAlarm(this, metricName, { ...common, threshold });
  }

  private validate({ name: prefix, metrics }: BusinessMetricsProps): void {
    const names = metrics.map(({ name }) => name);
    const misnamed = names
      .filter((name) => !/^[A-Z][A-Za-z0-9]{0,49}$/.test(name))
      .map((name) => `'name' must be PascalCase of up to 50 letters and digits, got '${name}'`);
    const problems = [...nameProblems(prefix), ...misnamed];
    for (const { name, lines, value } of metrics) {
      if (!('embedded' in lines)) continue;
      const { namespace, dimensions = {} } = lines.embedded;
      if (value !== undefined)
        problems.push(
          `'value' of '${name}' is not allowed with an embedded metric, which has its own values; remove it`,
        );
      if (/^$|^:|^AWS\//.test(namespace))
        problems.push(`'namespace' of '${name}' must be the application's own, got '${namespace}'`);
      if (Object.keys(dimensions).length > MOST_DIMENSIONS)
        problems.push(
          `'dimensions' of '${name}' must be at most ${MOST_DIMENSIONS}, got ${Object.keys(dimensions).length}`,
        );
    }
    for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
      problems.push(`two metrics are named '${name}'; rename one`);
    for (const { name, alarm } of metrics) {
      const minutes = alarm?.period.toMinutes() ?? 60;
      if (!(minutes >= 5 && minutes <= 1440))
        problems.push(`'period' of '${name}' must be 5 minutes to a day, got ${minutes} minutes`);
    }
    if (problems.length > 0) throw new ConstructError(this, problems);
  }
}

function embeddedMetric({ name, alarm }: BusinessMetric, embedded: EmbeddedMetric): IMetric {
  const { namespace, metricName = name, dimensions = {}, statistic = Stats.SUM } = embedded;
  const period = alarm?.period ?? HOUR;
  const metric = new Metric({
    namespace,
    metricName,
    dimensionsMap: { ...dimensions },
    statistic,
    period,
    label: name,
  });
  // An application writes no zeros, unlike a filter. Without zeros, a lower threshold would never be crossed. With a
  // threshold of zero or less, a zero would only hide the real values.
  return alarm && 'below' in alarm.threshold && alarm.threshold.below > 0
    ? new MathExpression({
        expression: 'FILL(written, 0)',
        usingMetrics: { written: metric },
        period,
        label: name,
      })
    : metric;
}
