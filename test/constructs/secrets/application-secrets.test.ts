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

test('creates a provided secret without a value', () => {
  const { stack } = secrets({ STRIPE_KEY: 'provided' });
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: Match.absent(),
    SecretString: Match.absent(),
  });
});

test("retains values after the stack's deletion", () => {
  const { stack } = secrets({ SESSION_SECRET: 'generated' });
  Template.fromStack(stack).hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Retain' });
});

test('checks that provided secrets have values, without reading them', () => {
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

test('fails for an invalid variable name', () => {
  expect(() => secrets({ 'not-a-name': 'generated' })).toThrow(/Test\/Secrets: .*got 'not-a-name'/);
});
