import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Check, checkProblems, parseChecks, runChecks } from '../../../constructs/verification';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

type Answer = { status?: number; headers?: Record<string, string>; body?: string; afterMs?: number };

/** A server on this machine that gives one answer after the other, the last one for ever. */
async function serving(...answers: Answer[]): Promise<{ url: string; seen: Record<string, unknown>[] }> {
  const seen: Record<string, unknown>[] = [];
  server = createServer((request, response) => {
    const {
      status = 200,
      headers,
      body = '',
      afterMs = 0,
    } = answers[Math.min(seen.length, answers.length - 1)]!;
    seen.push({ path: request.url, ...request.headers });
    setTimeout(() => response.writeHead(status, headers).end(body), afterMs);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const run = async (url: string, check: Check, limits = {}) =>
  (await runChecks(url, [check], fetch, { attempts: 1, pauseMs: 1, ...limits }))[0]!;

describe('runChecks()', () => {
  test('passes a response with the default status', async () => {
    const { url } = await serving({});
    expect(await run(url, { path: '/' })).toMatchObject({ passed: true, attempts: 1 });
  });

  test('describes the expectation of a check that passed', async () => {
    const { url } = await serving({ body: 'ok' });
    const check = { path: '/health', body: 'ok' };
    expect((await run(url, check)).message).toBe('GET /health: as expected (status 200, body)');
  });

  test('passes the requested status', async () => {
    const { url } = await serving({ status: 401 });
    expect(await run(url, { path: '/', status: 401 })).toMatchObject({ passed: true });
  });

  test('requests the path and query of the check', async () => {
    const { url, seen } = await serving({});
    await run(url, { path: '/a/b?c=d' });
    expect(seen[0]).toMatchObject({ path: '/a/b?c=d' });
  });

  test('sends the given headers', async () => {
    const { url, seen } = await serving({});
    await run(url, { path: '/' }, { requestHeaders: { 'cloudfront-forwarded-proto': 'https' } });
    expect(seen[0]).toMatchObject({ 'cloudfront-forwarded-proto': 'https' });
  });

  test('follows no redirect', async () => {
    const { url, seen } = await serving({ status: 302, headers: { location: '/elsewhere' } });
    expect(await run(url, { path: '/', status: 302, headers: { location: '^/elsewhere$' } })).toMatchObject({
      passed: true,
    });
    expect(seen).toHaveLength(1);
  });

  test('retries a failing check', async () => {
    const { url } = await serving({ status: 503 }, { status: 503 }, {});
    expect(await run(url, { path: '/' }, { attempts: 3 })).toMatchObject({ passed: true, attempts: 3 });
  });

  test('runs later checks after a failed one', async () => {
    const { url } = await serving({ status: 500 }, {});
    const results = await runChecks(url, [{ path: '/a' }, { path: '/b' }], fetch, { attempts: 1 });
    expect(results.map(({ passed }) => passed)).toEqual([false, true]);
  });

  test('measures the latency over the given requests', async () => {
    const { url, seen } = await serving({});
    expect(await run(url, { path: '/', p95Ms: 2000, tries: 7 })).toMatchObject({ passed: true });
    expect(seen).toHaveLength(7);
  });

  test('accepts one slow response in twenty', async () => {
    const { url } = await serving({ afterMs: 300 }, {});
    expect(await run(url, { path: '/', p95Ms: 200, tries: 20 })).toMatchObject({ passed: true });
  });

  test('fails for two slow responses in twenty, with the measured time', async () => {
    const { url } = await serving({ afterMs: 300 }, { afterMs: 300 }, {});
    const { passed, message } = await run(url, { path: '/', p95Ms: 200, tries: 20 });
    expect(passed).toBe(false);
    expect(message).toMatch(/^GET \/: expected 95 % of 20 responses within 200 ms, got 3\d\d ms$/);
  });

  test('fails for another status, with an excerpt of the body', async () => {
    const { url } = await serving({ status: 500, body: 'Internal\n  Server Error' });
    expect(await run(url, { path: '/api' })).toMatchObject({
      passed: false,
      message: 'GET /api: expected status 200, got 500: Internal Server Error',
    });
  });

  test('explains a rate limit', async () => {
    const { url } = await serving({ status: 429, body: 'Too many requests' });
    expect((await run(url, { path: '/api' })).message).toMatch(
      /^GET \/api: expected status 200, got 429: Too many requests; a rate limit of the application .*trust proxy/,
    );
    const expected = await serving({ status: 429 });
    expect((await run(expected.url, { path: '/', status: 429 })).passed).toBe(true);
  });

  test('fails for a missing header', async () => {
    const { url } = await serving({});
    expect((await run(url, { path: '/', headers: { 'x-a': '1' } })).message).toBe(
      'GET /: expected header x-a to match /1/, got no such header',
    );
  });

  test('fails for another header value', async () => {
    const { url } = await serving({ headers: { 'x-a': '2' } });
    expect((await run(url, { path: '/', headers: { 'x-a': '^1$' } })).message).toBe(
      "GET /: expected header x-a to match /^1$/, got '2'",
    );
  });

  test('fails for another body', async () => {
    const { url } = await serving({ body: '{"status":"degraded"}' });
    expect((await run(url, { path: '/', body: '"ok"' })).message).toBe(
      'GET /: expected a body that matches /"ok"/, got: {"status":"degraded"}',
    );
  });

  test('fails for a refused connection, with the reason', async () => {
    const { url } = await serving({});
    await new Promise((resolve) => server?.close(resolve));
    expect((await run(url, { path: '/' })).message).toContain(
      'GET /: expected status 200, got no response: connect ECONNREFUSED',
    );
  });

  test('fails for a response that takes too long', async () => {
    const { url } = await serving({ afterMs: 500 });
    expect((await run(url, { path: '/' }, { timeoutMs: 50 })).message).toBe(
      'GET /: expected status 200, got no response: timed out',
    );
  });

  test('fails after the given number of attempts', async () => {
    const { url, seen } = await serving({ status: 500 });
    expect(await run(url, { path: '/' }, { attempts: 4 })).toMatchObject({ passed: false, attempts: 4 });
    expect(seen).toHaveLength(4);
  });

  test('fails if the deadline leaves no time for the check', async () => {
    const { url } = await serving({ afterMs: 150 });
    const results = await runChecks(url, [{ path: '/a' }, { path: '/b' }], fetch, {
      deadlineMs: 100,
      attempts: 9,
    });
    expect(results.map(({ message }) => message)).toEqual([
      'GET /a: expected status 200, got no response: timed out',
      'GET /b: no time was left for this check',
    ]);
  });
});

describe('parseChecks()', () => {
  test('reads numbers that became strings', () => {
    expect(parseChecks([{ path: '/', status: '204', p95Ms: '300', tries: '5' }])).toEqual([
      { path: '/', status: 204, p95Ms: 300, tries: 5 },
    ]);
  });

  test('reads a list in JSON', () => {
    expect(parseChecks('[{"path":"/"}]')).toEqual([{ path: '/' }]);
  });

  test('fails for a value that is not a list', () => {
    expect(() => parseChecks(undefined)).toThrow('checks must be a list');
  });
});

describe('checkProblems()', () => {
  test('has none for a complete check', () => {
    const check = { path: '/', status: 200, headers: { a: 'b' }, body: '^c', p95Ms: 100, tries: 10 };
    expect(checkProblems([check])).toEqual([]);
  });

  test.each<[string, Check, string]>([
    ['a relative path', { path: 'health' }, "check 'health': 'path' must start with '/'"],
    ['a status out of range', { path: '/', status: 99 }, "check '/': 'status' must be 100 to 599, got 99"],
    ['no latency', { path: '/', p95Ms: 0 }, "check '/': 'p95Ms' must be more than 0, got 0"],
    ['no tries', { path: '/', tries: 0 }, "check '/': 'tries' must be 1 to 1000, got 0"],
    ['a broken body pattern', { path: '/', body: '(' }, "check '/': 'body' is not a regular expression"],
    ['a broken header pattern', { path: '/', headers: { 'x-a': '(' } }, "check '/': 'x-a' is not a regular"],
  ])('fails %s', (_, check, problem) => {
    expect(checkProblems([check])).toEqual([expect.stringContaining(problem)]);
  });
});
