import { App, Aspects, CustomResource, Duration, PropertyInjectors, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogGroupClass, type LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { HandlerFunction } from '../../../constructs/handler/handler-function';
import { LogDefaults, LogProtection, ProtectedLogGroup } from '../../../constructs/logs';
import { nagFindings, testStack } from '../../support';

const groupsOf = (stack: Stack) =>
  Object.entries(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
const only = (stack: Stack) => {
  const groups = groupsOf(stack);
  expect(groups.length).toBe(1);
  return groups[0]![1];
};

describe('without defaults in the stack', () => {
  const stack = testStack();
  new ProtectedLogGroup(stack, 'Logs');
  const group = only(stack);

  test('a protected log group masks and keeps events for a month', () => {
    expect(group['Properties']).toEqual({ RetentionInDays: 30, DataProtectionPolicy: expect.anything() });
  });

  test('a protected log group is retained, except after a failed first deployment', () => {
    expect(group['DeletionPolicy']).toBe('RetainExceptOnCreate');
  });
});

describe('with defaults in the stack', () => {
  const stack = testStack('Test', { env: { region: 'eu-west-1' } });
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  const other = new Key(stack, 'Other', { enableKeyRotation: true });
  const options = {
    retention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
    encryptionKey: key,
  };
  PropertyInjectors.of(stack).add(new LogDefaults(options));
  Aspects.of(stack).add(new LogProtection());
  const inner = new Construct(new Construct(stack, 'Deep'), 'Deeper');
  new HandlerFunction(inner, 'Ours', {
    bundle: 'release-record',
    description: 'x',
    timeout: Duration.minutes(1),
  });
  new LogGroup(inner, 'Theirs');
  const handler = new LambdaFunction(inner, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {}'),
  });
  new CustomResource(inner, 'Resource', {
    serviceToken: new Provider(inner, 'Provider', { onEventHandler: handler }).serviceToken,
  });
  new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
  new ProtectedLogGroup(stack, 'Own', {
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.RETAIN,
    encryptionKey: other,
    logGroupName: 'own',
  });
  const template = Template.fromStack(stack);
  const groups = Object.entries(template.findResources('AWS::Logs::LogGroup'));
  const idOf = (type: string, start: string) =>
    Object.keys(template.findResources(type)).find((id) => id.startsWith(start));

  test('they apply to all log groups: nested, of this package, of the CDK and its providers', () => {
    const reached = groups.filter(([id]) => !id.startsWith('Own'));
    expect(reached.length).toBe(5);
    for (const [id, { Properties, DeletionPolicy }] of reached)
      expect([id, DeletionPolicy, Properties]).toEqual([
        id,
        'Delete',
        expect.objectContaining({
          RetentionInDays: 7,
          DataProtectionPolicy: expect.anything(),
          KmsKeyId: { 'Fn::GetAtt': [idOf('AWS::KMS::Key', 'Key'), 'Arn'] },
        }),
      ]);
  });

  test('a log group’s own props win', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Retain',
      Properties: {
        LogGroupName: 'own',
        RetentionInDays: 365,
        KmsKeyId: { 'Fn::GetAtt': [idOf('AWS::KMS::Key', 'Other'), 'Arn'] },
      },
    });
  });

  test('CloudWatch Logs may use both keys, for log groups of this account and region only', () => {
    for (const name of ['Key', 'Other']) {
      const { Properties } = template.findResources('AWS::KMS::Key')[idOf('AWS::KMS::Key', name)!]!;
      const statements = Properties.KeyPolicy.Statement.filter(({ Sid }: { Sid?: string }) => Sid);
      expect(statements).toEqual([
        {
          Sid: 'CloudWatchLogs',
          Effect: 'Allow',
          Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:Describe*', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
          Resource: '*',
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': expect.anything() } },
        },
      ]);
      expect(JSON.stringify(statements[0].Condition)).toContain(
        '["",["arn:aws:logs:eu-west-1:",{"Ref":"AWS::AccountId"},":log-group:*"]]',
      );
    }
  });

  test("cdk-nag finds only the bucket and the CDK's provider", () => {
    expect(nagFindings(stack).filter((finding) => !/Bucket|Provider|Handler/.test(finding))).toEqual([]);
  });
});

test('defaults of an app apply to all its stacks, even with a key in one of them', () => {
  const app = new App();
  const home = new Stack(app, 'Home', { env: { account: '111122223333', region: 'eu-west-1' } });
  const away = new Stack(app, 'Away', { env: { account: '111122223333', region: 'eu-west-1' } });
  const defaults = new LogDefaults({ encryptionKey: new Key(home, 'Key'), retention: RetentionDays.ONE_DAY });
  PropertyInjectors.of(app).add(defaults);
  for (const stack of [home, away]) new ProtectedLogGroup(stack, 'Logs');
  expect(only(away)['Properties']).toMatchObject({
    RetentionInDays: 1,
    KmsKeyId: { 'Fn::ImportValue': expect.stringContaining('Home') },
  });
  // The statement for the key is there once, although it was asked for with each use.
  const [key] = Object.values(Template.fromStack(home).findResources('AWS::KMS::Key'));
  expect(JSON.stringify(key).match(/CloudWatchLogs/g)?.length).toBe(1);
});

test('an imported key is used without changes to its policy', () => {
  const stack = testStack();
  const arn = 'arn:aws:kms:us-east-1:111122223333:key/1234';
  PropertyInjectors.of(stack).add(new LogDefaults({ encryptionKey: Key.fromKeyArn(stack, 'Key', arn) }));
  new ProtectedLogGroup(stack, 'Logs');
  expect(only(stack)['Properties'].KmsKeyId).toBe(arn);
});

test('the nearest defaults apply', () => {
  const stack = testStack();
  PropertyInjectors.of(stack).add(new LogDefaults({ retention: RetentionDays.ONE_YEAR }));
  const part = new Construct(stack, 'Part');
  PropertyInjectors.of(part).add(new LogDefaults({ retention: RetentionDays.ONE_DAY }));
  new ProtectedLogGroup(part, 'Logs');
  expect(only(stack)['Properties'].RetentionInDays).toBe(1);
});

test('an injector of the application applies, and its log groups mask too', () => {
  const stack = testStack();
  PropertyInjectors.of(stack).add({
    constructUniqueId: LogGroup.PROPERTY_INJECTION_ID,
    inject: (props: LogGroupProps) => ({ retention: RetentionDays.TEN_YEARS, ...props }),
  });
  new ProtectedLogGroup(stack, 'Logs');
  expect(only(stack)['Properties']).toEqual({
    RetentionInDays: 3653,
    DataProtectionPolicy: expect.anything(),
  });
});

test('a delivery log group keeps the settings that CloudWatch Logs requires', () => {
  const stack = testStack();
  PropertyInjectors.of(stack).add(new LogDefaults());
  new LogGroup(stack, 'Logs', { logGroupClass: LogGroupClass.DELIVERY });
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupClass: 'DELIVERY',
    RetentionInDays: Match.absent(),
    DataProtectionPolicy: Match.absent(),
  });
});
