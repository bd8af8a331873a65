import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { type DashboardSection, graph } from './dashboard-section';
import { MetricAlarm } from './metric-alarm';

/** Something the application's log tells of that matters to the business. */
export interface BusinessMetric {
  /** Name of the metric, in PascalCase, as `EntriesSigned`. */
  readonly name: string;
  /**
   * Lines that count: of JSON with this `event`, or that match a pattern of CloudWatch Logs; or the metric that
   * the application embeds in its lines itself.
   */
  readonly lines:
    | { readonly event: string }
    | { readonly pattern: string }
    | { readonly embedded: EmbeddedMetric };
  /**
   * Field whose numbers are summed, as `$.amount`; not of an embedded metric, which has its own numbers.
   * @default lines are counted
   */
  readonly value?: string;
  /** @default it is shown, and nobody is told */
  readonly alarm?: BusinessAlarm;
}

/**
 * A metric as the application writes it into its log, in the embedded metric format: CloudWatch Logs makes it a
 * metric without a filter.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export interface EmbeddedMetric {
  /** Namespace in the lines' `_aws.CloudWatchMetrics`. */
  readonly namespace: string;
  /**
   * Name in the lines.
   * @default the name of the business metric
   */
  readonly metricName?: string;
  /**
   * Exactly the dimensions of one of the lines' sets, with their values.
   * @default the set without dimensions
   */
  readonly dimensions?: Readonly<Record<string, string>>;
  /**
   * What of the numbers is looked at, as `Average` or `p95`.
   * @default Stats.SUM
   */
  readonly statistic?: string;
}

export interface BusinessAlarm {
  /** What it means when the number is out of bounds, in a sentence. */
  readonly meaning: string;
  /** What to do first, in a sentence. */
  readonly action: string;
  readonly severity: 'page' | 'ticket';
  /** What is out of bounds, over `period`. */
  readonly limit: { readonly above: number } | { readonly below: number } | { readonly unusualBy: number };
  /** Time over which the numbers are summed: 5 minutes to a day. */
  readonly period: Duration;
}

export interface BusinessMetricsProps {
  /** Prefix of the alarms' names. */
  readonly name: string;
  /** Where the application writes its lines. */
  readonly logGroup: ILogGroup;
  readonly metrics: readonly BusinessMetric[];
}

const HOUR = Duration.hours(1);
/** Of a metric in CloudWatch. */
const MOST_DIMENSIONS = 30;

/**
 * The numbers that say whether the application is of use.
 *
 * Defines a metric filter for each that the application does not embed itself, in the namespace
 * `<name>/Business`, and the alarms asked for.
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
 *         limit: { below: 1 },
 *         period: Duration.hours(6),
 *       },
 *     },
 *     { name: 'Donations', lines: { event: 'donation.received' }, value: '$.amount' },
 *   ],
 * });
 */
export class BusinessMetrics extends Construct {
  readonly alarms: readonly MetricAlarm[];
  readonly section: DashboardSection;

  constructor(scope: Construct, id: string, { name, logGroup, metrics }: BusinessMetricsProps) {
    super(scope, id);
    this.validate(metrics);

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
                  markdown: 'None yet: name them in `monitoring.businessMetrics` of `framework53.config.ts`.',
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

  private alarm(name: string, metricName: string, metric: IMetric, alarm: BusinessAlarm): MetricAlarm {
    const common = {
      name,
      meaning: alarm.meaning,
      action: alarm.action,
      severity: alarm.severity,
      runbook: '#business-metrics',
      metric,
      unit: metricName,
      datapoints: { bad: 1, of: 1 },
      // A filter writes a zero whenever there is a line at all, and what is embedded is filled with zeros where
      // too little is what is watched: silence as such is for the alarms of the server.
      missingData: 'good',
      lowTraffic: { ungated: 'the number itself is what is watched' },
    } as const;
    const { limit } = alarm;
    return 'unusualBy' in limit
      ? new MetricAlarm(this, metricName, { ...common, limit })
      : new MetricAlarm(this, metricName, { ...common, limit });
  }

  private validate(metrics: readonly BusinessMetric[]): void {
    const names = metrics.map(({ name }) => name);
    const problems = names
      .filter((name) => !/^[A-Z][A-Za-z0-9]{0,49}$/.test(name))
      .map((name) => `'name' must be PascalCase of up to 50 letters and digits, got '${name}'`);
    for (const { name, lines, value } of metrics) {
      if (!('embedded' in lines)) continue;
      const { namespace, dimensions = {} } = lines.embedded;
      if (value !== undefined) problems.push(`'value' of '${name}' is in its lines already; leave it out`);
      if (/^$|^:|^AWS\//.test(namespace))
        problems.push(`'namespace' of '${name}' must be the application's own, got '${namespace}'`);
      if (Object.keys(dimensions).length > MOST_DIMENSIONS)
        problems.push(
          `'dimensions' of '${name}' must be at most ${MOST_DIMENSIONS}, got ${Object.keys(dimensions).length}`,
        );
    }
    for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
      problems.push(`two metrics are called '${name}'; rename one`);
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
  // Unlike a filter, an application writes nothing where there is nothing: too little would never be seen.
  return alarm && 'below' in alarm.limit
    ? new MathExpression({
        expression: 'FILL(written, 0)',
        usingMetrics: { written: metric },
        period,
        label: name,
      })
    : metric;
}
