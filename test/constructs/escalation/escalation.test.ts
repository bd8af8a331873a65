import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, CompositeAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { Escalation, EscalationForwarder, Tickets } from '../../../constructs/escalation';
import { nagFindings, testStack, unusedAcknowledgements } from '../../support';
import { deployedDefinition } from '../server/state-machine';
import { escalationStack, NAME, PLAN } from './escalation-stack';

const full = escalationStack({
  testPage: { weekday: 'tuesday', time: '10:05', timeZone: 'Europe/Berlin' },
  deploymentMetric: new Metric({
    namespace: `${NAME}/Deployment`,
    metricName: 'Followed',
    statistic: 'Maximum',
    period: Duration.minutes(1),
  }),
});
const theirs = new Alarm(full.stack, 'Theirs', {
  alarmName: 'theirs',
  metric: new Metric({ namespace: 'Theirs', metricName: 'Orders', period: Duration.minutes(1) }),
  threshold: 1,
  evaluationPeriods: 1,
});
full.escalation.page(theirs, {
  meaning: 'Orders are lost.',
  action: 'See the queue.',
  runbook: 'runbooks/orders.md',
  cause: 'orders',
});
const template = full.template();
const definition = deployedDefinition(template, `${NAME}-escalation`);
const statements = (type = 'AWS::IAM::Policy') =>
  Object.values(template.findResources(type)).flatMap(
    ({ Properties }) =>
      Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
  );

describe('an escalation', () => {
  test('has no finding without an acknowledgement', () => {
    expect(nagFindings(full.stack)).toEqual([]);
    expect(unusedAcknowledgements(full.stack)).toEqual([]);
  });

  test('lets alarms of its account publish over TLS, encrypted with a key that they may use', () => {
    for (const name of ['page', 'ticket', 'escalation-fallback'])
      template.hasResourceProperties('AWS::SNS::Topic', {
        TopicName: `${NAME}-${name}`,
        KmsMasterKeyId: Match.anyValue(),
      });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Sid: 'AlarmsToTopics',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ]),
      },
    });
    const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    const topics = Object.keys(template.findResources('AWS::SNS::Topic'));
    expect(policies).toHaveLength(topics.length);
    for (const { Properties } of policies)
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    expect(
      policies.filter((policy) =>
        JSON.stringify(policy).includes('"aws:SourceAccount":{"Ref":"AWS::AccountId"}'),
      ),
    ).toHaveLength(3);
  });

  test('gives each contact a topic with their address and number', () => {
    const endpoints = Object.values(template.findResources('AWS::SNS::Subscription'))
      .map(({ Properties }) => `${Properties.Protocol} ${Properties.Endpoint}`)
      .filter((one) => !one.startsWith('sqs'));
    expect(endpoints.sort()).toEqual([
      'email ada@example.com',
      'email grace@example.com',
      'email office@example.com',
      'email team@example.com',
      'sms +4915112345678',
    ]);
  });

  test('keeps messages that could not become an incident', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: `${NAME}-pages`,
      RedrivePolicy: { maxReceiveCount: 20 },
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 90,
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      RawMessageDelivery: true,
      RedrivePolicy: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('keeps incidents in a table with expiry and point-in-time recovery', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
  });

  test('grants only permissions that it uses', () => {
    const actions = new Set(statements().flatMap(({ Action }) => Action));
    expect([...actions].filter((action) => action.includes('*'))).toEqual([]);
    // Everything that has no name to restrict by.
    const open = statements()
      .filter(({ Resource }) => Resource === '*')
      .flatMap(({ Action }) => Action);
    expect([...new Set(open)].filter((action) => !/^(logs|xray):/.test(action)).sort()).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:ListAlarmMuteRules',
    ]);
  });

  test('logs all functions and the state machine to protected groups, and traces the machine', () => {
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups).toHaveLength(6);
    for (const { Properties } of groups) expect(Properties.DataProtectionPolicy).toBeDefined();
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: Match.absent(),
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL' },
    });
  });

  test('has a state machine that ends by itself and waits only for time', () => {
    expect(definition.TimeoutSeconds).toBe(21_600);
    const text = JSON.stringify(definition);
    expect(text).not.toContain('waitForTaskToken');
    expect(text.match(/"Type":"Wait"/g)).toHaveLength(1);
    expect(text).not.toContain('JSONata');
  });

  test('makes the page public, with at most five concurrent requests', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
      Principal: '*',
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
      Principal: '*',
    });
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 5 });
  });

  test('has no public address if that is disabled', () => {
    const closed = escalationStack({ acknowledgePage: { publicLink: false } }).template();
    closed.resourceCountIs('AWS::Lambda::Url', 0);
    closed.resourceCountIs('AWS::Lambda::Function', 5);
    expect(JSON.stringify(closed.findResources('AWS::Lambda::Permission'))).not.toContain('"Principal":"*"');
  });

  test('can reserve no concurrency, for small accounts', () => {
    escalationStack({ acknowledgePage: { reservedConcurrency: 0 } })
      .template()
      .allResourcesProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
  });

  test('sends a test page every week, through an alarm', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(5 10 ? * TUE *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      Target: {
        Arn: Match.objectLike({
          'Fn::Join': ['', Match.arrayWith([':scheduler:::aws-sdk:cloudwatch:setAlarmState'])],
        }),
        Input: Match.stringLikeRegexp(`"AlarmName":"${NAME}-page-test","StateValue":"ALARM"`),
      },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `${NAME}-page-test`,
      TreatMissingData: 'ignore',
      AlarmDescription: Match.stringLikeRegexp('\nIncident: test$'),
    });
  });

  test('monitors itself, and reports faults over another channel', () => {
    const fallback = Object.entries(template.findResources('AWS::SNS::Topic')).find(
      ([, { Properties }]) => Properties.TopicName === `${NAME}-escalation-fallback`,
    )![0];
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).filter(({ Properties }) =>
      /-ticket-escalation-/.test(Properties.AlarmName),
    );
    expect(alarms).toHaveLength(6);
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([{ Ref: fallback }]);
  });

  test('turns any alarm into one with a meaning', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'theirs',
      AlarmDescription:
        'Orders are lost.\nFirst: See the queue.\nSeverity: page. Runbook: runbooks/orders.md\nIncident: orders',
      AlarmActions: [Match.anyValue()],
      OKActions: [Match.anyValue()],
    });
  });

  test('suppresses an alarm while another explains it: composite alarms directly, others through a composite alarm', () => {
    const { stack, escalation, template: later } = escalationStack();
    const metric = new Metric({ namespace: 'N', metricName: 'M' });
    const of = (id: string) =>
      new Alarm(stack, id, { alarmName: id, metric, threshold: 1, evaluationPeriods: 1 });
    const composite = new CompositeAlarm(stack, 'Both', {
      compositeAlarmName: 'both',
      alarmRule: theRule(of('part')),
    });
    const meaning = { meaning: 'm', action: 'a', runbook: 'r' };
    const [cause] = escalation.alarms;
    escalation.page(of('symptom'), { ...meaning, explainedBy: [cause!] });
    escalation.page(composite, { ...meaning, explainedBy: [cause!] });
    for (const name of ['symptom-told', 'both'])
      later().hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
        AlarmName: name,
        ActionsSuppressor: Match.anyValue(),
        ActionsSuppressorWaitPeriod: 120,
        ActionsSuppressorExtensionPeriod: 300,
        AlarmActions: [Match.anyValue()],
      });
    later().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'symptom',
      AlarmActions: Match.absent(),
    });
  });

  test('receives pages from us-east-1, in opt-in regions as well', () => {
    const from = (region: string) =>
      JSON.stringify(escalationStack({}, region).template().findResources('AWS::SQS::QueuePolicy'));
    expect(from('eu-central-1')).toContain('"Sid":"PagesFromTheEdge"');
    expect(from('eu-central-1')).not.toContain('sns.eu-central-1.amazonaws.com');
    expect(from('eu-south-2')).toContain('sns.eu-south-2.amazonaws.com');
    expect(from('us-east-1')).not.toContain('PagesFromTheEdge');
  });

  test('receives pages from us-east-1 in a stack without a region', () => {
    const stack = new Stack(new App(), 'Shop');
    new Escalation(stack, 'Escalation', { plan: PLAN, webhookUrl: 'https://hooks.example.com/pages' });
    const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy'));
    expect(policies).toContain('"Sid":"PagesFromTheEdge"');
    expect(policies).toContain('"Principal":{"Service":"sns.amazonaws.com"}');
  });

  test('generates its name from the stack by default', () => {
    const stack = new Stack(new App(), 'Shop');
    new Escalation(stack, 'Escalation', { plan: PLAN, webhookUrl: 'https://hooks.example.com/pages' });
    new Tickets(stack, 'Tickets', { emails: ['team@example.com'] });
    const topics = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Topic'));
    expect(topics.map(({ Properties }) => Properties.TopicName).filter(Boolean)).toEqual([
      expect.stringMatching(/^shop-?escalation[a-z0-9-]*-ticket$/),
      expect.stringMatching(/^shop-?escalation[a-z0-9-]*-escalation-fallback$/),
      expect.stringMatching(/^shop-?escalation[a-z0-9-]*-page$/),
      expect.stringMatching(/^shop-?tickets[a-z0-9-]*-ticket$/),
    ]);
  });

  test('uses a given key, which CloudWatch may then use, and given topics', () => {
    const stack = new Stack(new App(), 'Shop');
    const encryptionKey = new Key(stack, 'Mine');
    const topic = new Topic(stack, 'Chat');
    const targets = [{ kind: 'topic', topicArn: topic.topicArn } as const];
    const imported = Key.fromKeyArn(stack, 'Theirs', 'arn:aws:kms:us-east-1:111122223333:key/1234');
    const plan = { ...PLAN, tiers: [{ targets, times: 1, everyMinutes: 5 }] };
    new Escalation(stack, 'Escalation', { name: 'shop', plan, encryptionKey });
    new Tickets(stack, 'Tickets', { emails: ['team@example.com'], encryptionKey: imported });
    new EscalationForwarder(stack, 'Forwarder', { name: 'edge', homeRegion: 'eu-west-1', encryptionKey });
    const own = Template.fromStack(stack);
    own.resourceCountIs('AWS::KMS::Key', 1);
    const [key] = Object.values(own.findResources('AWS::KMS::Key'));
    expect(JSON.stringify(key).match(/AlarmsToTopics/g)).toHaveLength(1);
    own.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: imported.keyArn });
    own.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sns:Publish',
            Resource: Match.arrayWith([{ Ref: Match.stringLikeRegexp('^Chat') }]),
          }),
        ]),
      },
    });
  });

  test('fails for a maintenance window that a mute rule cannot have', () => {
    const window = (duration: Duration) => () =>
      escalationStack({
        maintenance: [{ name: 'weekly', schedule: 'cron(0 2 * * SUN)', timeZone: 'UTC', duration }],
      });
    expect(window(Duration.days(16))).toThrow(
      "'duration' of the maintenance window 'weekly' must be 1 minute to 15 days, got 16 days",
    );
    expect(window(Duration.seconds(30))).toThrow('got 30 seconds');
    expect(window(Duration.hours(2))).not.toThrow();
  });

  test('fails with all problems of a plan', () => {
    const make = () =>
      new Escalation(testStack(), 'Escalation', {
        name: 'Not_a_name',
        webhookUrl: 'http://example.com',
        plan: {
          ...PLAN,
          contacts: [{ name: 'Ada' }],
          tiers: [{ targets: [{ kind: 'contact', contact: 'Nobody' }], times: 0, everyMinutes: 5 }],
        },
      });
    expect(make).toThrow(/'contacts.0' must be/);
    expect(make).toThrow(/'tiers.0.targets.0' must be/);
    expect(make).toThrow(/'tiers.0.times' must be 1 to 20/);
    expect(make).toThrow(/'name' must be/);
    expect(make).toThrow(/'webhookUrl' must be an https URL/);
  });

  test('fails for an alarm without a meaning, and for an invalid cause', () => {
    const { stack, escalation } = escalationStack();
    const alarm = new Alarm(stack, 'A', {
      metric: new Metric({ namespace: 'N', metricName: 'M' }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    expect(() => escalation.page(alarm, { meaning: ' ', action: 'a', runbook: 'r' })).toThrow(
      "'meaning' must not be empty",
    );
    expect(() => escalation.page(alarm, { meaning: 'm', action: 'a', runbook: 'r', cause: 'A b' })).toThrow(
      "'cause' must be",
    );
  });
});

function theRule(alarm: Alarm) {
  return { renderAlarmRule: () => `ALARM("${alarm.alarmName}")` };
}
