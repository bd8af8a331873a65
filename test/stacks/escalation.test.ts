import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../config';
import { MonitoringAlarm } from '../../constructs/monitoring';
import { nagFindings, unusedAcknowledgements } from '../support';
import { type Resources, resources as synthesised, testEnvironment } from '../support/environment';

const ESCALATION: Settings['escalation'] = {
  contacts: [
    { name: 'Ada', email: 'ada@example.com', phone: '+4915112345678' },
    { name: 'Grace', email: 'grace@example.com' },
  ],
  rotation: {
    members: ['Ada', 'Grace'],
    handover: { weekday: 'monday', time: '09:00', timeZone: 'Europe/Berlin' },
    start: '2026-11-23',
  },
  tiers: [{ targets: [{ kind: 'on-call' }], times: 3, everyMinutes: 5 }],
  repageMinutes: 30,
  ticketEmails: ['team@example.com'],
  fallbackEmail: 'office@example.com',
  acknowledgeLink: true,
  acknowledgeConcurrency: 5,
  runbooks: 'https://example.com/shop/',
  maintenance: [{ name: 'weekly', schedule: 'cron(0 2 * * SUN)', timeZone: 'Europe/Berlin', minutes: 60 }],
  testPage: { weekday: 'tuesday', time: '10:00', timeZone: 'Europe/Berlin' },
};

const elsewhere = testEnvironment('production', {
  region: 'eu-west-1',
  settings: { escalation: ESCALATION },
}).environment;
const { operations, edgeOperations } = elsewhere;

const known = new Map<Stack, Resources>();
function resources(stack: Stack): Resources {
  const found = known.get(stack) ?? synthesised(stack);
  known.set(stack, found);
  return found;
}
const ofType = (stack: Stack, type: string) =>
  Object.entries(resources(stack)).filter(([, { Type }]) => Type === type);
const alarmsOf = (stack: Stack) => [
  ...ofType(stack, 'AWS::CloudWatch::Alarm'),
  ...ofType(stack, 'AWS::CloudWatch::CompositeAlarm'),
];
/** Logical id of the topic with a name. */
const topic = (stack: Stack, name: string) =>
  ofType(stack, 'AWS::SNS::Topic').find(([, { Properties }]) => Properties.TopicName === name)?.[0];
/** Names of the alarms that have a topic for their action. */
const telling = (stack: Stack, name: string) =>
  alarmsOf(stack)
    .filter(([, { Properties }]) =>
      JSON.stringify(Properties.AlarmActions ?? []).includes(`"${topic(stack, name)}"`),
    )
    .map(([, { Properties }]) => Properties.AlarmName.replace('shop-production-', ''))
    .sort();
const suppressed = (stack: Stack) =>
  Object.fromEntries(
    ofType(stack, 'AWS::CloudWatch::CompositeAlarm')
      .filter(([, { Properties }]) => Properties.ActionsSuppressor)
      .map(([, { Properties }]) => [
        Properties.AlarmName.replace('shop-production-', ''),
        Properties.ActionsSuppressor['Fn::GetAtt'][0],
      ]),
  );

describe('an environment with an escalation', () => {
  test('connects every alarm to a recipient', () => {
    const pages = MonitoringAlarm.in(operations).filter(({ summary }) => summary.severity === 'page');
    const told = telling(operations, 'shop-production-page');
    expect(pages.length).toBeGreaterThan(8);
    expect(told.map((name) => name.replace(/-told$/, ''))).toEqual(
      pages.map(({ summary }) => summary.name.replace('shop-production-', '')).sort(),
    );
    const tickets = MonitoringAlarm.in(operations).filter(({ summary }) => summary.severity === 'ticket');
    const ticketed = telling(operations, 'shop-production-ticket');
    const otherWay = telling(operations, 'shop-production-escalation-fallback');
    expect([...ticketed, ...otherWay].sort()).toEqual(
      tickets.map(({ summary }) => summary.name.replace('shop-production-', '')).sort(),
    );
    expect(otherWay).toEqual([
      'ticket-escalation-dead-letters',
      'ticket-escalation-delay',
      'ticket-escalation-errors',
      'ticket-escalation-fails',
      'ticket-escalation-undelivered',
      'ticket-escalation-unready',
    ]);
  });

  test('suppresses symptoms of a failing database and of deployments, but not the rollback alarms', () => {
    const by = suppressed(operations);
    const rule = (alarm: string) =>
      JSON.stringify(resources(operations)[by[alarm]!]!.Properties.AlarmRule ?? by[alarm]);
    for (const alarm of [
      'page-availability-fast-burn',
      'page-latency-burn',
      'page-canary-fails-told',
      'page-missing-tasks-told',
    ]) {
      expect(rule(alarm)).toContain('DatabaseConnections');
      expect(rule(alarm)).toContain('Deploying');
    }
    expect(rule('page-server-fails')).toContain('DatabaseConnections');
    // The database's alarms are quiet during a deployment: they explain nothing then.
    expect(rule('page-server-fails')).toMatch(/NOT \(ALARM\(.*Deploying/);
    expect(by['page-database-connections-told']).toMatch(/Deploying/);
  });

  test('names the incident in each paging alarm', () => {
    const causes = alarmsOf(operations)
      .filter(([, { Properties }]) =>
        telling(operations, 'shop-production-page').includes(
          Properties.AlarmName.replace('shop-production-', ''),
        ),
      )
      .map(([, { Properties }]) => [
        Properties.AlarmName.replace('shop-production-page-', ''),
        /Incident: (.*)$/.exec(Properties.AlarmDescription)?.[1],
      ]);
    expect(Object.fromEntries(causes)).toMatchObject({
      'server-fails': 'application',
      'canary-fails-told': 'application',
      'database-connections-told': 'database',
      test: 'test',
    });
    expect(causes.every(([, cause]) => cause)).toBe(true);
  });

  test('forwards pages of us-east-1 to the queue in the home region, by name', () => {
    expect(telling(edgeOperations!, 'shop-production-page')).toEqual(['page-edge-errors']);
    const subscription = ofType(edgeOperations!, 'AWS::SNS::Subscription').find(
      ([, { Properties }]) => Properties.Protocol === 'sqs',
    )![1];
    expect(JSON.stringify(subscription.Properties)).toContain(':shop-production-pages');
    expect(JSON.stringify(subscription.Properties)).toContain(':sqs:eu-west-1:');
    const policies = ofType(operations, 'AWS::SQS::QueuePolicy').map(([, policy]) => JSON.stringify(policy));
    expect(policies.some((policy) => policy.includes(':sns:us-east-1:'))).toBe(true);
    // No reference, so that either can go and come back.
    expect(JSON.stringify([subscription.Properties, policies])).not.toContain('GetStackOutput');
  });

  test('mutes all notifying alarms during maintenance', () => {
    const rule = ofType(operations, 'AWS::CloudWatch::AlarmMuteRule')[0]![1];
    expect(rule.Properties).toMatchObject({
      Name: 'shop-production-weekly',
      Rule: {
        Schedule: { Expression: 'cron(0 2 * * SUN)', Duration: 'PT1H', Timezone: 'Europe/Berlin' },
      },
    });
    expect(rule.Properties.MuteTargets.AlarmNames).toHaveLength(
      telling(operations, 'shop-production-page').length -
        1 +
        telling(operations, 'shop-production-ticket').length,
    );
  });

  test('has no finding without an acknowledgement', () => {
    for (const stack of [operations, edgeOperations!]) {
      expect(nagFindings(stack)).toEqual([]);
      expect(unusedAcknowledgements(stack)).toEqual([]);
    }
  });
});

describe('an environment without one', () => {
  const bare = testEnvironment('production').environment.operations;

  test('has no recipient, with a warning at synthesis', () => {
    Annotations.fromStack(bare).hasWarning(
      '*',
      Match.stringLikeRegexp('nobody is notified when production fails'),
    );
    expect(alarmsOf(bare).every(([, { Properties }]) => !Properties.AlarmActions)).toBe(true);
  });

  test('can email tickets', () => {
    const { operations: some } = testEnvironment('staging', {
      settings: { escalation: { ...ESCALATION, tiers: [], testPage: undefined, fallbackEmail: undefined } },
    }).environment;
    expect(topic(some, 'shop-staging-page')).toBeUndefined();
    expect(ofType(some, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Endpoint)).toEqual([
      'team@example.com',
    ]);
    Annotations.fromStack(some).hasNoWarning('*', Match.stringLikeRegexp('nobody is told'));
  });

  test('has no warning outside production', () => {
    Annotations.fromStack(testEnvironment('staging').environment.operations).hasNoWarning(
      '*',
      Match.stringLikeRegexp('nobody is told'),
    );
  });
});
