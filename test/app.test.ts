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

test('an app without feature flags gives the templates that one with all of them gives', () => {
  expect(Object.keys(templates[0]!)).toHaveLength(5);
  expect(templates[0]).toEqual(templates[1]);
});

test('the feature flags are those recommended with the aws-cdk-lib that this package is built with', () => {
  expect(featureFlags).toEqual(require('aws-cdk-lib/recommended-feature-flags.json'));
  expect(featureFlags).toEqual(require('../cdk.json').context);
});

test('two environments in one app are each their own', () => {
  for (const stack of two.production.stacks)
    for (const { Properties } of Object.values(resources(stack)))
      for (const { Key, Value } of Array.isArray(Properties?.Tags) ? Properties.Tags : [])
        if (Key === 'environment') expect(Value).toBe('production');
  expect(two.findings).toEqual([]);
});

test('fails with what is wrong, for an environment that is not there', async () => {
  await expect(environment(new App({ context: { env: 'prod' } }))).rejects.toThrow(
    "there is no environment 'prod'; allowed: development, test, staging, production",
  );
});
