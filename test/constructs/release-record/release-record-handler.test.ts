import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
} from '@aws-sdk/client-ecs';
import { GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { schemaOf } from '../../../constructs/release-record';
import { handler } from '../../../constructs/release-record/release-record.lambda';
import { askCustomResource } from '../../support/cloudformation';
import { mockClient } from '../../support/mock-client';
import { mockParameterStore } from '../../support/parameter-store';

const store = mockParameterStore();
const cloudFormation = mockClient(CloudFormationClient);
const ecs = mockClient(ECSClient);
const revision = (release: string) => `arn:aws:ecs:us-east-1:123456789012:task-definition/shop:${release}`;

const stackIs = (StackStatus: string) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'shop', CreationTime: new Date(), StackStatus: StackStatus as never }],
  });

beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation(() => {});
  store.reset();
  cloudFormation.reset();
  ecs.reset();
  stackIs('UPDATE_IN_PROGRESS');
  ecs.on(ListServiceDeploymentsCommand).resolves({
    serviceDeployments: [
      { targetServiceRevisionArn: 'revision-1', createdAt: new Date(1) },
      { targetServiceRevisionArn: 'revision-2', createdAt: new Date(2) },
    ],
  });
  ecs.on(DescribeServiceRevisionsCommand, { serviceRevisionArns: ['revision-2'] }).resolves({
    serviceRevisions: [
      {
        taskDefinition: revision('two'),
        containerImages: [{ containerName: 'server', imageDigest: 'sha256:abc' }],
      },
    ],
  });
});
afterEach(() => vi.restoreAllMocks());

const properties = (release: string) => ({
  ServiceToken: 'arn',
  Name: 'shop-production',
  ReleaseId: release,
  Schema: JSON.stringify(
    schemaOf('journal', release, [{ tag: '0000_a', contracts: false }, { tag: '0001_b' }]),
  ),
  RestorePoint: '2026-11-01T09:59:00.000Z',
  Image: `registry/shop:${release}`,
  TaskDefinition: revision(release),
  Pointer: `${release}-01234567`,
  Store: 'arn:aws:cloudfront::123456789012:key-value-store/1',
  Url: 'https://d1.cloudfront.net',
  PageDigest: 'abc',
  HealthPath: '/api/health',
  Checks: JSON.stringify([{ path: '/api/health', status: 200 }]),
  OnDelete: 'retain',
});
let request = 0;
const event = (RequestType: string, release: string, more: object = {}) => ({
  RequestType,
  RequestId: `request-${++request}`,
  ResourceType: 'Custom::ReleaseRecord',
  ...(RequestType !== 'Create' && { PhysicalResourceId: 'Release' }),
  ...(RequestType === 'Update' && { OldResourceProperties: {} }),
  ResourceProperties: properties(release),
  ...more,
});
const migrations = (release: string) =>
  event('Update', release, { ResourceType: 'Custom::MigrationsRecord' });
const ask = (one: object) => askCustomResource(handler, one);
const recorded = () => store.values().map(({ kind, releaseId }) => `${kind} ${releaseId}`);

describe('a release', () => {
  test('is recorded with all data that a rollback to it needs', async () => {
    expect(await ask(event('Create', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(store.values()).toEqual([
      {
        formatVersion: 1,
        kind: 'release',
        releaseId: 'two',
        image: 'registry/shop:two',
        imageDigest: 'sha256:abc',
        taskDefinition: revision('two'),
        pointer: 'two-01234567',
        keyValueStore: 'arn:aws:cloudfront::123456789012:key-value-store/1',
        url: 'https://d1.cloudfront.net',
        pageDigest: 'abc',
        healthPath: '/api/health',
        checks: [{ path: '/api/health', status: 200 }],
        schema: { kind: 'journal', digest: 'two', count: 2, newest: ['0000_a', '?0001_b'] },
        restorePoint: '2026-11-01T09:59:00.000Z',
      },
    ]);
  });

  const LOCK = '/framework53/shop-production/delivery/lock';
  const lock = (changes: object = {}) =>
    JSON.stringify({
      ...{ formatVersion: 1, holder: 'h', plan: 'a'.repeat(64), author: 'pipeline', approvers: ['alice'] },
      ...{ released: false, ...changes },
    });
  const plans = () => store.values().flatMap(({ plan }) => (plan ? [plan] : []));

  test('has the deployed plan, its author and its approver', async () => {
    store.parameters.set(LOCK, { Value: lock(), LastModifiedDate: new Date(), by: 'x' });
    await ask(event('Create', 'two'));
    expect(plans()).toContainEqual({ digest: 'a'.repeat(64), author: 'pipeline', approvers: ['alice'] });
  });

  test.each([
    ['is over', lock({ released: true }), 0],
    ['was lost', lock(), 11],
    ['cannot be read', 'nonsense', 0],
  ])('has no plan of a deployment that %s', async (_, Value, minutes) => {
    const LastModifiedDate = new Date(Date.now() - minutes * 60_000);
    store.parameters.set(LOCK, { Value, LastModifiedDate, by: 'x' });
    expect(await ask(event('Create', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    store.parameters.delete(LOCK);
    expect(store.values()).toMatchObject([{ kind: 'release', releaseId: 'two' }]);
    expect(plans()).toEqual([]);
  });

  test('is recorded without an image digest of another revision', async () => {
    await ask(event('Create', 'one'));
    expect(store.values()[0]).not.toHaveProperty('imageDigest');
  });

  test('is recorded without an image digest if ECS does not answer', async () => {
    ecs.on(ListServiceDeploymentsCommand).rejects(new Error('denied'));
    expect(await ask(event('Create', 'two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(recorded()).toEqual(['release two']);
  });

  test('is recorded once when its event comes twice', async () => {
    const twice = event('Update', 'two');
    await ask(twice);
    expect(await ask(twice)).toMatchObject({ Status: 'SUCCESS' });
    expect(recorded()).toEqual(['release two']);
  });

  test('is recorded again when it is deployed again', async () => {
    for (const release of ['one', 'two', 'one']) await ask(event('Update', release));
    expect(recorded()).toEqual(['release one', 'release two', 'release one']);
  });

  test('keeps its physical id, so that no update deletes', async () => {
    expect((await ask(event('Update', 'two'))).PhysicalResourceId).toBe('Release');
  });

  test('is recorded when CloudFormation cannot be asked', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(new Error('throttled'));
    await ask(event('Update', 'two'));
    expect(recorded()).toEqual(['release two']);
  });

  test('does not fail if old entries cannot be deleted', async () => {
    store.ssm.on(GetParametersByPathCommand).rejects(new Error('throttled'));
    expect(await ask(event('Update', 'two'))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('fails if it cannot be recorded', async () => {
    store.ssm.on(PutParameterCommand).rejects(new Error('denied'));
    expect(await ask(event('Update', 'two'))).toMatchObject({ Status: 'FAILED', Reason: 'denied' });
  });
});

describe('migrations', () => {
  test('are recorded separately from the release', async () => {
    await ask(migrations('two'));
    expect(store.values()).toEqual([
      {
        formatVersion: 1,
        kind: 'migrations',
        releaseId: 'two',
        schema: { kind: 'journal', digest: 'two', count: 2, newest: ['0000_a', '?0001_b'] },
        restorePoint: '2026-11-01T09:59:00.000Z',
      },
    ]);
  });

  test('stay recorded when the stack rolls back', async () => {
    await ask(migrations('one'));
    await ask(event('Update', 'one'));
    await ask(migrations('two'));
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    expect(await ask(migrations('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(recorded()).toEqual(['migrations one', 'release one', 'migrations two']);
  });
});

describe('during a rollback of the stack', () => {
  beforeEach(async () => {
    await ask(event('Update', 'one'));
    await ask(event('Update', 'two'));
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
  });

  test('the previous release is recorded as current again', async () => {
    expect(await ask(event('Update', 'one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(recorded()).toEqual(['release one', 'release two', 'returned one']);
  });

  test('nothing fails, even without a record', async () => {
    store.ssm.on(PutParameterCommand).rejects(new Error('denied'));
    expect(await ask(event('Update', 'one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('denied'));
  });

  test('a late event does not record an unknown release as current', async () => {
    await ask(event('Update', 'one'));
    await ask(event('Update', 'three'));
    expect(recorded().at(-1)).toBe('returned one');
  });
});

describe('a late event', () => {
  test.each(['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'])(
    'records nothing when the stack is %s',
    async (status) => {
      stackIs(status);
      expect(await ask(event('Update', 'two'))).toMatchObject({ Status: 'SUCCESS' });
      expect(recorded()).toEqual([]);
    },
  );

  test('records nothing when it is a second delivery from before the rollback', async () => {
    const forward = event('Update', 'two');
    await ask(event('Update', 'one'));
    await ask(forward);
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    await ask(event('Update', 'one'));
    await ask(forward);
    expect(recorded()).toEqual(['release one', 'release two', 'returned one']);
  });

  test.each(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'IMPORT_IN_PROGRESS'])(
    'is processed while the stack is %s',
    async (status) => {
      stackIs(status);
      await ask(event('Create', 'two'));
      expect(recorded()).toEqual(['release two']);
    },
  );
});

describe('when it is deleted', () => {
  beforeEach(() => ask(event('Update', 'one')));

  test('the history remains, because the database does too', async () => {
    expect(await ask(event('Delete', 'one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(recorded()).toEqual(['release one']);
  });

  test('the history is deleted if the database is too', async () => {
    const gone = { ...properties('one'), OnDelete: 'delete' };
    await ask(event('Delete', 'one', { ResourceProperties: gone }));
    expect(recorded()).toEqual([]);
  });
});
