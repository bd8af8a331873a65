// @framework Framework 5.3
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryStore } from 'express-session';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApp } from '../server/app';
import type { fakeRepositories } from './fakes';

const fakes = vi.hoisted(() => ({}) as ReturnType<typeof fakeRepositories>);
vi.mock('../server/repositories/userRepository', async () => {
  if (!fakes.users) Object.assign(fakes, (await import('./fakes')).fakeRepositories());
  return { UserRepository: fakes.UserRepository };
});
vi.mock('../server/repositories/entryRepository', async () => {
  if (!fakes.users) Object.assign(fakes, (await import('./fakes')).fakeRepositories());
  return { EntryRepository: fakes.EntryRepository };
});

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createApp(new MemoryStore()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => fakes.clear());

/** Returns a visitor with a browser, which keeps the cookie. */
function visitor() {
  let cookie = '';
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(origin + path, {
      method,
      headers: { cookie, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const [set] = response.headers.getSetCookie();
    if (set) cookie = set.split(';')[0]!;
    const text = await response.text();
    return { status: response.status, set, body: text ? JSON.parse(text) : undefined };
  };
}

async function signedUp(name: string) {
  const call = visitor();
  expect((await call('POST', '/api/users', { name, password: 'correct horse' })).status).toBe(201);
  return call;
}

describe('caches', () => {
  test('ask again for entries, and can tell that nothing changed', async () => {
    const first = await fetch(`${origin}/api/entries`);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const etag = first.headers.get('etag');
    expect(etag).toBeTruthy();
    expect((await fetch(`${origin}/api/entries`)).headers.get('etag')).toBe(etag);
  });

  test('keep no answer that depends on the person, and no answer to a change', async () => {
    const answers = [
      await fetch(`${origin}/api/session`),
      await fetch(`${origin}/api/entries`, { method: 'POST' }),
    ];
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('private, no-store');
  });
});

describe('who signs', () => {
  test('signs up, is remembered, signs out and in again', async () => {
    const ada = await signedUp('Ada');
    expect((await ada('GET', '/api/session')).body).toEqual({ user: { id: 1, name: 'Ada' } });

    expect((await ada('DELETE', '/api/session')).status).toBe(204);
    expect((await ada('GET', '/api/session')).body).toEqual({ user: null });

    const answer = await ada('POST', '/api/session', { name: 'ada', password: 'correct horse' });
    expect(answer.body).toEqual({ user: { id: 1, name: 'Ada' } });
  });

  test('gets a new session id when signing in', async () => {
    const ada = await signedUp('Ada');
    const before = (await ada('GET', '/api/session')).set;
    const after = (await ada('POST', '/api/session', { name: 'Ada', password: 'correct horse' })).set;
    expect(after?.split(';')[0]).not.toBe(before?.split(';')[0]);
  });

  test('is refused with a wrong password, an unknown name and a taken name', async () => {
    await signedUp('Ada');
    const call = visitor();
    const wrong = await call('POST', '/api/session', { name: 'Ada', password: 'wrong password' });
    const unknown = await call('POST', '/api/session', { name: 'Eve', password: 'wrong password' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(unknown.body).toEqual(wrong.body);

    const taken = await call('POST', '/api/users', { name: 'ADA', password: 'correct horse' });
    expect(taken.status).toBe(409);
    expect(taken.body.error.fields).toHaveProperty('name');
  });

  test('has an http-only, same-site cookie that is secure behind HTTPS', async () => {
    const call = visitor();
    const https = { 'X-Forwarded-Proto': 'https' };
    const { set } = await call('POST', '/api/users', { name: 'Ada', password: 'correct horse' }, https);
    expect(set).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
  });

  test('is signed out when the absolute timeout is over, however busy', async () => {
    const ada = await signedUp('Ada');
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      for (let halfHours = 1; halfHours < 24; halfHours++) {
        vi.setSystemTime(Date.now() + 30 * 60_000);
        expect((await ada('GET', '/api/session')).body.user).not.toBeNull();
      }
      vi.setSystemTime(Date.now() + 30 * 60_000);
      expect((await ada('GET', '/api/session')).body.user).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('entries', () => {
  test('are listed newest first, page by page', async () => {
    const ada = await signedUp('Ada');
    for (const message of ['one', 'two', 'three']) await ada('POST', '/api/entries', { message });

    const first = (await visitor()('GET', '/api/entries?limit=2')).body;
    expect(first.entries.map((entry: { message: string }) => entry.message)).toEqual(['three', 'two']);
    const second = (await visitor()('GET', `/api/entries?limit=2&before=${first.next}`)).body;
    expect(second).toMatchObject({ entries: [{ message: 'one', author: { name: 'Ada' } }], next: null });
  });

  test('are edited and deleted by their author', async () => {
    const ada = await signedUp('Ada');
    await ada('POST', '/api/entries', { message: 'Helo' });
    const edited = await ada('PATCH', '/api/entries/1', { message: ' Hello ' });
    expect(edited.body).toMatchObject({ message: 'Hello', updatedAt: expect.any(String) });
    expect((await ada('DELETE', '/api/entries/1')).status).toBe(204);
    expect((await ada('GET', '/api/entries')).body.entries).toEqual([]);
  });

  test('are for their author alone to change', async () => {
    const ada = await signedUp('Ada');
    await ada('POST', '/api/entries', { message: 'Hello' });

    const bob = await signedUp('Bob');
    expect((await bob('PATCH', '/api/entries/1', { message: 'Mine' })).status).toBe(403);
    expect((await bob('DELETE', '/api/entries/1')).status).toBe(403);
    expect((await bob('PATCH', '/api/entries/7', { message: 'Mine' })).status).toBe(404);

    const stranger = visitor();
    expect((await stranger('POST', '/api/entries', { message: 'Mine' })).status).toBe(401);
    expect((await stranger('PATCH', '/api/entries/1', { message: 'Mine' })).status).toBe(401);
    expect((await stranger('DELETE', '/api/entries/1')).status).toBe(401);
    expect((await ada('GET', '/api/entries')).body.entries).toMatchObject([{ message: 'Hello' }]);
  });
});

describe('what is wrong is said in JSON', () => {
  test.each([
    ['an empty message', 'POST', '/api/entries', { message: ' ' }, 400, 'validation'],
    ['no body', 'POST', '/api/entries', undefined, 400, 'validation'],
    ['a body that is no JSON', 'POST', '/api/entries', '{"message":', 400, 'validation'],
    ['too long a body', 'POST', '/api/entries', { message: 'x'.repeat(20_000) }, 400, 'validation'],
    ['an id that is none', 'PATCH', '/api/entries/abc', { message: 'Hello' }, 400, 'validation'],
    ['a page too large', 'GET', '/api/entries?limit=51', undefined, 400, 'validation'],
    ['an unknown path', 'GET', '/api/nothing', undefined, 404, 'not-found'],
  ])('%s', async (_what, method, path, body, status, errorClass) => {
    const ada = await signedUp('Ada');
    const answer = await ada(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ class: errorClass, message: expect.stringMatching(/.+/) });
  });

  test('a form of another site', async () => {
    const ada = await signedUp('Ada');
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await ada('POST', '/api/entries', 'message=Hello', form)).status).toBe(400);
    expect((await ada('GET', '/api/entries')).body.entries).toEqual([]);
  });
});

test('health and configuration are answered without session and database', async () => {
  const call = visitor();
  expect(await call('GET', '/api/health')).toEqual({ status: 200, set: undefined, body: { status: 'ok' } });
  expect((await call('GET', '/config.json')).body).toEqual({ environment: 'test' });
});
