import { expect, test } from 'vitest';
import { possibleReasons } from '../../cli/rehearse';
import type { Warning } from '../../lib/application/warning';

const warning = (severity: Warning['severity'], what: string): Warning => ({
  rule: 'x',
  severity,
  place: 'server/db.ts:3',
  what,
  why: '',
  fix: ['set database.applicationRole to owner'],
});

test('a failed rehearsal repeats the warnings of danger, and names init for the same application', () => {
  const text = possibleReasons(
    [warning('caution', 'no .env.example'), warning('danger', 'the server changes the schema')],
    { app: '../shop' },
  );
  expect(text).toContain('server/db.ts:3: the server changes the schema');
  expect(text).toContain('→ set database.applicationRole to owner');
  expect(text).not.toContain('.env.example');
  expect(text).toMatch(/^ {2}init {5}npx framework53 init --app \.\.\/shop$/m);
  expect(possibleReasons([], {})).toMatch(/^\nNext\n {2}init {5}npx framework53 init\n/);
});

test('a failed rehearsal of a plan has no application to set up', () => {
  expect(possibleReasons([], { plan: 'cdk.out' })).toBe('');
});
