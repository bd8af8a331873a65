import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Alarm, type AlarmOptions } from '../../lib/rehearsal/alarm';
import { Metrics } from '../../lib/rehearsal/metrics';
import { compressed } from '../../lib/rehearsal/time';

const metric = (Id: string, MetricName: string, Stat: string) => ({
  Id,
  ReturnData: false,
  MetricStat: {
    Metric: {
      MetricName,
      Namespace: 'AWS/ApplicationELB',
      Dimensions: [{ Name: 'TargetGroup', Value: 'blue' }],
    },
    Period: 60,
    Stat,
  },
});
const share: AlarmOptions = {
  AlarmName: 'errors',
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 5,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'notBreaching',
  Metrics: [
    { Id: 'share', Expression: 'IF(FILL(requests, 0) >= 10, 100 * FILL(errors, 0) / FILL(requests, 1), 0)' },
    metric('requests', 'RequestCount', 'Sum'),
    metric('errors', 'HTTPCode_Target_5XX_Count', 'Sum'),
  ],
};

describe('metric alarms', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(compressed(60) * 1000);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Minutes of requests and errors, then the verdict. */
  function judged(
    options: AlarmOptions,
    minutes: readonly (readonly [requests: number, errors: number])[],
  ): boolean {
    const metrics = new Metrics();
    metrics.announce('AWS/ApplicationELB', 'RequestCount', 'HTTPCode_Target_5XX_Count');
    const alarm = new Alarm('Errors', options, metrics);
    const put = (name: string) => metrics.put('AWS/ApplicationELB', name, 'blue', 1);
    for (const [requests, errors] of minutes) {
      for (let n = 0; n < requests; n++) put('RequestCount');
      for (let n = 0; n < errors; n++) put('HTTPCode_Target_5XX_Count');
      vi.advanceTimersByTime(compressed(60));
    }
    expect(alarm.notRehearsed).toBeUndefined();
    return alarm.inAlarm(0);
  }

  test.each([
    [
      'two bad minutes of three',
      [
        [20, 4],
        [20, 0],
        [20, 4],
      ],
      true,
    ],
    [
      'one bad minute',
      [
        [20, 0],
        [20, 0],
        [20, 20],
      ],
      false,
    ],
    [
      'bad minutes that are over',
      [
        [20, 9],
        [20, 9],
        [20, 0],
        [20, 0],
      ],
      false,
    ],
    [
      'too few requests to judge by',
      [
        [5, 5],
        [5, 5],
        [5, 5],
      ],
      false,
    ],
    [
      'no data',
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      false,
    ],
  ] as const)('%s', (_, minutes, expected) => expect(judged(share, minutes)).toBe(expected));

  test('missing data can be a reason', () => {
    const { Metrics: _, ...plain } = share;
    const options = {
      ...plain,
      MetricName: 'RequestCount',
      Namespace: 'AWS/ApplicationELB',
      Statistic: 'Sum',
      Period: 60,
    };
    expect(
      judged({ ...options, TreatMissingData: 'breaching' }, [
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    ).toBe(true);
  });

  test.each([
    [
      { ...share, Metrics: [{ Id: 'x', Expression: 'ANOMALY_DETECTION_BAND(requests)' }] },
      /ANOMALY_DETECTION_BAND/,
    ],
    [{ ...share, Metrics: undefined, Namespace: 'AWS/RDS' }, /AWS\/RDS/],
  ])('says what it does not evaluate', (options, why) => {
    expect(new Alarm('Odd', options, new Metrics()).notRehearsed).toMatch(why);
  });
});
