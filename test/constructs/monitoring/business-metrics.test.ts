import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ProtectedLogGroup } from '../../../constructs/logs';
import {
  type BusinessAlarmOptions,
  type BusinessMetric,
  BusinessMetrics,
  MonthlyBudget,
} from '../../../constructs/monitoring';
import { nagFindings, testStack } from '../../support';

const alarm: BusinessAlarmOptions = {
  meaning: 'Nobody signs.',
  action: 'Sign.',
  severity: 'ticket',
  threshold: { below: 1 },
  period: Duration.hours(6),
};

function business(...metrics: BusinessMetric[]) {
  const stack = testStack();
  const { logGroup } = new ProtectedLogGroup(stack, 'Logs');
  const { section } = new BusinessMetrics(stack, 'Business', { name: 'shop-test', logGroup, metrics });
  return { stack, section, template: () => Template.fromStack(stack) };
}

test('counts log events, and sums a field of matching lines', () => {
  const { template, stack } = business(
    { name: 'EntriesSigned', lines: { event: 'entry.signed' }, alarm },
    { name: 'Revenue', lines: { pattern: '{ $.paid IS TRUE }' }, value: '$.amount' },
  );
  const filter = (FilterPattern: string, MetricName: string, MetricValue: string) =>
    template().hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern,
      MetricTransformations: [
        { DefaultValue: 0, MetricName, MetricNamespace: 'shop-test/Business', MetricValue },
      ],
    });
  filter('{ $.event = "entry.signed" }', 'EntriesSigned', '1');
  filter('{ $.paid IS TRUE }', 'Revenue', '$.amount');
  template().resourceCountIs('AWS::CloudWatch::Alarm', 1);
  template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'shop-test-ticket-entries-signed',
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    Metrics: [Match.objectLike({ MetricStat: Match.objectLike({ Period: 21_600 }) })],
  });
  expect(nagFindings(stack)).toEqual([]);
});

describe('metrics in the embedded metric format', () => {
  const embedded = {
    namespace: 'Shop/Orders',
    metricName: 'order.amount',
    dimensions: { Currency: 'EUR' },
    statistic: 'Average',
  };

  test('need no metric filter and have exactly their dimensions', () => {
    const { template, section } = business({
      name: 'OrderAmount',
      lines: { embedded },
      alarm: { ...alarm, threshold: { above: 100 } },
    });
    template().resourceCountIs('AWS::Logs::MetricFilter', 0);
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'shop-test-ticket-order-amount',
      Metrics: [
        Match.objectLike({
          MetricStat: {
            Metric: {
              Namespace: 'Shop/Orders',
              MetricName: 'order.amount',
              Dimensions: [{ Name: 'Currency', Value: 'EUR' }],
            },
            Period: 21_600,
            Stat: 'Average',
          },
        }),
      ],
    });
    expect(JSON.stringify(section.rows[0]?.[0]?.toJson())).toContain('"Shop/Orders"');
  });

  test('count missing data as zero if the alarm is about too little', () => {
    business({ name: 'Orders', lines: { embedded: { namespace: 'Shop' } }, alarm })
      .template()
      .hasResourceProperties('AWS::CloudWatch::Alarm', {
        ComparisonOperator: 'LessThanThreshold',
        Metrics: [
          Match.objectLike({ Expression: 'FILL(written, 0)' }),
          Match.objectLike({
            MetricStat: {
              Metric: { Namespace: 'Shop', MetricName: 'Orders' },
              Period: 21_600,
              Stat: 'Sum',
            },
          }),
        ],
      });
  });

  test('fail for a namespace of AWS, and for a field together with embedded metrics', () => {
    expect(() =>
      business({ name: 'A', lines: { embedded: { namespace: 'AWS/ECS' } }, value: '$.amount' }),
    ).toThrow(
      /'value' of 'A' is not allowed with an embedded metric[\s\S]*must be the application's own, got 'AWS\/ECS'/,
    );
  });
});

test('an alarm can detect anomalies', () => {
  business({ name: 'A', lines: { event: 'a' }, alarm: { ...alarm, threshold: { stdDevs: 2 } } })
    .template()
    .hasResourceProperties('AWS::CloudWatch::Alarm', {
      ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
    });
});

test('the dashboard says that there are none', () => {
  const [[widget]] = business().section.rows as never as [[{ toJson(): object[] }]];
  expect(JSON.stringify(widget.toJson())).toContain('No business metrics yet.');
});

test('fails with all names and periods that CloudWatch or the construct tree rejects', () => {
  const lines = { event: 'a' };
  expect(() =>
    business(
      { name: 'signed', lines },
      { name: 'A', lines },
      { name: 'A', lines, alarm: { ...alarm, period: Duration.days(2) } },
    ),
  ).toThrow(/PascalCase.*got 'signed'\n.*two metrics are named 'A'.*\n.*5 minutes to a day, got 2880/);
});

test('a budget reports forecast and actual cost of resources with all tags', () => {
  const stack = testStack();
  new MonthlyBudget(stack, 'Budget', {
    name: 'shop-test',
    amount: 50,
    email: 'team@example.com',
    tags: { application: 'shop', environment: 'test' },
  });
  const notification = (NotificationType: string) => ({
    Notification: {
      NotificationType,
      ComparisonOperator: 'GREATER_THAN',
      Threshold: 100,
      ThresholdType: 'PERCENTAGE',
    },
    Subscribers: [{ Address: 'team@example.com', SubscriptionType: 'EMAIL' }],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Budgets::Budget', {
    Budget: {
      BudgetLimit: { Amount: 50, Unit: 'USD' },
      FilterExpression: {
        And: [
          { Tags: { Key: 'application', Values: ['shop'] } },
          { Tags: { Key: 'environment', Values: ['test'] } },
        ],
      },
    },
    NotificationsWithSubscribers: [notification('FORECASTED'), notification('ACTUAL')],
  });
});
