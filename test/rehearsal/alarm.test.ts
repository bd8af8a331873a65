import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Alarm, type AlarmOptions } from '../../lib/rehearsal/cloudwatch/alarm';
import { Alarms } from '../../lib/rehearsal/cloudwatch/alarms';
import { CompositeAlarm } from '../../lib/rehearsal/cloudwatch/composite-alarm';
import { LATEST, Metrics } from '../../lib/rehearsal/core/metrics';
import { compressed } from '../../lib/rehearsal/core/time';

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
  EvaluationPeriods: 5,
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

  type Minutes = readonly (readonly [requests: number, errors: number])[];

  /** Minutes of requests and errors, then quiet ones until all data has arrived, then the verdict. */
  function judged(options: AlarmOptions, minutes: Minutes): boolean {
    const quiet = Array.from({ length: LATEST }, () => [0, 0] as const);
    return verdicts(options, [...minutes, ...quiet]).at(-1)!;
  }

  /** Minutes of requests and errors, with the verdict after each. */
  function verdicts(options: AlarmOptions, minutes: Minutes): boolean[] {
    const metrics = new Metrics();
    metrics.announce('AWS/ApplicationELB', 'RequestCount', 'HTTPCode_Target_5XX_Count');
    const alarm = new Alarm('Errors', options, metrics);
    const put = (name: string) => metrics.put('AWS/ApplicationELB', name, 'blue', 1);
    expect(alarm.notRehearsed).toBeUndefined();
    return minutes.map(([requests, errors]) => {
      for (let n = 0; n < requests; n++) put('RequestCount');
      for (let n = 0; n < errors; n++) put('HTTPCode_Target_5XX_Count');
      vi.advanceTimersByTime(compressed(60));
      return alarm.inAlarm(0);
    });
  }

  test('recent minutes arrive late: with FILL, an alarm without spare periods never fires', () => {
    const bad = Array.from({ length: 26 }, () => [20, 20] as const);
    const firing = (EvaluationPeriods: number) =>
      verdicts({ ...share, EvaluationPeriods }, bad).filter(Boolean).length;
    expect([2, 3, 4].map(firing)).toEqual([0, 12, 24]);
  });

  test('without FILL, late minutes are ignored and earlier ones are evaluated', () => {
    const { Metrics: _, ...plain } = share;
    const errors = {
      ...plain,
      MetricName: 'HTTPCode_Target_5XX_Count',
      Namespace: 'AWS/ApplicationELB',
      Dimensions: [{ Name: 'TargetGroup', Value: 'blue' }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 2,
    };
    const bad = Array.from({ length: 10 }, () => [20, 20] as const);
    expect(verdicts(errors, bad).filter(Boolean)).toHaveLength(8);
  });

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

  test('missing data can be breaching', () => {
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

  test('an incomplete long period is evaluated, except for a lower limit', () => {
    const quarter: AlarmOptions = {
      AlarmName: 'requests',
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'RequestCount',
      Dimensions: [{ Name: 'TargetGroup', Value: 'blue' }],
      Statistic: 'Sum',
      Period: 900,
      EvaluationPeriods: 1,
      Threshold: 10,
      ComparisonOperator: 'GreaterThanThreshold',
    };
    const few = { ...quarter, ComparisonOperator: 'LessThanThreshold' };
    const minutes = (count: number, requests: number) =>
      Array.from({ length: count }, () => [requests, 0] as const);
    expect(judged(quarter, minutes(3, 5))).toBe(true);
    expect(judged(quarter, minutes(15, 0))).toBe(false);
    expect(judged(few, minutes(3, 1))).toBe(false);
    // Older than a period: the minutes of before have gone by.
    expect(judged(few, [...minutes(2, 9), ...minutes(15, 0).fill([1, 0], 0, 3)])).toBe(true);
  });

  test('the delay of a minute depends on its requests, and is zero without requests', () => {
    const metrics = new Metrics();
    metrics.expect(30);
    metrics.arrived();
    vi.advanceTimersByTime(compressed(60) * 3);
    expect([metrics.now, metrics.overdue]).toEqual([0, true]);
    for (let n = 1; n < 30; n++) metrics.arrived();
    expect([metrics.now, metrics.overdue]).toEqual([1, false]);
    vi.advanceTimersByTime(compressed(60));
    expect(metrics.now).toBe(2);
    metrics.arrived();
    vi.advanceTimersByTime(compressed(60) * 8);
    expect(metrics.now).toBe(3);
  });

  test('the share of responses in time is a percentile rank', () => {
    const metrics = new Metrics();
    for (const seconds of [0.1, 0.2, 0.9, 1, 3]) metrics.put('AWS/ApplicationELB', 'T', 'lb', seconds);
    const key = { namespace: 'AWS/ApplicationELB', name: 'T', about: 'lb' };
    const over = (statistic: string) => metrics.get(key, statistic, 0, Number.POSITIVE_INFINITY);
    expect(over('PR(:1)')).toBe(80);
    expect(over('p50')).toBe(0.9);
    expect(over('Average')).toBeCloseTo(1.04);
    expect(metrics.get({ ...key, about: 'other' }, 'Sum', 0, 9)).toBeUndefined();
  });

  test.each([
    [
      { ...share, Metrics: [{ Id: 'x', Expression: 'ANOMALY_DETECTION_BAND(requests)' }] },
      /ANOMALY_DETECTION_BAND/,
    ],
    [{ ...share, Metrics: undefined, Namespace: 'AWS/RDS' }, /AWS\/RDS/],
  ])('lists what it does not evaluate', (options, why) => {
    expect(new Alarm('Odd', options, new Metrics()).notRehearsed).toMatch(why);
  });
});

describe('composite alarms', () => {
  const firing = new Set(['a', 'b']);
  const others = (name: string) =>
    ({
      notRehearsed: name === 'odd' ? 'no data' : undefined,
      inAlarm: () => firing.has(name),
    }) as unknown as Alarm;
  const alarm = (rule: string) => new CompositeAlarm('Both', rule, false, others);

  test.each([
    ['ALARM("a") AND ALARM("b")', true],
    ['(ALARM("a") AND ALARM("c"))', false],
    ['(ALARM(a) AND ALARM(c)) OR OK(c)', true],
    ['NOT (ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a") OR FALSE)', false],
    ['ALARM(c) OR NOT ALARM(b) OR TRUE', true],
  ])('%s', (rule, expected) => {
    expect(alarm(rule).notRehearsed).toBeUndefined();
    expect(alarm(rule).inAlarm(0, 1)).toBe(expected);
  });

  test.each([
    ['ALARM(a) AND ALARM(odd)', 'it depends on odd'],
    ['AT_LEAST(1, ALARM, (a, b))', "'AT_LEAST(1, ALARM, (a, b))' in its rule"],
    ['INSUFFICIENT_DATA(a)', 'INSUFFICIENT_DATA in its rule'],
  ])('%s is not evaluated', (rule, why) => {
    expect(alarm(rule).notRehearsed).toBe(why);
    expect(alarm(rule).inAlarm(0, 1)).toBe(false);
  });
});

describe('unactionable pages', () => {
  const fired = (name: string, tells: boolean, ofTime = false) => ({
    name,
    alarm: { tells, ofTime, logicalId: name } as unknown as Alarm,
  });
  const among = (...alarms: ReturnType<typeof fired>[]) => {
    const plan = new Alarms();
    for (const { name, alarm } of alarms) plan.metric.set(name, alarm);
    return plan.pageAmong(alarms)?.name;
  };

  test('are counted for any alarm while no alarm has a recipient', () => {
    expect(among(fired('errors', false))).toBe('errors');
  });
  test('are counted for alarms with a recipient, and not for parts of a composite alarm', () => {
    expect(among(fired('deploying', false), fired('errors', true))).toBe('errors');
    expect(among(fired('deploying', false), fired('slow', true, true))).toBeUndefined();
  });
});
