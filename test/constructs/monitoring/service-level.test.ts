import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { expect, test } from 'vitest';
import { ServiceLevel } from '../../../constructs/monitoring';
import { nagFindings, testStack } from '../../support';

function serviceLevel(objective = 99.9) {
  const stack = testStack();
  const metric = (metricName: string) =>
    new Metric({ namespace: 'Shop', metricName, statistic: 'Sum', period: Duration.minutes(5) });
  const requests = new MathExpression({
    expression: 'FILL(counted, 0)',
    usingMetrics: { counted: metric('Requests') },
  });
  const level = new ServiceLevel(stack, 'Availability', {
    name: 'shop-test',
    promise: 'requests are answered',
    objective,
    badPercent: new MathExpression({
      expression: '100 * bad / requests',
      usingMetrics: { bad: metric('Bad'), requests },
    }),
    requests,
    action: 'Look.',
    runbook: '#availability',
  });
  return { stack, level, template: Template.fromStack(stack) };
}

// biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
const properties = (resources: Record<string, any>) => Object.values(resources).map((r) => r.Properties);

test('uses the burn rates of the SRE workbook, each in a long and a short window', () => {
  const { template } = serviceLevel();
  const windows = properties(template.findResources('AWS::CloudWatch::Alarm')).map((alarm) => [
    alarm.AlarmName.replace('shop-test-part-availability-', ''),
    alarm.Threshold,
    // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
    `${alarm.DatapointsToAlarm}/${alarm.EvaluationPeriods} × ${alarm.Metrics.find((m: any) => m.MetricStat).MetricStat.Period} s`,
  ]);
  expect(windows).toEqual([
    ['fast-burn-long', 1.44, '1/1 × 3600 s'],
    ['fast-burn-short', 1.44, '1/2 × 300 s'],
    ['burn-long', 0.6, '1/1 × 21600 s'],
    ['burn-short', 0.6, '1/1 × 1800 s'],
    ['slow-burn-long', 0.1, '3/3 × 86400 s'],
    ['slow-burn-short', 0.1, '1/1 × 21600 s'],
  ]);
});

test('evaluates a window by its bad requests: an outage at low traffic counts, a single error does not', () => {
  const gates = properties(serviceLevel().template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Metrics }) =>
      // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
      Metrics.flatMap((m: any) => (/traffic|allRequests/.test(m.Expression) ? m.Expression : [])),
  );
  for (const gate of gates)
    expect(gate).toEqual(['IF(FILL(traffic, 0) >= 10, judged, 0)', 'judged * allRequests / 100']);
});

test('fires only if both windows burn, and pages only for fast burn', () => {
  const { template, stack } = serviceLevel();
  const alarms = properties(template.findResources('AWS::CloudWatch::CompositeAlarm'));
  expect(alarms.map(({ AlarmName }) => AlarmName)).toEqual([
    'shop-test-page-availability-fast-burn',
    'shop-test-page-availability-burn',
    'shop-test-ticket-availability-slow-burn',
  ]);
  for (const { AlarmRule } of alarms) expect(JSON.stringify(AlarmRule)).toContain(' AND ');
  expect(nagFindings(stack)).toEqual([]);
});

test('all metrics of a window have its period', () => {
  for (const { Metrics } of properties(serviceLevel().template.findResources('AWS::CloudWatch::Alarm'))) {
    // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
    const periods = new Set(Metrics.flatMap((m: any) => (m.MetricStat ? [m.MetricStat.Period] : [])));
    expect(periods.size).toBe(1);
  }
});

test('shows the remaining budget of 30 days', () => {
  const [widget] = serviceLevel().level.budgetWidget('Budget', 6).toJson();
  expect(widget.properties).toMatchObject({ start: '-P30D', setPeriodToTimeRange: true });
  expect(JSON.stringify(widget)).toContain('100 - 100 * FILL(spent, 0) / 0.1');
});

test('fails for an objective with a burn rate above 100 % errors', () => {
  expect(() => serviceLevel(90)).toThrow(/'objective' must be 95 to 99.99 %, got 90/);
});
