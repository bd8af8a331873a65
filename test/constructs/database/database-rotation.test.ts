import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { nagFindings } from '../../support';
import { testDatabase } from './database-stack';

const service = { clusterName: 'guestbook-test', serviceName: 'guestbook-test' };
const { stack, template } = testDatabase({ rotation: { service } });

/** The definition, with every reference replaced by a word. */
function definition(of = template()) {
  const [machine] = Object.values(of.findResources('AWS::StepFunctions::StateMachine'));
  const parts: unknown[] = machine!['Properties'].DefinitionString['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'token')).join(''));
}

test('does not exist without a service, because nothing would use the new passwords', () => {
  const { database, template } = testDatabase();
  expect(database.rotation).toBeUndefined();
  template().resourceCountIs('AWS::StepFunctions::StateMachine', 0);
});
test('runs once a month by default', () => {
  template().hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(0 5 ? * SUN#1 *)' });
  testDatabase({ rotation: { service, schedule: Schedule.rate(Duration.days(7)) } })
    .template()
    .hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(7 days)' });
});
test('refers to the service by its fixed names', () => {
  expect(definition().States.Renew.Parameters.target).toMatchObject({
    ecsCluster: 'guestbook-test',
    ecsService: 'guestbook-test',
    databaseName: 'guestbook',
    settleSeconds: 10_800,
  });
});
test('waits for the service as long as the props say', () => {
  const { template } = testDatabase({
    rotation: { service, deploymentTimeout: Duration.minutes(20) },
  });
  const { States, TimeoutSeconds } = definition(template());
  expect(States.Check.Parameters.target.settleSeconds).toBe(1200);
  expect(TimeoutSeconds).toBe(1200 + 6 * 3600);
});

describe('the state machine', () => {
  const { States } = definition();

  test('waits longer than clocks can differ before tasks start with the new login', () => {
    expect(States.NewTasksGetIt.Seconds).toBeGreaterThanOrEqual(120);
  });
  test('waits until the proxy knows the password before the login is used', () => {
    expect(States.Renew.Next).toBe('ProxyLearns');
    expect(States.ProxyLearns.Next).toBe('Activate');
  });
  test.each(['Activate', 'Roll', 'Check'])('restores the previous login when %s fails', (state) => {
    expect(States[state].Catch).toEqual([
      { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Restore' },
    ]);
  });
  test('ends as failed after it restored the login', () => {
    expect(States.Restore.Next).toBe('Failed');
    expect(States.Failed.Type).toBe('Fail');
  });
});

describe('permissions', () => {
  const statement = (action: string) => {
    const policies = template().findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp('RotationHandler') },
    });
    const statements: { Action: string | string[]; Resource: unknown; Condition?: unknown }[] =
      Object.values(policies)[0]!['Properties'].PolicyDocument.Statement;
    return statements.find(({ Action }) => [Action].flat().includes(action))!;
  };

  test('allow new deployments of this service only', () => {
    expect(JSON.stringify(statement('ecs:UpdateService').Resource)).toMatch(
      /:service\/guestbook-test\/guestbook-test"/,
    );
  });
  test('allow listing the tasks of this cluster only', () => {
    expect(JSON.stringify(statement('ecs:ListTasks').Condition)).toContain(':cluster/guestbook-test"');
  });
  test('allow writing secrets of this database only', () => {
    const { Resource } = statement('secretsmanager:PutSecretValue') as { Resource: { Ref: string }[] };
    expect(Resource.map(({ Ref }) => Ref.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual(
      ['Active', 'LoginA', 'LoginB', 'Operator', 'Owner', 'Reader'].map((name) => `DatabaseRoles${name}`),
    );
  });
});

test.each([
  ['keys of AWS', {}],
  ['a customer key', { key: true }],
])('cdk-nag finds nothing with %s', (_, { key }: { key?: boolean }) => {
  const { stack: other } = testDatabase((stack) => ({
    rotation: { service },
    encryptionKey: key ? new Key(stack, 'Key', { enableKeyRotation: true }) : undefined,
  }));
  expect(nagFindings(other).filter((finding) => !finding.includes('Vpc'))).toEqual([]);
});
test('logs to protected groups', () => {
  template().hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/vendedlogs/states/guestbook-test-database-rotation',
    DataProtectionPolicy: Match.anyValue(),
  });
  expect(stack.node.tryFindChild('Database')).toBeDefined();
});
