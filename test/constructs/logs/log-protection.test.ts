import { App, Aspects, PropertyInjectors, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { describe, expect, test } from 'vitest';
import { LogDefaults, LogProtection, ProtectedLogGroup } from '../../../constructs/logs';
import { testStack } from '../../support';

function protectedStack(fill: (stack: Stack) => void) {
  const stack = testStack();
  fill(stack);
  Aspects.of(stack).add(new LogProtection());
  return stack;
}

test('gives the functions of CDK providers a protected group', () => {
  const stack = protectedStack((scope) => {
    new Bucket(scope, 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
  });
  const template = Template.fromStack(stack);
  const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: group } } });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    RetentionInDays: 30,
    DataProtectionPolicy: Match.anyValue(),
  });
});

describe('a provider of the CDK, whose functions have other log settings', () => {
  const providerGroups = (flag: boolean) => {
    const stack = new Stack(
      new App({ context: { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': flag } }),
      'Test',
    );
    PropertyInjectors.of(stack).add(new LogDefaults());
    Aspects.of(stack).add(new LogProtection());
    const onEventHandler = new LambdaFunction(stack, 'Handler', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = () => {}'),
    });
    new Provider(stack, 'Provider', { onEventHandler });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
    template.allResourcesProperties('AWS::Logs::LogGroup', { DataProtectionPolicy: Match.anyValue() });
    return Object.values(template.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.LoggingConfig,
    );
  };

  test('has a protected group for each function', () => {
    expect(providerGroups(false)).toEqual([
      { LogGroup: { Ref: expect.stringMatching(/^HandlerProtectedLogs/) } },
      {
        LogGroup: { Ref: expect.stringMatching(/^ProviderframeworkonEventProtectedLogs/) },
        ApplicationLogLevel: 'FATAL',
        LogFormat: 'JSON',
      },
    ]);
  });

  test('reuses the groups that the CDK creates for the functions', () => {
    expect(JSON.stringify(providerGroups(true))).not.toContain('LogGroup');
  });
});

test('does not change a function with a protected group', () => {
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

test('fails the synthesis for a group without masking or retention', () => {
  const stack = protectedStack((scope) => {
    new LogGroup(scope, 'Open', { retention: RetentionDays.INFINITE });
  });
  expect(() => Template.fromStack(stack)).toThrow(
    /got one with no data protection policy and no retention; create it with ProtectedLogGroup/,
  );
});

test('masks email addresses, cards, phone numbers, keys and tokens', () => {
  const stack = testStack();
  new ProtectedLogGroup(stack, 'Logs');
  const [group] = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
  const policy = JSON.stringify(group!['Properties'].DataProtectionPolicy);
  for (const what of ['EmailAddress', 'CreditCardNumber', 'PhoneNumber-US', 'AwsSecretKey', 'BearerToken'])
    expect(policy).toContain(what);
});

describe('the pattern for bearer tokens', () => {
  const stack = testStack();
  new ProtectedLogGroup(stack, 'Logs');
  const [group] = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
  const { CustomDataIdentifier } = group!['Properties'].DataProtectionPolicy.Configuration;
  const pattern = new RegExp(CustomDataIdentifier[0].Regex, 'g');
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk=';

  test.each([`{"authorization":"Bearer ${token}","status":200}`, `bearer ${token.repeat(30)} failed`])(
    'matches the whole token of %s',
    (line) => {
      const masked = line.replaceAll(pattern, '***');
      expect(masked).toMatch(/\*\*\*("| )/);
      expect(masked).not.toMatch(/[\w.=-]{17}/);
    },
  );

  test('does not match the word bearer alone', () => {
    const line = 'the bearer of bad news';
    expect(line.replaceAll(pattern, '***')).toBe(line);
  });
});
