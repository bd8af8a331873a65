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

  test('signs for all regions, as the store wants it', async () => {
    await askCustomResource(handler, create('one'));
    expect(store.signatures.every((signature) => signature.startsWith('AWS4-ECDSA-P256-SHA256 '))).toBe(true);
  });

  test('moves the pointer to the release of an update', async () => {
    store.values.set('release', 'one');
    await askCustomResource(handler, update('two', 'one'));
    expect(store.values.get('release')).toBe('two');
  });

  test('moves it back when a stack rolls back', async () => {
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

  test('writes to the version it read', async () => {
    store.values.set('release', 'one');
    await askCustomResource(handler, update('two', 'one'));
    expect(store.puts).toEqual([{ ifMatch: 'E1', value: 'two' }]);
  });

  test('writes nothing where the pointer is right', async () => {
    store.values.set('release', 'two');
    await askCustomResource(handler, update('two', 'one'));
    expect(store.puts).toEqual([]);
  });

  test('reads again when somebody else wrote', async () => {
    store.conflicts = 2;
    expect(await askCustomResource(handler, create('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.puts.map(({ ifMatch }) => ifMatch)).toEqual(['E1', 'E2', 'E3']);
    expect(store.values.get('release')).toBe('one');
  });

  test('fails after a bounded number of conflicts, and says so', async () => {
    store.conflicts = Number.POSITIVE_INFINITY;
    const answer = await askCustomResource(handler, create('one'));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('another version') });
    expect(store.puts).toHaveLength(6);
  });

  test('leaves the pointer where it is when its resource goes', async () => {
    store.values.set('release', 'one');
    expect(await askCustomResource(handler, remove('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.values.get('release')).toBe('one');
    expect(store.signatures).toEqual([]);
  });
});

describe('the handler of the way back', () => {
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

  test('moves the pointer back when users have the client of the release that is left', async () => {
    store.values.set('release', 'two');
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.values.get('release')).toBe('one');
  });

  test('leaves a pointer that the failed update has not reached, or that people have moved', async () => {
    store.values.set('release', 'zero');
    expect(await ask(update('one', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.puts).toEqual([]);
  });

  test.each(['UPDATE_IN_PROGRESS', '<'])('moves nothing when the stack is %s', async (now) => {
    status = now;
    store.values.set('release', 'one');
    expect(await ask(update('two', 'one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.puts).toEqual([]);
  });

  test('moves nothing at its creation and its deletion', async () => {
    await ask(create('one'));
    await ask(remove('one'));
    expect(store.puts).toEqual([]);
  });

  test('succeeds when the store takes nothing, so that the server goes back', async () => {
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

  test('names the key that the viewer-request function reads', () => {
    template.hasResourceProperties('Custom::ReleasePointer', { Key: 'release', Value: 'one' });
  });

  test('lets the handler do with its store what it does, and nothing else', () => {
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
