import { describe, expect, test } from 'vitest';
import { schemaOf } from '../../constructs/release-record';
import { migrationsSince, schemaProblem } from '../../lib/releases/migrations-since';
import { migrations, schema } from './state';

const tags = (count: number) =>
  migrations(
    ...Array.from({ length: count }, (_, index) => `${String(index).padStart(4, '0')}_${'x'.repeat(30)}`),
  );
const since = (then: string[], now: string[]) =>
  migrationsSince(schema(...then), schema(...now))?.map(({ tag }) => tag);

describe('between two schemas', () => {
  test.each([
    [['a', 'b'], ['a', 'b'], []],
    [['a'], ['a', 'b', 'c'], ['b', 'c']],
    [[], ['a'], ['a']],
    [[], [], []],
  ])('from %j to %j are %j', (then, now, expected) => {
    expect(since(then, now)).toEqual(expected);
  });

  test('are none if only a file changed, because applied files are not applied again', () => {
    expect(
      migrationsSince(schemaOf('journal', '1', migrations('a')), schemaOf('journal', '2', migrations('a'))),
    ).toEqual([]);
  });

  test.each([
    ['the journal was rewritten', ['a', 'b'], ['x', 'y', 'z']],
    ['its last one was replaced', ['a', 'b'], ['a', 'x', 'c']],
    ['there are fewer', ['a', 'b'], ['a']],
    ['the first one is gone', ['a', 'b'], ['b']],
    ['as many are there, and others', ['a', 'b'], ['a', 'x']],
  ])('are unknown if %s', (_, then, now) => {
    expect(since(then, now)).toBeUndefined();
  });

  test('are known from records with the newest names only, if the names overlap', () => {
    const then = schemaOf('journal', '1', tags(400));
    const now = schemaOf('journal', '2', tags(403));
    expect(migrationsSince(then, now)).toEqual(tags(403).slice(-3));
  });

  test('are unknown if more were applied than a record names', () => {
    const now = schemaOf('journal', '2', tags(400));
    expect(now.newest.length).toBeLessThan(300);
    expect(migrationsSince(schemaOf('journal', '1', tags(100)), now)).toBeUndefined();
    expect(migrationsSince(schemaOf('journal', '1', tags(400 - now.newest.length)), now)).toBeUndefined();
  });

  test('are unknown after a pushed schema', () => {
    expect(
      migrationsSince(schemaOf('baseline', '1', migrations('baseline')), schema('0000_a', '0001_b')),
    ).toBeUndefined();
  });
});

describe('a previous server', () => {
  const problem = (...added: string[]) => schemaProblem(schema('0000_a'), schema('0000_a', ...added));

  test('works with additive migrations', () => {
    expect(problem('0001_b', '0002_c')).toBeUndefined();
  });

  test('works with contracting migrations before its build', () => {
    expect(schemaProblem(schema('!0000_a'), schema('!0000_a', '0001_b'))).toBeUndefined();
  });

  test('does not work with a contracting migration, whatever follows', () => {
    expect(problem('!0001_b', '0002_c')).toBe(
      'since then migration 0001_b removed something that its server may need',
    );
  });

  test('is refused with unclassified migrations', () => {
    expect(problem('?0001_b', '0002_c')).toContain(
      'the migration lint did not check migration 0001_b, applied since then',
    );
  });

  test('is refused if the records are incomplete', () => {
    expect(schemaProblem(schema('0000_x'), schema('0000_a', '0001_b'))).toContain('the records do not show');
  });

  test('lists the first five migrations', () => {
    expect(problem('!1', '!2', '!3', '!4', '!5', '!6', '!7')).toContain(
      'migrations 1, 2, 3, 4, 5 and 2 more removed',
    );
  });
});
