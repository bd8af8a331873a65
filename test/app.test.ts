import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { environment, featureFlags } from '../lib/app';
import { nagFindings } from './support';
import { resources, testEnvironment } from './support/environment';

// Composed before the tests, for it takes longer than they do.
const templates = [{}, featureFlags].map((context) => {
  const { stacks } = testEnvironment('production', { region: 'eu-west-1', app: { context } });
  return Object.fromEntries(stacks.map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]));
});
const { app } = testEnvironment('test');
const two = {
  production: testEnvironment('production', { scope: app }).environment,
  findings: nagFindings(app),
};

test('an app without feature flags has the same templates as one with all flags', () => {
  expect(Object.keys(templates[0]!)).toHaveLength(5);
  expect(templates[0]).toEqual(templates[1]);
});

test('the feature flags are the recommended ones of the installed aws-cdk-lib', () => {
  expect(featureFlags).toEqual(require('aws-cdk-lib/recommended-feature-flags.json'));
  expect(featureFlags).toEqual(require('../cdk.json').context);
});

test('one app can hold two independent environments', () => {
  for (const stack of two.production.stacks)
    for (const { Properties } of Object.values(resources(stack)))
      for (const { Key, Value } of Array.isArray(Properties?.Tags) ? Properties.Tags : [])
        if (Key === 'environment') expect(Value).toBe('production');
  expect(two.findings).toEqual([]);
});

test('fails for an environment that does not exist, and names it', async () => {
  await expect(environment(new App({ context: { env: 'prod' } }))).rejects.toThrow(
    "there is no environment 'prod'; allowed: development, test, staging, production",
  );
});
