import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployedPlan } from '../../lib/review/deployed-plan';
import type { ReadPlan } from '../../lib/review/read-plan';
import { mockClient } from '../support/mock-client';
import { bucket } from './assembly-folder';

const cloudFormation = mockClient(CloudFormationClient);
const lines: string[] = [];

const head = (...names: string[]): ReadPlan => ({
  planDigest: '',
  stacks: names.map((name) => ({ name, region: 'eu-west-1', constructPaths: {}, template: {} })),
});
const deployed = (plan: ReadPlan) => deployedPlan({ head: plan, progress: (line) => lines.push(line) });
const failure = (name: string, message: string) => Object.assign(new Error(message), { name });

beforeEach(() => {
  cloudFormation.reset();
  cloudFormation.on(GetTemplateCommand).callsFake(({ StackName }) => {
    throw failure('ValidationError', `Stack with id ${StackName} does not exist`);
  });
});
afterEach(() => {
  lines.length = 0;
});

test('the deployed templates are read in their original form', async () => {
  const template = { Resources: { Files: bucket('files') } };
  cloudFormation
    .on(GetTemplateCommand, { StackName: 'shop-data', TemplateStage: 'Original' })
    .resolves({ TemplateBody: JSON.stringify(template) });
  const plan = await deployed(head('shop-data', 'other'));
  expect(plan.stacks).toEqual([
    {
      name: 'shop-data',
      region: 'eu-west-1',
      template,
      constructPaths: { Files: 'shop-data/files/Resource' },
    },
  ]);
  expect(plan.migrations).toBeUndefined();
  expect(plan.planDigest).toMatch(/^[0-9a-f]{64}$/);
  expect(lines).toEqual(['reading what CloudFormation has deployed']);
});

test('missing stacks and stacks with only a change set are not deployed', async () => {
  cloudFormation.on(GetTemplateCommand, { StackName: 'begun' }).resolves({ TemplateBody: '' });
  expect((await deployed(head('begun', 'none'))).stacks).toEqual([]);
});

test('a stack that the plan no longer has is found in its former region', async () => {
  cloudFormation
    .on(GetTemplateCommand, { StackName: 'shop-production-edge' })
    .resolves({ TemplateBody: JSON.stringify({ Resources: {} }) });
  const { stacks } = await deployed(
    head('shop-production-data', 'shop-production-release', 'shop-production-operations'),
  );
  expect(stacks).toMatchObject([{ name: 'shop-production-edge', region: 'us-east-1' }]);
});

test('fails for a template that the CDK did not create', async () => {
  cloudFormation.on(GetTemplateCommand).resolves({ TemplateBody: 'Resources:\n  Files: {}\n' });
  await expect(deployed(head('shop'))).rejects.toThrow(/the deployed template of shop is not JSON/);
});

test('fails with the name of the stack that it may not read', async () => {
  const error = failure('AccessDenied', 'not authorized');
  cloudFormation.on(GetTemplateCommand).rejects(error);
  await expect(deployed(head('shop', 'other'))).rejects.toThrow(/^(shop|other): not authorized$/);
  await expect(deployed(head('shop'))).rejects.toThrow('shop: not authorized');
});

test('fails with the unchanged message about missing credentials', async () => {
  cloudFormation.on(GetTemplateCommand).rejects(failure('CredentialsProviderError', 'no credentials'));
  await expect(deployed(head('shop', 'other'))).rejects.toThrow(/^no credentials$/);
});
