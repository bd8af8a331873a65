import { describe, expect, test } from 'vitest';
import { findDrift } from '../../lib/releases/find-drift';
import { environment, migrated, release, revision } from './state';

const a = release('a', 7);
const b = release('b', 8);

describe('drift', () => {
  test('does not exist if server, client, schema, stack and record agree', () => {
    expect(findDrift(environment([migrated('a', ['0000_a']), a, b]))).toEqual([]);
  });

  test('is a server of another release', () => {
    expect(findDrift(environment([a, b], { server: { taskDefinition: revision(7) } }))).toEqual([
      `the server runs shop-production:7 of ${a.releaseId}, the record says shop-production:8 of ${b.releaseId}`,
    ]);
  });

  test('is a server without a record, or with an unknown revision', () => {
    const drift = (taskDefinition?: string) => findDrift(environment([b], { server: { taskDefinition } }))[0];
    expect(drift(revision(9))).toContain('the server runs shop-production:9, the record');
    expect(drift(undefined)).toContain('the server runs an unknown revision, the record');
  });

  test('is not a server during a deployment', () => {
    const deployment = { arn: 'd', status: 'IN_PROGRESS', taskDefinition: revision(8) };
    expect(findDrift(environment([a, b], { server: { taskDefinition: revision(7), deployment } }))).toEqual(
      [],
    );
  });

  test('is a client of another release', () => {
    expect(findDrift(environment([a, b], { pointer: a.pointer }))).toEqual([
      `users get the client ${a.pointer} of ${a.releaseId}, the record says ${b.pointer}`,
    ]);
  });

  test('is a missing pointer', () => {
    expect(findDrift(environment([b], { pointer: undefined }))[0]).toContain('users get no known client');
  });

  test('is a schema of a failed release', () => {
    expect(findDrift(environment([a, b, migrated('c', ['0000_a', '0001_b'])]))).toEqual([
      `the schema is that of ${'c'.repeat(16)}; it includes 1 migration that ${b.releaseId} does not contain`,
    ]);
  });

  test('is a stack after a rollback by a person', () => {
    const back = release('a', 7, ['0000_a'], { kind: 'rollback' });
    expect(findDrift(environment([a, b, back]))).toEqual([
      `the stack is at ${b.releaseId}, users have ${a.releaseId}; if the next deployment fails, CloudFormation rolls back to ${b.releaseId}`,
    ]);
  });

  test('is a suspended rollback alarm', () => {
    expect(findDrift(environment([b], { server: { alarms: false } }))).toEqual([
      'the rollback alarms of the service are switched off',
    ]);
  });

  test('is a revision that can no longer be deployed', () => {
    expect(findDrift(environment([b], { registered: new Set() }))).toEqual([
      'shop-production:8 is no longer registered, so it cannot be deployed again',
    ]);
  });

  test('lists all differences at once', () => {
    const state = environment([a, b], {
      pointer: a.pointer,
      server: { taskDefinition: revision(7), alarms: false },
    });
    expect(findDrift(state)).toHaveLength(3);
  });

  test('names a missing service', () => {
    const { server: _, ...state } = environment([b]);
    expect(findDrift(state)).toEqual(['there is no service shop-production']);
  });

  test('lists what exists before the first release', () => {
    expect(findDrift(environment([]))[0]).toContain('no release is recorded');
    expect(findDrift(environment([], { stack: { name: 'shop-production-release' } }))).toEqual([
      'nothing is deployed: there is no stack shop-production-release in us-east-1',
    ]);
  });
});
