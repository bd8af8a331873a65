import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { ApplicationSecrets, ProvidedSecretsCheck } from '../../../constructs/secrets';
import { nagFindings, testStack } from '../../support';

function secrets(variables: Record<string, 'generated' | 'provided'>) {
  const stack = testStack();
  const made = new ApplicationSecrets(stack, 'Secrets', { name: 'shop-test', variables });
  return { stack, made };
}

test('generates a value of 64 letters and digits, once', () => {
  const { stack } = secrets({ SESSION_SECRET: 'generated' });
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'shop-test/SESSION_SECRET',
    GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
  });
});

test('leaves a provided secret without value until people set one', () => {
  const { stack } = secrets({ STRIPE_KEY: 'provided' });
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: Match.absent(),
    SecretString: Match.absent(),
  });
});

test('keeps values when the stack goes', () => {
  const { stack } = secrets({ SESSION_SECRET: 'generated' });
  Template.fromStack(stack).hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Retain' });
});

test('checks the provided secrets, and may read no value', () => {
  const { stack, made } = secrets({ STRIPE_KEY: 'provided', SESSION_SECRET: 'generated' });
  new ProvidedSecretsCheck(stack, 'Check', { secrets: made.provided, releaseId: 'r1', remedy: 'set {name}' });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('Custom::ProvidedSecretsCheck', {
    SecretArns: [{ Ref: Match.stringLikeRegexp('STRIPEKEY') }],
    ReleaseId: 'r1',
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: 'secretsmanager:DescribeSecret', Resource: { Ref: Match.anyValue() } }),
      ]),
    },
  });
  expect(nagFindings(stack)).toEqual([]);
});

test('fails on names no environment variable can have', () => {
  expect(() => secrets({ 'not-a-name': 'generated' })).toThrow(/Test\/Secrets: .*got 'not-a-name'/);
});
