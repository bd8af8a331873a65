import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, expect, test } from 'vitest';
import { changeSetFindings } from '../../lib/review/change-set';
import type { Template } from '../../lib/review/plan';
import { review } from '../../lib/review/review';
import { mockClient } from '../support/mock-client';

const cloudFormation = mockClient(CloudFormationClient);
const s3 = mockClient(S3Client);
const STACK = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1';

const side = (template: Template) => ({
  label: 'x',
  plan: {
    planDigest: '0'.repeat(64),
    stacks: [{ name: 'shop', region: 'eu-west-1', template, constructPaths: { Db: 'shop/Db/Resource' } }],
  },
});
const database = (Properties: object): Template => ({
  Parameters: { BootstrapVersion: { Default: '/cdk-bootstrap/hnb659fds/version' }, New: { Default: 'x' } },
  Resources: { Db: { Type: 'AWS::RDS::DBCluster', Properties: { StorageEncrypted: true, ...Properties } } },
});
const before = side(database({ Engine: 'aurora-postgresql' }));
const after = side(database({ Engine: 'aurora-postgresql', BackupRetentionPeriod: 30 }));
const ask = (head = after) =>
  changeSetFindings({ base: before, head, progress: () => undefined, pollSeconds: 0 });
const answers = (...changes: object[]) =>
  cloudFormation.on(DescribeChangeSetCommand).resolves({
    Status: 'CREATE_COMPLETE',
    Changes: changes.map((ResourceChange) => ({ Type: 'Resource', ResourceChange })),
  } as never);
const cluster = { LogicalResourceId: 'Db', ResourceType: 'AWS::RDS::DBCluster', Action: 'Modify' };

beforeEach(() => {
  cloudFormation.reset();
  s3.reset();
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        StackId: STACK,
        StackName: 'shop',
        CreationTime: new Date(),
        StackStatus: 'UPDATE_COMPLETE',
        Parameters: [{ ParameterKey: 'BootstrapVersion' }, { ParameterKey: 'Gone' }],
      },
    ],
  });
  cloudFormation.on(CreateChangeSetCommand).resolves({});
  cloudFormation.on(DeleteChangeSetCommand).resolves({});
});

test('a replacement that only CloudFormation reports is a finding, and the change set is deleted', async () => {
  answers({ ...cluster, Replacement: 'True', Details: [{ Target: { Name: 'BackupRetentionPeriod' } }] });
  const findings = await ask();
  expect(findings).toMatchObject([
    {
      rule: 'change-set',
      severity: 'danger',
      place: { logicalId: 'Db', path: 'shop/Db/Resource' },
      what: 'CloudFormation reports that it replaces this RDS DBCluster, because of BackupRetentionPeriod. The comparison of the plans does not show this.',
    },
    {
      rule: 'change-set',
      severity: 'note',
      what: 'CloudFormation’s change set changes 1 resource: 1 replaced.',
    },
  ]);
  expect(review(before, after, { findings }).verdict).toBe('danger');
  expect(cloudFormation.commandCalls(DeleteChangeSetCommand)).toHaveLength(2);
  expect(cloudFormation.calls().at(-1)!.args[0]).toBeInstanceOf(DeleteChangeSetCommand);
});

test('a replacement that the review already found is reported once', async () => {
  answers({ ...cluster, Replacement: 'True' });
  const findings = await ask(side(database({ Engine: 'aurora-postgresql', DatabaseName: 'other' })));
  expect(findings.map(({ severity }) => severity)).toEqual(['note']);
});

test('a replacement that depends on values is a caution, a removal a danger', async () => {
  answers({ ...cluster, Replacement: 'Conditional' });
  expect((await ask())[0]).toMatchObject({ severity: 'caution' });
  answers({ ...cluster, LogicalResourceId: 'Other', Action: 'Remove' });
  expect((await ask())[0]).toMatchObject({ severity: 'danger', place: { path: 'shop/Other' } });
});

test('previous parameter values are used, and nothing is executed', async () => {
  answers();
  await ask();
  const [call] = cloudFormation.commandCalls(CreateChangeSetCommand);
  expect(call!.args[0].input).toMatchObject({
    StackName: 'shop',
    ChangeSetType: 'UPDATE',
    Parameters: [{ ParameterKey: 'BootstrapVersion', UsePreviousValue: true }],
    TemplateBody: JSON.stringify(after.plan.stacks[0]!.template),
  });
  expect(s3.calls()).toEqual([]);
});

test('a large template is uploaded to the bootstrap bucket and deleted afterwards', async () => {
  answers();
  const large = side(
    database({ Engine: 'aurora-postgresql', Tags: [{ Key: 'k', Value: 'v'.repeat(60_000) }] }),
  );
  await ask(large);
  const [put] = s3.commandCalls(PutObjectCommand);
  expect(put!.args[0].input).toMatchObject({ Bucket: 'cdk-hnb659fds-assets-111122223333-eu-west-1' });
  expect(cloudFormation.commandCalls(CreateChangeSetCommand)[0]!.args[0].input.TemplateURL).toBe(
    'https://cdk-hnb659fds-assets-111122223333-eu-west-1.s3.eu-west-1.amazonaws.com/framework53-review/shop.json',
  );
  expect(s3.commandCalls(DeleteObjectCommand)).toHaveLength(1);
});

test('the review polls CloudFormation and reads all pages; a change set without changes is not a failure', async () => {
  cloudFormation
    .on(DescribeChangeSetCommand)
    .resolvesOnce({ Status: 'CREATE_IN_PROGRESS' })
    .resolvesOnce({
      Status: 'CREATE_COMPLETE',
      NextToken: 'more',
      Changes: [{ ResourceChange: { Action: 'Add', LogicalResourceId: 'A' } }],
    })
    .resolvesOnce({ Changes: [{ ResourceChange: { Action: 'Add', LogicalResourceId: 'B' } }] });
  expect((await ask())[0]!.what).toBe('CloudFormation’s change set changes 2 resources: 2 added.');
  cloudFormation
    .on(DescribeChangeSetCommand)
    .resolves({ Status: 'FAILED', StatusReason: "The submitted information didn't contain changes." });
  expect((await ask())[0]!.what).toBe('CloudFormation’s change set changes 0 resources.');
});

test("a refusal is a danger with CloudFormation's message, and the change set is deleted", async () => {
  cloudFormation
    .on(DescribeChangeSetCommand)
    .resolves({ Status: 'FAILED', StatusReason: 'Property X is wrong' });
  expect(await ask()).toMatchObject([
    { severity: 'danger', what: 'CloudFormation refuses the change set: Property X is wrong.' },
  ]);
  expect(cloudFormation.calls().at(-1)!.args[0]).toBeInstanceOf(DeleteChangeSetCommand);
});

test('stacks that are new or unchanged get no change set', async () => {
  expect(await ask(before)).toEqual([]);
  const nothing = { label: 'x', plan: { planDigest: '', stacks: [] } };
  expect(await changeSetFindings({ base: nothing, head: after, progress: () => undefined })).toEqual([]);
  expect(cloudFormation.calls()).toEqual([]);
});

test('fails with the AWS error, after the change set is deleted', async () => {
  cloudFormation.on(CreateChangeSetCommand).rejects(new Error('not authorized'));
  await expect(ask()).rejects.toThrow('not authorized');
  expect(cloudFormation.calls().at(-1)!.args[0]).toBeInstanceOf(DeleteChangeSetCommand);
});
