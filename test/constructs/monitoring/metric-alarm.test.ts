import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
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
  limit: { above: 5 },
  datapoints: { bad: 2, of: 3 },
  missingData: 'good',
  lowTraffic: { requests, minimum: 20 },
} as const satisfies MetricAlarmProps;

function alarm(change: Partial<MetricAlarmProps> = {}, region = 'us-east-1') {
  const stack = testStack('Test', { env: { region } });
  const made = new MetricAlarm(stack, 'FailedPayments', { ...complete, ...change } as MetricAlarmProps);
  return { stack, made, template: Template.fromStack(stack) };
}

describe('an alarm', () => {
  test('says what it means, when it fires, what silence means, what is judged and what to do', () => {
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

  test('takes few requests for good ones, on either side of a limit', () => {
    const gate = (text: string) => ({
      Metrics: Match.arrayWith([Match.objectLike({ Expression: text, ReturnData: true })]),
    });
    alarm().template.hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      gate('IF(FILL(traffic, 0) >= 20, judged, 0)'),
    );
    const { template } = alarm({ limit: { below: 7 } } as never);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...gate('IF(FILL(traffic, 0) >= 20, judged, 7)'),
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  test('may watch for what is unusual', () => {
    const { template, made } = alarm({ limit: { unusualBy: 3 }, lowTraffic: { ungated: 'a sum' } } as never);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'ANOMALY_DETECTION_BAND(m0, 3)' })]),
    });
    expect(made.summary.condition).toBe(
      'it is 3 standard deviations from what is usual (failed payments), in 2 of 3 periods of 5 minutes',
    );
  });

  test('is found in the tree, with all that people need to know', () => {
    const { stack, made } = alarm();
    expect(MonitoringAlarm.in(stack)).toEqual([made]);
    expect(made.summary).toMatchObject({ id: 'failed-payments', severity: 'page', missingData: 'good' });
    expect(nagFindings(stack)).toEqual([]);
  });
});

test('an alarm that leaves anything open cannot be written down', () => {
  const scope = testStack();
  const refused = () => {
    const { meaning, ...unexplained } = complete;
    // @ts-expect-error no meaning
    new MetricAlarm(scope, 'A1', unexplained);
    const { limit, ...boundless } = complete;
    // @ts-expect-error no limit
    new MetricAlarm(scope, 'A2', boundless);
    const { datapoints, ...hasty } = complete;
    // @ts-expect-error no M of N
    new MetricAlarm(scope, 'A3', hasty);
    const { missingData, ...vague } = complete;
    // @ts-expect-error what silence means is not said
    new MetricAlarm(scope, 'A4', vague);
    const { lowTraffic, ...nervous } = complete;
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
    // @ts-expect-error a runbook is a heading
    new MetricAlarm(scope, 'A9', { ...complete, runbook: 'payments' });
    // @ts-expect-error a band over a gated metric learns the gate
    new MetricAlarm(scope, 'A10', { ...complete, limit: { unusualBy: 3 } });
  };
  expect(refused).toBeTypeOf('function');
});

describe('fails', () => {
  test('without words, or with more than CloudWatch takes', () => {
    expect(() => alarm({ meaning: ' ' })).toThrow(/'meaning' must say something/);
    expect(() => alarm({ lowTraffic: { ungated: '' } } as never)).toThrow(/'lowTraffic' must say something/);
    expect(() => alarm({ action: 'Call. '.repeat(200) })).toThrow(/must fit into 1024 characters/);
  });

  test('with more bad periods than there are', () => {
    expect(() => alarm({ datapoints: { bad: 4, of: 3 } })).toThrow(/1 ≤ bad ≤ of, got 4 of 3/);
  });

  test('when it looks back further than CloudWatch does', () => {
    expect(() => alarm({ datapoints: { bad: 1, of: 289 } })).toThrow(/more than the 1 days/);
    const metric = errors.with({ period: Duration.days(1) });
    expect(() => alarm({ metric, datapoints: { bad: 8, of: 8 } })).toThrow(/more than the 7 days/);
    expect(() => alarm({ metric, datapoints: { bad: 7, of: 7 } })).not.toThrow();
  });

  test('on metrics of CloudFront elsewhere, or under dimensions it does not report with', () => {
    const of = (dimensionsMap: Record<string, string>) =>
      new Metric({ namespace: 'AWS/CloudFront', metricName: 'Requests', dimensionsMap });
    const metric = of({ DistributionId: 'E1', Region: 'Global' });
    expect(() => alarm({ metric })).not.toThrow();
    expect(() => alarm({ metric }, 'eu-west-1')).toThrow(/in us-east-1 only, got eu-west-1/);
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
    lowTraffic: 'gated by each',
  } as const;

  test('fires with all of its parts, or with any', () => {
    const stack = testStack();
    const made = new MetricAlarm(stack, 'FailedPayments', { ...complete, severity: 'part' });
    new CombinedAlarm(stack, 'All', { ...words, fires: 'when all do', alarms: [made, 'shop-other'] });
    new CombinedAlarm(stack, 'Any', { ...words, fires: 'when any does', alarms: ['a', 'b'] });
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(rules.map(({ Properties }) => JSON.stringify(Properties.AlarmRule))).toEqual([
      expect.stringMatching(/ALARM\(.*FailedPayments.* AND ALARM\(.*shop-other/),
      '"(ALARM(\\"a\\") OR ALARM(\\"b\\"))"',
    ]);
    expect(rules[0]!.Properties.AlarmName).toBe('shop-test-ticket-all');
  });
});
