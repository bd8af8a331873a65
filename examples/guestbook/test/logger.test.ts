// @framework Framework 5.3
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../server/errors';
import { logger } from '../server/logger';
import { redact } from '../server/redact';

afterEach(() => vi.restoreAllMocks());

function logged(write: () => void) {
  const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  write();
  return String(output.mock.lastCall?.[0]);
}

test('personal fields and secrets are redacted at every depth', () => {
  expect(
    redact({
      userId: 1,
      body: { name: 'Ada', password: 'x', list: [{ Cookie: 'y' }] },
      headers: { authorization: 'z' },
    }),
  ).toEqual({
    userId: 1,
    body: { name: '[redacted]', password: '[redacted]', list: [{ Cookie: '[redacted]' }] },
    headers: { authorization: '[redacted]' },
  });
});

test('addresses and passwords inside text are masked', () => {
  expect(redact('mail to ada@example.org failed')).toBe('mail to [redacted] failed');
  expect(redact('postgresql://ada:secret@db/guestbook')).toBe('postgresql://ada:[redacted]@db/guestbook');
});

test('a line is JSON with time, level, event and environment', () => {
  const line = JSON.parse(logged(() => logger.warn({ event: 'entry.odd', entryId: 3 })));
  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    level: 'warn',
    event: 'entry.odd',
    environment: 'test',
    entryId: 3,
  });
});

test('errors have a class', () => {
  const classOf = (error: unknown) =>
    JSON.parse(logged(() => logger.error({ event: 'http.request', error }))).error.class;
  expect(classOf(new AppError('authorization', 'No.'))).toBe('authorization');
  expect(classOf(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe('database');
  expect(classOf(new Error('wrapped', { cause: Object.assign(new Error(), { code: '23505' }) }))).toBe(
    'database',
  );
  expect(classOf(new TypeError('x is undefined'))).toBe('internal');
  expect(classOf('thrown text')).toBe('internal');
});

test("a database error is logged without the query's values", () => {
  const error = Object.assign(new Error('Failed query: insert … params: Ada,secret-hash'), {
    query: 'insert into "users" values ($1, $2)',
    params: ['Ada', 'secret-hash'],
    cause: Object.assign(new Error('Key (name)=(Ada) exists'), { code: '23505' }),
  });
  const line = logged(() => logger.error({ event: 'http.request', error }));
  expect(line).not.toMatch(/Ada|secret-hash/);
  expect(JSON.parse(line).error).toMatchObject({ class: 'database', code: '23505', query: error.query });
});
