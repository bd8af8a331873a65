import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

// biome-ignore lint/suspicious/noExplicitAny: a bundle has no types
let handler: (event: any) => Promise<unknown>;
let server: Server | undefined;
let seen: { path?: string; headers: Record<string, unknown> }[];
const ENVIRONMENT = ['TEST_URL', 'DEADLINE_MS', 'PAUSE_MS'];

beforeAll(() => {
  handler = require(join(__dirname, '../../../bundles/deployment-verification/index.js')).handler;
});

beforeEach(() => {
  for (const level of ['info', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {});
  process.env.PAUSE_MS = '1';
  process.env.DEADLINE_MS = '3000';
  seen = [];
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const name of ENVIRONMENT) delete process.env[name];
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** The new release on the test listener; answers with the given statuses, the last one for ever. */
async function testListener(...statuses: number[]): Promise<void> {
  server = createServer((request, response) => {
    const status = statuses[Math.min(seen.length, statuses.length - 1)]!;
    seen.push({ path: request.url, headers: request.headers });
    response.writeHead(status).end('{"status":"ok"}');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  process.env.TEST_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As ECS documents it. */
const event = (hookDetails: unknown = { checks: [{ path: '/api/health', status: 200, body: 'ok' }] }) => ({
  executionId: '3a0345ba-b029-404b-890d-7da2a4b266aa',
  lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
  resourceArn: 'arn:aws:ecs:eu-central-1:111122223333:service-deployment/g/g/d',
  executionDetails: {
    serviceArn: 'arn:aws:ecs:eu-central-1:111122223333:service/g/g',
    targetServiceRevisionArn: 'arn:aws:ecs:eu-central-1:111122223333:service-revision/g/g/8',
    testTrafficWeights: {},
    productionTrafficWeights: {},
  },
  hookDetails,
});

const SUCCEEDED = { hookStatus: 'SUCCEEDED' };
const FAILED = { hookStatus: 'FAILED' };

describe('the verification', () => {
  test('returns at once for a warm-up', async () => {
    expect(await handler({ warmUp: true })).toEqual(SUCCEEDED);
    expect(seen).toEqual([]);
  });

  test('succeeds if the new release answers as expected', async () => {
    await testListener(200);
    expect(await handler(event())).toEqual(SUCCEEDED);
    expect(seen).toMatchObject([{ path: '/api/health' }]);
  });

  test('sends the headers of CloudFront, so that an application does not redirect to https', async () => {
    await testListener(200);
    await handler(event());
    expect(seen[0]?.headers).toMatchObject({ 'cloudfront-forwarded-proto': 'https' });
  });

  test('reads checks from JSON whose numbers became strings', async () => {
    await testListener(204);
    expect(await handler(event('{"checks":[{"path":"/","status":"204"}]}'))).toEqual(SUCCEEDED);
  });

  test('succeeds if a later attempt passes', async () => {
    await testListener(503, 200);
    expect(await handler(event())).toEqual(SUCCEEDED);
  });

  test('calls no AWS API', async () => {
    await testListener(200);
    const { AWS_REGION, AWS_ENDPOINT_URL } = process.env;
    delete process.env.AWS_REGION;
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:9';
    expect(await handler(event())).toEqual(SUCCEEDED);
    if (AWS_REGION) process.env.AWS_REGION = AWS_REGION;
    if (AWS_ENDPOINT_URL) process.env.AWS_ENDPOINT_URL = AWS_ENDPOINT_URL;
    else delete process.env.AWS_ENDPOINT_URL;
  });

  test('fails if a check fails, and logs the check and the reason', async () => {
    await testListener(500);
    expect(await handler(event())).toEqual(FAILED);
    expect(JSON.parse(vi.mocked(console.error).mock.calls[0]?.[0])).toMatchObject({
      stage: 'POST_TEST_TRAFFIC_SHIFT',
      revision: expect.stringMatching(/service-revision\/g\/g\/8$/),
      message: 'GET /api/health: expected status 200, got 500: {"status":"ok"}',
    });
  });

  test('fails if one of many checks fails', async () => {
    await testListener(200, 500);
    const checks = [{ path: '/a' }, { path: '/b' }];
    expect(await handler(event({ checks }))).toEqual(FAILED);
  });

  test.each([
    ['no details', undefined],
    ['no checks', { checks: [] }],
    ['checks that are none', { checks: 'x' }],
    ['details that are none', '{'],
    ['null', null],
  ])('returns a failure with %s', async (_, hookDetails) => {
    await testListener(200);
    expect(await handler({ ...event(), hookDetails })).toEqual(FAILED);
  });

  test('returns a failure if no server listens', async () => {
    process.env.TEST_URL = 'http://127.0.0.1:9999';
    expect(await handler(event())).toEqual(FAILED);
  });

  test('returns a failure without an address', async () => {
    expect(await handler(event())).toEqual(FAILED);
  });

  test('returns a failure before its own timeout', async () => {
    server = createServer(() => {});
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    process.env.TEST_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.DEADLINE_MS = '100';
    const started = Date.now();
    expect(await handler(event())).toEqual(FAILED);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});
