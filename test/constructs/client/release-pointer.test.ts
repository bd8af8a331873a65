import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { KeyValueStore } from 'aws-cdk-lib/aws-cloudfront';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ReleasePointer } from '../../../constructs/client/release-pointer';
import { type AwsService, stackIs, startAwsService, useAwsService } from '../../support/aws-service';
import { askCustomResource } from '../../support/cloudformation';
import { type KeyValueStoreService, startKeyValueStore } from './key-value-store';

const BUNDLE = join(__dirname, '..', '..', '..', 'bundles', 'release-pointer', 'index.js');
const properties = (value: string) => ({
  ServiceToken: 'arn:aws:lambda:eu-central-1:123456789012:function:pointer',
  KeyValueStoreArn: 'arn:aws:cloudfront::123456789012:key-value-store/6e1d2c3b',
  Key: 'release',
  Value: value,
});
const create = (value: string) => ({ RequestType: 'Create', ResourceProperties: properties(value) });
const update = (value: string, former: string) => ({
  RequestType: 'Update',
  PhysicalResourceId: 'Resource',
  ResourceProperties: properties(value),
  OldResourceProperties: properties(former),
});
const remove = (value: string) => ({
  RequestType: 'Delete',
  PhysicalResourceId: 'Resource',
  ResourceProperties: properties(value),
});

describe('the built handler', () => {
  let store: KeyValueStoreService;
  let handler: Parameters<typeof askCustomResource>[0];

  beforeEach(async () => {
    store = await startKeyValueStore();
    // The client reads its endpoint when the bundle is loaded.
    delete require.cache[BUNDLE];
    handler = require(BUNDLE).handler;
  });
  afterEach(() => store.stop());

  test('creates the key with the first release', async () => {
    expect(await askCustomResource(handler, create('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.values).toEqual(new Map([['release', 'one']]));
  });

  test('signs requests for all regions, as the key value store requires', async () => {
    await askCustomResource(handler, create('one'));
    expect(store.signatures.every((signature) => signature.startsWith('AWS4-ECDSA-P256-SHA256 '))).toBe(true);
  });

  test('moves the pointer to the release of an Update', async () => {
    store.values.set('release', 'one');
    await askCustomResource(handler, update('two', 'one'));
    expect(store.values.get('release')).toBe('two');
  });

  test('moves the pointer back if a stack rolls back', async () => {
    store.values.set('release', 'one');
    await askCustomResource(handler, update('two', 'one'));
    await askCustomResource(handler, update('one', 'two'));
    expect(store.values.get('release')).toBe('one');
  });

  test('keeps its physical id, so that no update deletes', async () => {
    const created = await askCustomResource(handler, create('one'));
    const updated = await askCustomResource(handler, update('two', 'one'));
    expect(updated.PhysicalResourceId).toBe(created.PhysicalResourceId);
  });

  test('writes with the version that it read', async () => {
    store.values.set('release', 'one');
    await askCustomResource(handler, update('two', 'one'));
    expect(store.puts).toEqual([{ ifMatch: 'E1', value: 'two' }]);
  });

  test('writes nothing if the pointer is right', async () => {
    store.values.set('release', 'two');
    await askCustomResource(handler, update('two', 'one'));
    expect(store.puts).toEqual([]);
  });

  test('reads again after a write conflict', async () => {
    store.conflicts = 2;
    expect(await askCustomResource(handler, create('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.puts.map(({ ifMatch }) => ifMatch)).toEqual(['E1', 'E2', 'E3']);
    expect(store.values.get('release')).toBe('one');
  });

  test('fails after a limited number of conflicts', async () => {
    store.conflicts = Number.POSITIVE_INFINITY;
    const answer = await askCustomResource(handler, create('one'));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('another version') });
    expect(store.puts).toHaveLength(6);
  });

  test('leaves the pointer unchanged on Delete', async () => {
    store.values.set('release', 'one');
    expect(await askCustomResource(handler, remove('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.values.get('release')).toBe('one');
    expect(store.signatures).toEqual([]);
  });
});

describe('the rollback handler', () => {
  let store: KeyValueStoreService;
  let cloudFormation: AwsService;
  let restore: () => void;
  let handler: Parameters<typeof askCustomResource>[0];
  let status: string;

  beforeEach(async () => {
    store = await startKeyValueStore();
    cloudFormation = await startAwsService({ DescribeStacks: () => stackIs(status) });
    restore = useAwsService(cloudFormation, ['CLOUDFORMATION']);
    delete require.cache[BUNDLE];
    handler = require(BUNDLE).handler;
    status = 'UPDATE_ROLLBACK_IN_PROGRESS';
  });
  afterEach(async () => {
    restore();
    await cloudFormation.stop();
    await store.stop();
  });

  const ask = (event: object) =>
    askCustomResource(handler, { ...event, ResourceType: 'Custom::ReleasePointerWayBack' });

  test('moves the pointer back if users have the client of the failed release', async () => {
    store.values.set('release', 'two');
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.values.get('release')).toBe('one');
  });

  test('leaves a pointer that the failed update did not reach, or that a person moved', async () => {
    store.values.set('release', 'zero');
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.puts).toEqual([]);
  });

  test.each(['UPDATE_IN_PROGRESS', '<'])('moves nothing while the stack is %s', async (now) => {
    status = now;
    store.values.set('release', 'one');
    expect(await ask(update('two', 'one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.puts).toEqual([]);
  });

  test('moves nothing on Create and Delete', async () => {
    await ask(create('one'));
    await ask(remove('one'));
    expect(store.puts).toEqual([]);
  });

  test('succeeds if the store refuses the write, so that the server rolls back', async () => {
    store.values.set('release', 'two');
    store.conflicts = Number.POSITIVE_INFINITY;
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
  });
});

describe('the construct', () => {
  const stack = new Stack(new App(), 'Test');
  new ReleasePointer(stack, 'Pointer', {
    keyValueStore: new KeyValueStore(stack, 'Store'),
    value: 'one',
  });
  const template = Template.fromStack(stack);

  test('uses the key that the viewer-request function reads', () => {
    template.hasResourceProperties('Custom::ReleasePointer', { Key: 'release', Value: 'one' });
  });

  test('grants the handler exactly its calls to the store', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: [
              'cloudfront-keyvaluestore:DescribeKeyValueStore',
              'cloudfront-keyvaluestore:GetKey',
              'cloudfront-keyvaluestore:PutKey',
            ],
            Effect: 'Allow',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('Store'), 'Arn'] },
          },
        ]),
      },
    });
  });
});
