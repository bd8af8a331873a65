import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { crashReason } from '../../constructs/handler/crash-reason';
import { withoutSecrets } from '../../lib/rehearsal/ecs/without-secrets';

/** Lines that a module writes when it runs. */
const lines = (code: string) =>
  spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stderr.split('\n');

test('an error from three calls deep is shown from its own line on', () => {
  const [first] = crashReason(
    lines(
      "console.error('starting');const c = () => { throw new Error('STRIPE_KEY must be set') };const b = () => c();const a = () => b();a()",
    ),
  );
  expect(first).toBe('Error: STRIPE_KEY must be set');
});

test('a cause is shown, too', () => {
  const reason = crashReason(
    lines("throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND a.example') })"),
  );
  expect(reason[0]).toBe('TypeError: fetch failed');
  expect(reason.join()).toContain('[cause]: Error: getaddrinfo ENOTFOUND a.example');
});

test('an error with a code, and one of several lines, are shown', () => {
  expect(crashReason(lines("import 'no-such-package'"))[0]).toMatch(
    /^Error \[ERR_MODULE_NOT_FOUND\]: Cannot find package/,
  );
  expect(crashReason(lines("throw new Error('first\\nsecond')")).slice(0, 2)).toEqual([
    'Error: first',
    'second',
  ]);
});

test('errors of database drivers are shown, and a refused change of the schema with its setting', () => {
  const refused = crashReason(
    lines(
      "class _NeonDbError extends Error { name = '_NeonDbError'; code = '42501'; file = 'aclchk.c'; routine = 'aclcheck_error' };throw new _NeonDbError('permission denied for schema public')",
    ),
  );
  expect(refused[0]).toBe('_NeonDbError: permission denied for schema public');
  expect(refused.at(-1)).toMatch(/^→ .*database\.applicationRole to owner$/);
  const owner = crashReason(
    lines("const e = new Error('must be owner of table users'); e.name = 'error'; e.code = '42501'; throw e"),
  );
  expect(owner[0]).toBe('error: must be owner of table users');
  expect(owner.at(-1)).toMatch(/database\.applicationRole/);
  expect(crashReason(['error: cannot reach the mail server', 'stopping'])).toEqual([
    'error: cannot reach the mail server',
    'stopping',
  ]);
});

test('without an error the last lines are shown', () => {
  expect(crashReason(['a', 'b', '', 'c', 'd', 'Node.js v20.1.0'])).toEqual(['b', 'c', 'd']);
});

test('the log of a task names its secrets, and does not hold their values', () => {
  const secrets = {
    DATABASE_URL: 'postgres://app:s3cret-of-app@db/guestbook',
    PGPASSWORD: 's3cret-of-app',
    PGHOST: 'db.internal.example',
    PIN: '1234',
  };
  expect(withoutSecrets('no way to postgres://app:s3cret-of-app@db/guestbook (s3cret-of-app)', secrets)).toBe(
    'no way to [DATABASE_URL] ([PGPASSWORD])',
  );
  expect(withoutSecrets('getaddrinfo ENOTFOUND db.internal.example 1234', secrets)).toBe(
    'getaddrinfo ENOTFOUND db.internal.example 1234',
  );
});
