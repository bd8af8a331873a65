import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, test } from 'vitest';
import {
  CombinedAlarm,
  MetricAlarm,
  type MetricAlarmProps,
  MonitoringAlarm,
} from '../../../constructs/monitoring';
import { nagFindings, testStack } from '../../support';

const errors = new Metric({
  namespace: 'Shop',
  metricName: 'Errors',
  statistic: 'Sum',
  period: Duration.minutes(5),
});
const requests = errors.with({ statistic: 'SampleCount' });
const complete = {
  name: 'shop-test',
  meaning: 'Users cannot pay.',
  action: 'Call the bank.',
  severity: 'page',
  runbook: '#payments',
  metric: errors as IMetric,
  unit: 'failed payments',
  threshold: { above: 5 },
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  treatMissingData: TreatMissingData.NOT_BREACHING,
  trafficGate: { requests, minimum: 20 },
} as const satisfies MetricAlarmProps;

const UNGATED = { ungated: 'a number' };
const filled = (seconds: number, filling = '0') =>
  new MathExpression({
    expression: `MAX([FILL(counted, ${filling}), counted])`,
    usingMetrics: { counted: errors },
    period: Duration.seconds(seconds),
  });
const within = (inner: MathExpression) =>
  new MathExpression({ expression: '2 * inner', usingMetrics: { inner }, period: Duration.minutes(1) });

function alarm(change: Partial<MetricAlarmProps> = {}, region = 'us-east-1') {
  const stack = testStack('Test', { env: { region } });
  const made = new MetricAlarm(stack, 'FailedPayments', { ...complete, ...change } as MetricAlarmProps);
  return { stack, made, template: Template.fromStack(stack) };
}

describe('an alarm', () => {
  test('describes meaning, condition, missing data, evaluation and action', () => {
    alarm().template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'shop-test-page-failed-payments',
      AlarmDescription: [
        'Users cannot pay.',
        'Fires when more than 5 failed payments, in 2 of 3 periods of 5 minutes; no data: good; few requests: not judged below 20 requests in 5 minutes.',
        'First: Call the bank.',
        'Severity: page. Runbook: docs/runbook.md#payments',
      ].join('\n'),
      Threshold: 5,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
      Tags: [{ Key: 'severity', Value: 'page' }],
    });
  });

  test('treats few requests as good, for upper and lower limits', () => {
    const gate = (text: string) => ({
      Metrics: Match.arrayWith([Match.objectLike({ Expression: text, ReturnData: true })]),
    });
    alarm().template.hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      gate('IF(FILL(traffic, 0) >= 20, judged, 0)'),
    );
    const { template } = alarm({ threshold: { below: 7 } } as never);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...gate('IF(FILL(traffic, 0) >= 20, judged, 7)'),
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  test.each([
    ['no spare period beside a gate', { evaluationPeriods: 2 }, /'evaluationPeriods' must be at least 3/],
    [
      'one spare minute beside FILL',
      { metric: filled(60), trafficGate: UNGATED },
      /'evaluationPeriods' must be at least 4 .*the latest 2 minutes may have no data yet/,
    ],
    [
      'FILL somewhere within',
      { metric: within(filled(60)), trafficGate: UNGATED },
      /'evaluationPeriods' must be at least 4/,
    ],
    [
      'a filling that is bad by itself',
      { metric: filled(60), trafficGate: UNGATED, threshold: { below: 1 } },
      /'datapointsToAlarm' must be at least 3, got 2: .*without bad data/,
    ],
  ])('is refused with %s', (_, change, message) => expect(() => alarm(change as never)).toThrow(message));

  test.each([
    ['two spare minutes', { metric: filled(60), trafficGate: UNGATED, evaluationPeriods: 4 }],
    [
      'a period of which late data is a small part',
      { metric: filled(3600), trafficGate: UNGATED, evaluationPeriods: 2 },
    ],
    ['a repeated value', { metric: filled(60, 'REPEAT'), trafficGate: UNGATED }],
    [
      'a filling that is good',
      { metric: filled(60, '100'), trafficGate: UNGATED, threshold: { below: 99 }, evaluationPeriods: 4 },
    ],
    [
      'a bad filling in more periods than are late',
      { metric: filled(60), trafficGate: UNGATED, threshold: { below: 1 }, datapointsToAlarm: 3 },
    ],
  ])('is created with %s', (_, change) => expect(() => alarm(change as never)).not.toThrow());

  test('can detect anomalies', () => {
    const { template, made } = alarm({
      threshold: { stdDevs: 3 },
      trafficGate: { ungated: 'a sum' },
    } as never);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'ANOMALY_DETECTION_BAND(m0, 3)' })]),
    });
    expect(made.summary.condition).toBe(
      'it is 3 standard deviations from what is usual (failed payments), in 2 of 3 periods of 5 minutes',
    );
  });

  test('is found in the construct tree, with its whole description', () => {
    const { stack, made } = alarm();
    expect(MonitoringAlarm.in(stack)).toEqual([made]);
    expect(made.summary).toMatchObject({ id: 'failed-payments', severity: 'page', missingData: 'good' });
    expect(nagFindings(stack)).toEqual([]);
  });
});

test('the type rejects an alarm with a missing description', () => {
  const scope = testStack();
  const refused = () => {
    const { meaning, ...unexplained } = complete;
    // @ts-expect-error no meaning
    new MetricAlarm(scope, 'A1', unexplained);
    const { threshold, ...boundless } = complete;
    // @ts-expect-error no threshold
    new MetricAlarm(scope, 'A2', boundless);
    const { datapointsToAlarm, ...hasty } = complete;
    // @ts-expect-error no M of N
    new MetricAlarm(scope, 'A3', hasty);
    const { treatMissingData, ...vague } = complete;
    // @ts-expect-error no meaning of missing data
    new MetricAlarm(scope, 'A4', vague);
    const { trafficGate, ...nervous } = complete;
    // @ts-expect-error neither a gate nor a reason for none
    new MetricAlarm(scope, 'A5', nervous);
    const { severity, ...anyone } = complete;
    // @ts-expect-error nobody is told
    new MetricAlarm(scope, 'A6', anyone);
    const { runbook, ...helpless } = complete;
    // @ts-expect-error no runbook
    new MetricAlarm(scope, 'A7', helpless);
    const { action, ...idle } = complete;
    // @ts-expect-error nothing to do
    new MetricAlarm(scope, 'A8', idle);
    // @ts-expect-error a band over a gated metric learns the gate
    new MetricAlarm(scope, 'A9', { ...complete, threshold: { stdDevs: 3 } });
  };
  expect(refused).toBeTypeOf('function');
});

describe('fails', () => {
  test('without a description, or with one that is too long for CloudWatch', () => {
    expect(() => alarm({ meaning: ' ' })).toThrow(/'meaning' must say something/);
    expect(() => alarm({ trafficGate: { ungated: '' } } as never)).toThrow(
      /'trafficGate' must say something/,
    );
    expect(() => alarm({ action: 'Call. '.repeat(200) })).toThrow(/must fit into 1024 characters/);
  });

  test('if more periods must be bad than are evaluated', () => {
    expect(() => alarm({ evaluationPeriods: 3, datapointsToAlarm: 4 })).toThrow(
      /'datapointsToAlarm' must be 1 to 'evaluationPeriods', got 4 of 3/,
    );
  });

  test('if it evaluates more time than CloudWatch allows', () => {
    expect(() => alarm({ evaluationPeriods: 289, datapointsToAlarm: 1 })).toThrow(
      /must cover at most 1 days/,
    );
    const metric = errors.with({ period: Duration.days(1) });
    expect(() => alarm({ metric, evaluationPeriods: 8, datapointsToAlarm: 8 })).toThrow(
      /must cover at most 7 days/,
    );
    expect(() => alarm({ metric, evaluationPeriods: 7, datapointsToAlarm: 7 })).not.toThrow();
  });

  test('for CloudFront metrics in another region, or with unknown dimensions', () => {
    const of = (dimensionsMap: Record<string, string>) =>
      new Metric({ namespace: 'AWS/CloudFront', metricName: 'Requests', dimensionsMap });
    const metric = of({ DistributionId: 'E1', Region: 'Global' });
    expect(() => alarm({ metric })).not.toThrow();
    expect(() => alarm({ metric }, 'eu-west-1')).toThrow(
      /exists in us-east-1 only, and this stack is in eu-west-1/,
    );
    expect(() => alarm({ metric: of({ DistributionId: 'E1' }) })).toThrow(/Region=Global/);
  });
});

describe('a combined alarm', () => {
  const words = {
    name: 'shop-test',
    meaning: 'All is lost.',
    action: 'Run.',
    severity: 'ticket',
    runbook: '#all',
    condition: 'both fire',
    missingData: 'good',
    trafficGate: 'gated by each',
  } as const;

  test('fires if all its parts fire, or any of them', () => {
    const stack = testStack();
    const made = new MetricAlarm(stack, 'FailedPayments', { ...complete, severity: 'part' });
    new CombinedAlarm(stack, 'All', { ...words, requires: 'all', alarms: [made, 'shop-other'] });
    new CombinedAlarm(stack, 'Any', { ...words, requires: 'any', alarms: ['a', 'b'] });
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(rules.map(({ Properties }) => JSON.stringify(Properties.AlarmRule))).toEqual([
      expect.stringMatching(/ALARM\(.*FailedPayments.* AND ALARM\(.*shop-other/),
      '"(ALARM(\\"a\\") OR ALARM(\\"b\\"))"',
    ]);
    expect(rules[0]!.Properties.AlarmName).toBe('shop-test-ticket-all');
  });
});
