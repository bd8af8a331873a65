import { DeleteParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Entry, ReleaseHistory, schemaOf } from '../../../constructs/release-record';
import { mockParameterStore } from '../../support/parameter-store';

const store = mockParameterStore();
const history = new ReleaseHistory('shop-production', new SSMClient({ region: 'us-east-1' }));
beforeEach(() => store.reset());

const migrations = (releaseId: string): Entry => ({
  kind: 'migrations',
  releaseId,
  schema: schemaOf('journal', releaseId, []),
});
const release = (releaseId: string): Entry => ({
  ...migrations(releaseId),
  ...{ kind: 'release', image: 'image', taskDefinition: 'arn', pointer: 'pointer', keyValueStore: 'arn' },
  ...{ url: 'https://example.com', healthPath: '/api/health' },
});
const ids = async () => (await history.read()).map(({ releaseId }) => releaseId);

describe('a history', () => {
  test('is a path in Parameter Store with a parameter for each entry', async () => {
    await history.add('request-1', release('a'));
    expect([...store.parameters.keys()]).toEqual(['/framework53/shop-production/releases/request-1']);
  });

  test('is read newest first by modification time, over several pages', async () => {
    for (let n = 0; n < 25; n += 1) await history.add(`z${25 - n}`, release(`r${n}`));
    expect(await ids()).toEqual(Array.from({ length: 25 }, (_, n) => `r${24 - n}`));
  });

  test('has one entry for a request, even if it is delivered twice', async () => {
    expect(await history.add('request-1', release('a'))).toBe(true);
    expect(await history.add('request-1', release('b'))).toBe(false);
    expect(await ids()).toEqual(['a']);
  });

  test('skips entries of other formats', async () => {
    await history.add('1', release('a'));
    store.put('/framework53/shop-production/releases/2', '{"formatVersion":9}');
    expect(await ids()).toEqual(['a']);
  });

  test('uses advanced parameters only above 4 KB', async () => {
    await history.add('1', release('a'));
    expect(store.ssm.commandCalls(PutParameterCommand)[0]?.args[0].input).toMatchObject({
      Tier: 'Intelligent-Tiering',
      Overwrite: false,
    });
  });

  test('keeps the newest entries', async () => {
    for (let n = 0; n < 30; n += 1) await history.add(`${n}`, release(`r${n}`));
    await history.prune(3);
    expect(await ids()).toEqual(['r29', 'r28', 'r27']);
    expect(store.ssm.commandCalls(DeleteParametersCommand)).toHaveLength(3);
  });

  test('keeps the entry with the schema, however old', async () => {
    await history.add('1', migrations('a'));
    await history.add('2', migrations('b'));
    for (let n = 3; n < 9; n += 1) await history.add(`${n}`, release(`r${n}`));
    await history.prune(2);
    expect(await ids()).toEqual(['r8', 'r7', 'b']);
  });

  test('can be removed', async () => {
    for (let n = 0; n < 12; n += 1) await history.add(`${n}`, release('a'));
    await history.clear();
    expect(store.parameters.size).toBe(0);
  });

  test('fails if Parameter Store fails', async () => {
    store.ssm.on(PutParameterCommand).rejects(new Error('throttled'));
    await expect(history.add('1', release('a'))).rejects.toThrow('throttled');
  });
});
