import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { environment, featureFlags } from '../../lib/app';
import { testEnvironment } from '../support/environment';

function templates(context: Record<string, unknown>): Record<string, unknown> {
  const { stacks } = testEnvironment('production', { region: 'eu-west-1', app: { context } });
  return Object.fromEntries(stacks.map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]));
}

test('an app without feature flags gives the templates that one with all of them gives', () => {
  expect(templates({})).toEqual(templates(featureFlags));
});

test('the feature flags are those recommended with the aws-cdk-lib that this package is built with', () => {
  expect(featureFlags).toEqual(require('aws-cdk-lib/recommended-feature-flags.json'));
});

test('fails with what is wrong, for an environment that is not there', async () => {
  await expect(environment(new App({ context: { env: 'prod' } }))).rejects.toThrow(
    "there is no environment 'prod'; allowed: development, test, staging, production",
  );
});
