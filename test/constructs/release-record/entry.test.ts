import { describe, expect, test } from 'vitest';
import {
  deserialize,
  type ReleaseEntry,
  recordedChecks,
  schemaOf,
  serialize,
} from '../../../constructs/release-record/entry';

const tags = (count: number, length = 24) =>
  Array.from({ length: count }, (_, index) => ({
    tag: `${String(index).padStart(4, '0')}_${'x'.repeat(length)}`,
    contracts: false,
  }));
const entry: ReleaseEntry = {
  kind: 'release',
  releaseId: '0123456789abcdef',
  image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/assets:abc',
  taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/shop-production:8',
  pointer: '0123456789abcdef-01234567',
  keyValueStore: 'arn:aws:cloudfront::123456789012:key-value-store/1',
  url: 'https://d1.cloudfront.net',
  pageDigest: 'a'.repeat(64),
  healthPath: '/api/health',
  checks: [{ path: '/api/health' }],
  schema: schemaOf('journal', 'd1', [
    { tag: '0000_a', contracts: false },
    { tag: '0001_b', contracts: true },
    { tag: '0002_c' },
  ]),
  restorePoint: '2026-11-01T10:00:00.000Z',
};

describe('an entry', () => {
  test('survives writing and reading', () => {
    expect(deserialize(serialize(entry))).toEqual(entry);
  });

  test('marks contracting and unclassified migrations with one character', () => {
    expect(JSON.parse(serialize(entry)).schema.newest).toEqual(['0000_a', '!0001_b', '?0002_c']);
  });

  test('usually fits into a standard parameter', () => {
    expect(serialize({ ...entry, schema: schemaOf('journal', 'd', tags(60)) }).length).toBeLessThan(4096);
  });

  test('fits into a parameter at the maximum of every field', () => {
    const checks = recordedChecks([{ path: `/${'c'.repeat(2150)}` }]);
    const longest: ReleaseEntry = {
      ...entry,
      checks,
      serverChecks: checks,
      pointer: 'p'.repeat(1024),
      schema: schemaOf('journal', 'd'.repeat(64), tags(900)),
    };
    expect(checks).toBeDefined();
    expect(Buffer.byteLength(serialize(longest))).toBeLessThan(8192);
  });

  test.each(['{"formatVersion":2,"schema":{"newest":[]}}', 'no JSON'])('that is %s is ignored', (value) => {
    expect(deserialize(value)).toBeUndefined();
  });
});

describe('the schema of an entry', () => {
  test('counts all migrations and names the newest in their order', () => {
    const { count, newest } = schemaOf('journal', 'd', tags(500));
    expect(count).toBe(500);
    expect(newest.at(-1)).toEqual(tags(500).at(-1));
    expect(newest).toEqual(tags(500).slice(-newest.length));
    expect(newest.length).toBeGreaterThan(40);
    expect(newest.length).toBeLessThan(500);
  });
});

test('checks that are too long are omitted', () => {
  expect(recordedChecks([{ path: `/${'c'.repeat(2500)}` }])).toBeUndefined();
});
