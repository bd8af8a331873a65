import { type Fact, misses, ofType } from './fact';

const ALARM = 'AWS::CloudWatch::Alarm';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const METRIC_MATH = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html';

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Period: number };
}

/** Seconds after which the data of a minute has usually arrived. */
const LATE = 120;

/** Number of newest periods without data. Of a quarter of an hour, late data is a small part. */
function latePeriods(queries: readonly Query[]): number {
  const seconds = Math.min(...queries.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
  return seconds >= 900 ? 0 : Math.ceil(LATE / seconds);
}

const alarm = (Expression: string, more: object) => ({
  Type: ALARM,
  Properties: {
    ComparisonOperator: 'GreaterThanThreshold',
    Metrics: [
      { Id: 'e1', Expression },
      { Id: 'm1', MetricStat: { Period: 60 } },
    ],
    ...more,
  },
});

/** Facts of CloudWatch's alarms. */
export const alarmFacts: readonly Fact[] = [
  {
    fact: 'The latest data is late, and FILL fills the gaps: the filled periods must neither silence an alarm nor make it fire',
    source: METRIC_MATH,
    violations: (template) =>
      ofType(template, ALARM).flatMap(({ id, properties }) => {
        const queries: Query[] = properties.Metrics ?? [];
        const isFilled = queries.some(({ Expression }) => /\bFILL\(/.test(Expression ?? ''));
        if (!isFilled) return [];
        const late = latePeriods(queries);
        const { EvaluationPeriods: of, DatapointsToAlarm: bad = of, ComparisonOperator } = properties;
        // A gate fills with a good value, whatever the alarm compares.
        const isGated = queries.some(({ Expression }) => /^IF\(FILL\(/.test(Expression ?? ''));
        const isSafe = /^Less/.test(ComparisonOperator) && !isGated ? bad > late : of - bad >= late;
        return misses(id, { [`${bad} of ${of} beside FILL, with ${late} late periods`]: isSafe });
      }),
    against: {
      Silent: alarm('FILL(m1, 0)', { EvaluationPeriods: 2, DatapointsToAlarm: 2 }),
      OneSpare: alarm('MAX([FILL(m1, 0)])', { EvaluationPeriods: 3, DatapointsToAlarm: 2 }),
      Alarming: alarm('FILL(m1, 0)', { ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 2 }),
    },
  },
  {
    fact: 'A policy that scales out wants three high minutes in a row: FILL makes the newest one low',
    source: METRIC_MATH,
    violations: (template) =>
      ofType(template, POLICY).flatMap(({ id, properties }) =>
        misses(id, { 'fills missing data': !/\bFILL\(/.test(JSON.stringify(properties)) }),
      ),
    against: {
      Filled: { Type: POLICY, Properties: { Metrics: [{ Expression: 'FILL(m1, 0) + FILL(m2, 0)' }] } },
    },
  },
  {
    fact: 'An alarm has at most 10 metrics, a name of 255 characters and a description of 1,024',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
    violations: (template) =>
      ofType(template, ALARM, 'AWS::CloudWatch::CompositeAlarm').flatMap(({ id, properties }) => {
        const { Metrics: metrics = [], AlarmName: name = '', AlarmDescription: text = '' } = properties;
        return misses(id, {
          'has more metrics': metrics.filter(({ MetricStat }: Query) => MetricStat).length <= 10,
          'has a longer name': name.length <= 255,
          'has a longer description': text.length <= 1024,
        });
      }),
    against: { Long: { Type: ALARM, Properties: { AlarmDescription: 'x'.repeat(1025) } } },
  },
];
