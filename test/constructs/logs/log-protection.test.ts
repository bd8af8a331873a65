import { Aspects, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { LogProtection, ProtectedLogGroup } from '../../../constructs/logs';
import { testStack } from '../../support';

function protectedStack(fill: (stack: Stack) => void) {
  const stack = testStack();
  fill(stack);
  Aspects.of(stack).add(new LogProtection({ retention: RetentionDays.ONE_WEEK }));
  return stack;
}

test('gives functions of the CDK’s own providers a protected group', () => {
  const stack = protectedStack((scope) => {
    new Bucket(scope, 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
  });
  const template = Template.fromStack(stack);
  const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: group } } });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    RetentionInDays: 7,
    DataProtectionPolicy: Match.anyValue(),
  });
});

test('leaves a function that has a protected group as it is', () => {
  const stack = protectedStack((scope) => {
    new LambdaFunction(scope, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = () => {}'),
      logGroup: new ProtectedLogGroup(scope, 'Logs').logGroup,
    });
  });
  Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 1);
});

test('fails the synthesis for a group that masks nothing, or is kept for ever', () => {
  const stack = protectedStack((scope) => {
    new LogGroup(scope, 'Open', { retention: RetentionDays.INFINITE });
  });
  expect(() => Template.fromStack(stack)).toThrow(
    /got one with no data-protection policy and no retention; make it with ProtectedLogGroup/,
  );
});

test('masks e-mail, cards, phones, keys and tokens', () => {
  const stack = testStack();
  new ProtectedLogGroup(stack, 'Logs');
  const [group] = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
  const policy = JSON.stringify(group!['Properties'].DataProtectionPolicy);
  for (const what of ['EmailAddress', 'CreditCardNumber', 'PhoneNumber-US', 'AwsSecretKey', 'BearerToken'])
    expect(policy).toContain(what);
});
