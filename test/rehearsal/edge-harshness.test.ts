import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Behavior, Distribution } from '../../lib/rehearsal/cloudfront/distribution';
import type { Forwarding } from '../../lib/rehearsal/cloudfront/forwarding';
import { checkKeyValueStores } from '../../lib/rehearsal/cloudfront/key-value-stores';
import { REPLACED, startHealthy } from '../../lib/rehearsal/ecs/start-tasks';
import { Listener } from '../../lib/rehearsal/elbv2/listener';
import type { Host } from '../../lib/rehearsal/elbv2/target-group';
import { TargetGroup } from '../../lib/rehearsal/elbv2/target-group';
import { Report } from '../../lib/rehearsal/report';
import { ReturningVisitor } from '../../lib/rehearsal/returning-visitor';
import { Bucket } from '../../lib/rehearsal/s3/bucket';
import { openWebSockets } from '../../lib/rehearsal/web-sockets';
import { emptyAccount } from './small-account';

const HOST = 'internal-shop.elb.amazonaws.com';
const all = { behavior: 'all', items: [] };
const none = { behavior: 'none', items: [] };
const ALL_VIEWER: Forwarding = { headers: { behavior: 'allViewer', items: [] }, cookies: all, queries: all };
const KEY: Forwarding = {
  headers: { behavior: 'whitelist', items: ['authorization'] },
  cookies: all,
  queries: all,
};

const folder = mkdtempSync(join(tmpdir(), 'edge-harshness-'));
const { stage, buckets } = emptyAccount();
const bucket = new Bucket('Files');
const distribution = new Distribution(stage);
/** Cache-Control of the server's next answers. */
let status = 200;
let cacheControl: string | undefined;
let asked = 0;

const server = createServer((incoming, answer) => {
  asked++;
  answer.statusCode = status;
  if (cacheControl) answer.setHeader('cache-control', cacheControl);
  setTimeout(() => answer.end(JSON.stringify(incoming.headers)), 50);
});
server.on('upgrade', (incoming: IncomingMessage, socket) => {
  if (!/^(\/api)?\/live$/.test(incoming.url!) || !incoming.headers['sec-websocket-key'])
    return void socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  socket.on('data', (data) => socket.write(`echo ${data}`)).on('end', () => socket.end());
});

const target: Host = { address: '10.0.0.1', running: true, starting: false };
const group = new TargetGroup(
  {
    logicalId: 'Group',
    stack: 'shop-release',
    fullName: 'targetgroup/shop/1',
    healthPath: '/api/health',
    interval: 10,
    timeout: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
    codes: '200',
    deregistrationDelay: 0,
  },
  stage,
);
const listenerWith = (dropsInvalidHeaders: boolean): Listener =>
  new Listener(
    { balancer: 'app/shop/1', port: 80, idleTimeout: 60, defaultStatus: 404, dropsInvalidHeaders },
    stage.metrics,
  );
const listener = listenerWith(true);

beforeAll(async () => {
  buckets.set('files', bucket);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.network.attach(target.address, 8080, (server.address() as AddressInfo).port, { name: 'Server' });
  group.targets.add({ host: target, port: 8080, state: 'healthy', streak: 1, pending: new Map() });
  listener.rules.push({ priority: 1, paths: ['*'], weights: new Map([[group, 1]]) });
  stage.network.listen(HOST, 80, await listener.listen(), { name: 'LoadBalancer' });
  distribution.options = options(KEY);
  await distribution.listen(0);
});
afterAll(() => {
  distribution.close();
  listener.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function options(cacheKey: Forwarding | undefined, forwarding = ALL_VIEWER) {
  const common = { methods: ['GET', 'POST'], compress: false };
  const behaviors: Behavior[] = [
    {
      ...common,
      pattern: '/api/*',
      origin: { kind: 'server', host: HOST, port: 80, timeout: 5 },
      forwarding: [forwarding],
      cacheKey,
    },
    { ...common, pattern: '*', origin: { kind: 'bucket', bucket: 'files' }, forwarding: [] },
  ];
  return { logicalId: 'Distribution', behaviors, rootObject: 'index.html', errorPages: new Map() };
}

/** Answers to simultaneous requests with these headers. */
const together = (...users: Record<string, string>[]) =>
  Promise.all(
    users.map(async (headers) => (await fetch(`${distribution.url}/api/me`, { headers })).json()),
  ) as Promise<Record<string, string>[]>;

describe('simultaneous requests for the same object', () => {
  const keys = (answers: Record<string, string>[]) => answers.map((headers) => headers['x-api-key']).sort();

  test('share one response if the server sends no Cache-Control, even for different users', async () => {
    asked = 0;
    const answers = await together({ 'x-api-key': 'ada' }, { 'x-api-key': 'grace' });
    expect(asked).toBe(1);
    expect(new Set(keys(answers)).size).toBe(1);
    expect([...distribution.collapsing.shared]).toEqual(['/api/me']);
  });

  test('share one error of the server, which is not reported as a shared response', async () => {
    distribution.collapsing.shared.clear();
    [status, asked] = [503, 0];
    await together({}, {});
    status = 200;
    expect(asked).toBe(1);
    expect([...distribution.collapsing.shared]).toEqual([]);
  });

  test.each(['private', 'no-store', 'max-age=0, must-revalidate'])(
    'get separate responses with %s',
    async (value) => {
      cacheControl = value;
      expect(keys(await together({ 'x-api-key': 'ada' }, { 'x-api-key': 'grace' }))).toEqual([
        'ada',
        'grace',
      ]);
      cacheControl = undefined;
    },
  );

  test('get separate responses if the cache key differs, or without caching', async () => {
    asked = 0;
    await together({ authorization: 'ada' }, { authorization: 'grace' });
    expect(asked).toBe(2);
    distribution.options = options(undefined);
    await together({}, {});
    expect(asked).toBe(4);
    distribution.options = options(KEY);
  });
});

test('the server sees the viewer address of the load', async () => {
  const [seen] = await together({ 'rehearsal-viewer': '198.51.100.7' });
  expect(seen!['x-forwarded-for']).toMatch(/^198\.51\.100\.7, /);
  expect(seen).not.toHaveProperty('rehearsal-viewer');
});

test('the load balancer drops invalid headers if the plan says so', async () => {
  const [through] = await together({ x_api_key: 'lost', 'x-api-key': 'kept' });
  expect(through).toMatchObject({ 'x-api-key': 'kept' });
  expect(through).not.toHaveProperty('x_api_key');
  const lenient = listenerWith(false);
  lenient.rules.push(...listener.rules);
  const answer = await fetch(`http://127.0.0.1:${await lenient.listen()}/`, {
    headers: { x_api_key: 'kept' },
  });
  expect(await answer.json()).toMatchObject({ x_api_key: 'kept' });
  lenient.close();
});

test('health checks go to the port of the plan', async () => {
  const checked = [9999, undefined].map((healthPort) => {
    const one = new TargetGroup({ ...group.options, interval: 1, healthPort }, stage);
    one.register(target, 8080);
    return one;
  });
  await vi.waitFor(() =>
    expect(checked.flatMap(({ targets }) => [...targets].map(({ state }) => state))).toEqual([
      'unhealthy',
      'healthy',
    ]),
  );
  await Promise.all(checked.map((one) => one.deregister(target)));
});

test('the end of a rehearsal ends the wait for healthy tasks', async () => {
  const task = {
    ...target,
    running: true,
    starting: false,
    exitReason: () => '',
    started: Promise.resolve(),
  };
  const host = {
    stage,
    closing: false,
    hasRunningStateMachine: () => true,
    startServer: async () => ({ ...task, ended: new Promise(() => {}) }) as never,
  };
  const options = { logicalId: 'Service', arn: 'arn:aws:ecs:eu-central-1:1:service/a/b', port: 1 } as never;
  const start = startHealthy(host, { options, group, tasks: [], count: 1 });
  host.closing = true;
  await expect(start).rejects.toThrow('the rehearsal was closed');
});

test('a failed health check is explained by the answer', async () => {
  const one = new TargetGroup({ ...group.options, interval: 1 }, stage);
  expect(one.complaint(target, 8080)).toBe('never answer the health check on port 8080, path /api/health');
  status = 429;
  one.register(target, 8080);
  await vi.waitFor(() => expect([...one.targets].map(({ state }) => state)).toEqual(['unhealthy']));
  status = 200;
  expect(one.complaint(target, 8080)).toMatch(
    /^answer the health check on port 8080, path \/api\/health, with 429 instead of 200; a rate limit .*option skip/,
  );
  await one.deregister(target);
});

test('sticky sessions keep a visitor on a target while it is healthy', async () => {
  const names = ['a', 'b'];
  const tasks = names.map((name) =>
    createServer((_, answer) => answer.setHeader('set-cookie', 'own=1').end(name)),
  );
  const hosts = names.map((_, index): Host => ({ ...target, address: `10.0.1.${index}` }));
  const sticky = new TargetGroup({ ...group.options, stickySeconds: 60 }, stage);
  for (const [index, task] of tasks.entries()) {
    await new Promise<void>((resolve) => task.listen(0, '127.0.0.1', resolve));
    stage.network.attach(hosts[index]!.address, 8080, (task.address() as AddressInfo).port, {
      name: 'Server',
    });
    sticky.targets.add({ host: hosts[index]!, port: 8080, state: 'healthy', streak: 1, pending: new Map() });
  }
  const balancer = listenerWith(true);
  balancer.rules.push({ priority: 1, paths: ['*'], weights: new Map([[sticky, 1]]) });
  const url = `http://127.0.0.1:${await balancer.listen()}/`;
  const ask = async (cookie = '') => {
    const answer = await fetch(url, { headers: { cookie } });
    return { task: await answer.text(), cookies: answer.headers.getSetCookie() };
  };

  const first = await ask();
  expect(first.cookies).toEqual([
    'own=1',
    expect.stringMatching(/^AWSALB=/),
    expect.stringMatching(/^AWSALBCORS=.*SameSite=None; Secure$/),
  ]);
  const cookie = `own=1; ${first.cookies[1]!.split(';')[0]}`;
  const again = await Promise.all(Array.from({ length: 6 }, () => ask(cookie)));
  expect(new Set(again.map(({ task }) => task))).toEqual(new Set([first.task]));
  expect(new Set([(await ask()).task, (await ask()).task]).size).toBe(2);
  [...sticky.targets][names.indexOf(first.task)]!.state = 'unhealthy';
  expect((await ask(cookie)).task).not.toBe(first.task);
  balancer.close();
  for (const task of tasks) task.close();
});

test.each([
  ['GET', 403],
  ['POST', 200],
])('a %s with a body gets %i', async (method, status) => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { 'content-length': 2 };
    request(`${distribution.url}/api/search`, { method, headers, agent: false }, resolve)
      .on('error', reject)
      .end('{}');
  });
  expect(answer.resume().statusCode).toBe(status);
});

describe('a WebSocket', () => {
  /** Sends a request to upgrade, then a message. Returns all that comes back. */
  const say = (path: string, message: string, upgrade = 'websocket') =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(distribution.url).port), 'localhost').setEncoding('utf8');
      let heard = '';
      socket.on('data', (data) => {
        heard += data;
        if (/^HTTP\/1.1 101/.test(heard) && !heard.includes('echo')) socket.write(message);
        if (heard.includes('echo')) socket.end();
      });
      socket.on('error', reject).on('close', () => resolve(heard));
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: shop\r\nUpgrade: ${upgrade}\r\nConnection: Upgrade\r\nSec-WebSocket-Key: a2V5\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
    });

  test('reaches the server through CloudFront and the load balancer', async () => {
    expect(await say('/api/live', 'hello')).toMatch(/^HTTP\/1.1 101 .*echo hello$/s);
    const [one] = group.targets;
    await vi.waitFor(() => expect(one!.pending.size).toBe(0));
  });

  test('gets the response of a server that refuses it', async () => {
    expect(await say('/api/other', '')).toMatch(/^HTTP\/1.1 401 /);
  });

  test('is refused without the headers that the server needs, on paths of the client, and for other protocols', async () => {
    distribution.options = options(KEY, { ...ALL_VIEWER, headers: none });
    expect(await say('/api/live', '')).toMatch(/^HTTP\/1.1 401 /);
    distribution.options = options(KEY);
    expect(await say('/', '')).toMatch(/^HTTP\/1.1 403 /);
    expect(await say('/api/live', '', 'h2c')).toMatch(/^HTTP\/1.1 403 /);
  });
});

describe('the WebSockets of a plan', () => {
  const told: string[] = [];
  stage.milestones.on('any', (event: string, detail: string) => told.push(`${event}: ${detail}`));
  const play = (paths: string[]) =>
    openWebSockets(
      { stacks: [{ template: { Metadata: { 'framework53:web-sockets': paths } } }] } as never,
      { cloudFront: { distribution } } as never,
      stage,
    );

  test('are opened through CloudFront; a server may refuse an anonymous client', async () => {
    told.length = 0;
    await play(['/api/live', '/api/other']);
    expect(told).toEqual([
      'WebSocket opened: /api/live',
      'WebSocket refused: /api/other by the server, with 401',
    ]);
  });

  test('must reach the server', async () => {
    await expect(play(['/live'])).rejects.toThrow(
      'DistributionConfig.CacheBehaviors do not route WebSockets at /live to the server: they get 403',
    );
  });
});

describe('a returning visitor', () => {
  const publish = (release: string, html: string, policy: string): void => {
    const file = join(folder, `asset.${release}.html`);
    writeFileSync(file, html);
    bucket.objects.set('index.html', { file, headers: { 'content-security-policy': policy } });
  };

  test('keeps the old policy if the page has the same entity tag', async () => {
    const visitor = new ReturningVisitor();
    publish('a', '<p>page</p>', "default-src 'self'");
    await visitor.visit(distribution.url);
    publish('b', '<p>page</p>', "default-src 'none'");
    await expect(visitor.visit(distribution.url)).rejects.toThrow('same entity tag');
    publish('b', '<p>page, b</p>', "default-src 'none'");
    await visitor.visit(distribution.url);
  });
});

test('a function without a dependency on its key value store is refused', () => {
  const plan = (DependsOn?: string[]) => ({
    Store: { Type: 'AWS::CloudFront::KeyValueStore' },
    Function: {
      Type: 'AWS::CloudFront::Function',
      Properties: {
        FunctionConfig: {
          KeyValueStoreAssociations: [{ KeyValueStoreARN: { 'Fn::GetAtt': ['Store', 'Arn'] } }],
        },
      },
      ...(DependsOn && { DependsOn }),
    },
  });
  expect(() => checkKeyValueStores(plan())).toThrow(/Function.*Store/);
  expect(() => checkKeyValueStores(plan(['Store']))).not.toThrow();
});

test('prints nothing after the report', () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  report.now('rollback');
  vi.advanceTimersByTime(2_000);
  expect(lines).toHaveLength(1);
  report.close();
  vi.advanceTimersByTime(10_000);
  report.event('task killed', 'by a person');
  expect(lines).toHaveLength(1);
  vi.useRealTimers();
});

test('a failure names the tasks that never became healthy', () => {
  const report = new Report(() => {});
  report.close();
  expect(report.explained('it failed')).toBe('it failed');
  report.event(REPLACED, 'Server: no answer to health checks on port 9090, path /');
  expect(report.explained('it failed')).toBe(
    'it failed\n  unhealthy tasks replaced: Server: no answer to health checks on port 9090, path /',
  );
});
