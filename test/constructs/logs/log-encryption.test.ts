import { Aspects } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { LogEncryption, LogProtection, ProtectedLogGroup } from '../../../constructs/logs';
import { nagFindings, testStack } from '../../support';

const stack = testStack('Test', { env: { region: 'eu-west-1' } });
const key = new Key(stack, 'Key', { enableKeyRotation: true });
const other = new Key(stack, 'Other', { enableKeyRotation: true });
LogEncryption.allow(key);
Aspects.of(stack).add(new LogProtection());
Aspects.of(stack).add(new LogEncryption(key));
new ProtectedLogGroup(stack, 'Logs');
new ProtectedLogGroup(stack, 'Own', { encryptionKey: other });
new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: 'destroy' as never });
const template = Template.fromStack(stack);
const idOf = (type: string, start: string) =>
  Object.keys(template.findResources(type)).find((id) => id.startsWith(start))!;

test('encrypts every group, those of the CDK’s own providers included, unless it names a key', () => {
  const groups = template.findResources('AWS::Logs::LogGroup');
  const keys = Object.entries(groups).map(([id, { Properties }]) => [
    id,
    Properties.KmsKeyId['Fn::GetAtt'][0],
  ]);
  expect(keys.length).toBe(3);
  for (const [id, used] of keys)
    expect(used).toBe(idOf('AWS::KMS::Key', id.startsWith('Own') ? 'Other' : 'Key'));
});

test('lets CloudWatch Logs use the key for groups of this account and region, and nothing else', () => {
  const { Properties } = template.findResources('AWS::KMS::Key')[idOf('AWS::KMS::Key', 'Key')]!;
  const statement = Properties.KeyPolicy.Statement.find(
    ({ Sid }: { Sid?: string }) => Sid === 'CloudWatchLogs',
  );
  expect(statement).toMatchObject({
    Effect: 'Allow',
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:Describe*', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
  });
  expect(JSON.stringify(statement.Condition)).toBe(
    '{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":{"Fn::Join":["",["arn:aws:logs:eu-west-1:",{"Ref":"AWS::AccountId"},":log-group:*"]]}}}',
  );
});

test('has no finding of cdk-nag beside those of the bucket', () => {
  expect(nagFindings(stack).filter((finding) => !finding.includes('Bucket'))).toEqual([]);
});
