import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { MetricAlarm } from './metric-alarm';

export interface ServerLogMetricsProps {
  /** Prefix of the alarms' names, and namespace of the metrics. */
  readonly name: string;
  /** Where the server writes its lines of JSON. */
  readonly logGroup: ILogGroup;
}

const PERIOD = Duration.minutes(5);

/**
 * The errors a server writes into its log, counted.
 *
 * Defines metrics of lines with the level `error`, of those by `error.class`, of those without a class, and of
 * lines that are no JSON; and an alarm on the first.
 * @example
 * const { errors } = new ServerLogMetrics(this, 'LogMetrics', {
 *   name: 'guestbook-production',
 *   logGroup: server.logGroup,
 * });
 * errors.alarm.addAlarmAction(new SnsAction(topic));
 */
export class ServerLogMetrics extends Construct {
  readonly errors: MetricAlarm;
  /** A line for each class. */
  readonly byClass: IMetric;
  readonly unclassified: IMetric;
  readonly plainText: IMetric;

  constructor(scope: Construct, id: string, { name, logGroup }: ServerLogMetricsProps) {
    super(scope, id);
    const count = (metricName: string, filterPattern: { readonly logPatternString: string }) =>
      new MetricFilter(this, metricName, {
        logGroup,
        filterPattern,
        metricNamespace: name,
        metricName,
        metricValue: '1',
        defaultValue: 0,
      }).metric({ statistic: Stats.SUM, period: PERIOD, label: metricName });

    const isError = FilterPattern.stringValue('$.level', '=', 'error');
    const errors = count('Errors', isError);
    this.unclassified = count(
      'UnclassifiedErrors',
      FilterPattern.all(isError, FilterPattern.notExists('$.error.class')),
    );
    // Every line of JSON has a level.
    this.plainText = count('PlainTextLines', FilterPattern.literal('-level'));
    new MetricFilter(this, 'ErrorsByClass', {
      logGroup,
      filterPattern: FilterPattern.all(isError, FilterPattern.exists('$.error.class')),
      metricNamespace: name,
      metricName: 'ErrorsByClass',
      metricValue: '1',
      dimensions: { Class: '$.error.class' },
    });
    this.byClass = new MathExpression({
      expression: `SEARCH('{"${name}",Class} MetricName="ErrorsByClass"', 'Sum', ${PERIOD.toSeconds()})`,
      usingMetrics: {},
      label: '',
      period: PERIOD,
    });
    this.errors = new MetricAlarm(this, 'ErrorsLogged', {
      name,
      meaning: 'The server logs errors at a rate that no single user’s bad luck explains.',
      action: 'Open the saved query “errors by class and route”; a new class after a release is its doing.',
      severity: 'ticket',
      runbook: '#errors-logged',
      metric: errors,
      unit: 'lines with the level error',
      limit: { above: 20 },
      datapoints: { bad: 2, of: 3 },
      missingData: 'good',
      lowTraffic: { ungated: 'a number of errors, not a share of requests' },
    });
  }
}
