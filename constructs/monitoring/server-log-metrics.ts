import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { validName } from '../physical-name';
import { MetricAlarm } from './metric-alarm';

/** Properties of `ServerLogMetrics`. */
export interface ServerLogMetricsProps {
  /**
   * Prefix of the alarms' names, and namespace of the metrics.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Log group to which the server writes JSON lines. */
  readonly logGroup: ILogGroup;
}

const PERIOD = Duration.minutes(5);

/**
 * Error metrics of a server's log.
 *
 * Defines metrics of lines with the level `error`, in total, by `error.class` and without a class, and of lines that
 * are not JSON. Also defines an alarm on the lines with the level `error`.
 * @example
 * const { errors } = new ServerLogMetrics(this, 'LogMetrics', {
 *   name: 'guestbook-production',
 *   logGroup: server.logGroup,
 * });
 * errors.alarm.addAlarmAction(new SnsAction(topic));
 */
export class ServerLogMetrics extends Construct {
  /** Fires when the server logs many errors. */
  readonly errors: MetricAlarm;
  /** Errors in five minutes, one time series for each class. */
  readonly byClass: IMetric;
  /** Errors without a class in five minutes. */
  readonly unclassified: IMetric;
  /** Lines that are not JSON in five minutes. */
  readonly plainText: IMetric;

  constructor(scope: Construct, id: string, props: ServerLogMetricsProps) {
    super(scope, id);
    const { logGroup } = props;
    const name = validName(this, props.name);
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
    // All JSON lines of the server have a level.
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
      meaning: 'The server logs more errors than a single user could cause.',
      action:
        'Run the saved query “errors by class and route”. A class that is new since a release comes from that release.',
      severity: 'ticket',
      runbook: '#errors-logged',
      metric: errors,
      unit: 'lines with the level error',
      threshold: { above: 20 },
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'a number of errors, not a share of requests' },
    });
  }
}
