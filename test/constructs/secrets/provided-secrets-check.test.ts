import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../../constructs/secrets/provided-secrets-check.lambda';
import { askCustomResource } from '../../support/cloudformation';
import { mockClient } from '../../support/mock-client';

const secretsManager = mockClient(SecretsManagerClient);

beforeEach(() => {
  secretsManager.reset();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

function known(secrets: Record<string, string[]>) {
  for (const [name, stages] of Object.entries(secrets)) {
    secretsManager
      .on(DescribeSecretCommand, { SecretId: name })
      .resolves({ Name: name, VersionIdsToStages: stages.length > 0 ? { v1: stages } : undefined });
  }
  return {
    RequestType: 'Create',
    ResourceProperties: { SecretArns: Object.keys(secrets), Remedy: 'run: secrets set {name}' },
  };
}

test('succeeds when each secret has a current value', async () => {
  const event = known({ 'shop/A': ['AWSCURRENT'], 'shop/B': ['AWSCURRENT', 'AWSPENDING'] });
  expect((await askCustomResource(handler, event)).Status).toBe('SUCCESS');
});

test('fails with every secret without a value, and the command to set it', async () => {
  const event = known({ 'shop/A': [], 'shop/B': ['AWSPREVIOUS'], 'shop/C': ['AWSCURRENT'] });
  expect(await askCustomResource(handler, event)).toMatchObject({
    Status: 'FAILED',
    Reason: 'never set: shop/A, shop/B. run: secrets set A; run: secrets set B',
  });
});

test('checks nothing on Delete', async () => {
  const event = { ...known({ 'shop/A': [] }), RequestType: 'Delete', PhysicalResourceId: 'x' };
  expect((await askCustomResource(handler, event)).Status).toBe('SUCCESS');
  expect(secretsManager.calls()).toHaveLength(0);
});
