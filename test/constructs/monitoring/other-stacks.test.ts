import { App, Duration, PermissionsBoundary, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import {
  Escalation,
  EscalationForwarder,
  type EscalationPlan,
  Tickets,
} from '../../../constructs/escalation';
import {
  BusinessMetrics,
  Canary,
  CombinedAlarm,
  EdgeAlarms,
  EdgeLogQueries,
  EnvironmentDashboard,
  FirstCanaryRun,
  MetricAlarm,
  type MetricAlarmProps,
  MonthlyBudget,
  RealUserMonitoring,
  ServerLogMetrics,
  ServerLogQueries,
  ServiceLevel,
  UserExperience,
} from '../../../constructs/monitoring';

const alarm: MetricAlarmProps = {
  meaning: 'Orders are taken and nobody packs them.',
  action: 'See whether the workers run.',
  severity: 'page',
  runbook: 'https://wiki.example.com/orders',
  metric: new Metric({ namespace: 'Orders', metricName: 'Age' }),
  unit: 'seconds of age',
  threshold: { above: 600 },
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  treatMissingData: TreatMissingData.NOT_BREACHING,
  trafficGate: { ungated: 'one message tells enough' },
};
const namesIn = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties.AlarmName,
  );

test('an alarm without a name is named after its stack, its scope, its severity and its id', () => {
  const stack = new Stack(new App(), 'Shop');
  new MetricAlarm(stack, 'QueueGrows', alarm);
  new MetricAlarm(new Construct(stack, 'Orders'), 'QueueGrows', alarm);
  expect(namesIn(stack)).toEqual([
    'shop-page-queue-grows',
    expect.stringMatching(/^shop-orders-?[a-z0-9]*-page-queue-grows$/),
  ]);
});

test('an alarm has the runbook that it names', () => {
  const stack = new Stack(new App(), 'Shop');
  const { alarm: made } = new MetricAlarm(stack, 'QueueGrows', alarm);
  expect(JSON.stringify(stack.resolve((made.node.defaultChild as never)['alarmDescription']))).toContain(
    'Runbook: https://wiki.example.com/orders',
  );
});

const plan: EscalationPlan = {
  contacts: [{ name: 'Ada', email: 'ada@example.com' }],
  tiers: [{ targets: [{ kind: 'contact', contact: 'Ada' }], times: 1, everyMinutes: 5 }],
  repageMinutes: 30,
};
const logGroup = (scope: Construct) => LogGroup.fromLogGroupName(scope, 'Logs', 'logs');
const canary = (scope: Construct, name?: string) =>
  new Canary(scope, 'It', {
    name,
    url: 'https://example.com',
    checks: [],
    interval: Duration.minutes(5),
  });
const constructs: Record<string, (scope: Construct, name?: string) => unknown> = {
  MetricAlarm: (scope, name) => new MetricAlarm(scope, 'It', { ...alarm, name }),
  BusinessMetrics: (scope, name) =>
    new BusinessMetrics(scope, 'It', {
      name,
      logGroup: logGroup(scope),
      metrics: [{ name: 'Orders', lines: { event: 'order' } }],
    }),
  Canary: canary,
  CombinedAlarm: (scope, name) =>
    new CombinedAlarm(scope, 'It', {
      ...alarm,
      name,
      requires: 'all',
      alarms: ['one', 'other'],
      condition: 'both fire',
      missingData: 'good',
      trafficGate: 'each judges for itself',
    }),
  Escalation: (scope, name) => new Escalation(scope, 'It', { name, plan }),
  EdgeAlarms: (scope, name) => new EdgeAlarms(scope, 'It', { name, distributionId: 'E1' }),
  EdgeLogQueries: (scope, name) => {
    const logs = logGroup(scope);
    return new EdgeLogQueries(scope, 'It', { name, accessLogs: logs, firewallLogs: logs });
  },
  EnvironmentDashboard: (scope, name) =>
    new EnvironmentDashboard(scope, 'It', { name, alarms: [], sections: [] }),
  MonthlyBudget: (scope, name) =>
    new MonthlyBudget(scope, 'It', { name, amount: 1, email: 'a@example.com', tags: { a: 'b', c: 'd' } }),
  RealUserMonitoring: (scope, name) =>
    new RealUserMonitoring(scope, 'It', { name, domains: ['example.com'], release: 'r', samplePercent: 1 }),
  ServerLogMetrics: (scope, name) => new ServerLogMetrics(scope, 'It', { name, logGroup: logGroup(scope) }),
  ServerLogQueries: (scope, name) => new ServerLogQueries(scope, 'It', { name, logGroup: logGroup(scope) }),
  ServiceLevel: (scope, name) => {
    const requests = new MathExpression({ expression: 'all', usingMetrics: { all: alarm.metric } });
    return new ServiceLevel(scope, 'It', {
      ...alarm,
      name,
      promise: 'orders are packed',
      objective: 99,
      badPercent: requests,
      requests,
    });
  },
  Tickets: (scope, name) => new Tickets(scope, 'It', { name, emails: ['a@example.com'] }),
  UserExperience: (scope, name) =>
    new UserExperience(scope, 'It', { name, distributionId: 'E1', appMonitor: 'a' }),
};

test.each(Object.entries(constructs))(
  '%s takes a name or generates one in any stack, and validates it',
  (_, make) => {
    const named = (name?: string) => {
      const stack = new Stack(new App(), 'Shop');
      make(new Construct(stack, 'Part'), name);
      return JSON.stringify(Template.fromStack(stack));
    };
    expect(named('orders-live')).toContain('orders-live');
    expect(named()).toMatch(/shop-?part/);
    expect(() => named('1 Shop')).toThrow(/'name' must be 1 to 40 .* got '1 Shop'; use for example 'shop'/);
  },
);

test('roles of functions have the permissions boundary of their stack', () => {
  const stack = new Stack(new App(), 'Shop', {
    permissionsBoundary: PermissionsBoundary.fromName('developers'),
  });
  new Escalation(stack, 'Escalation', {
    plan,
    testPage: { weekday: 'monday', time: '10:00', timeZone: 'UTC' },
  });
  new EscalationForwarder(stack, 'Forwarder', { name: 'edge', homeRegion: 'eu-west-1' });
  new FirstCanaryRun(stack, 'FirstRun', { canary: canary(stack), release: '1' });
  const roles = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  expect(roles.length).toBe(9);
  for (const [id, { Properties }] of roles)
    expect([id, JSON.stringify(Properties.PermissionsBoundary)]).toEqual([
      id,
      expect.stringContaining(':policy/developers'),
    ]);
});
