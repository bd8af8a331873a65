import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { postgresPlugin } from '../../lib/application/swap/postgres-plugin';
import { runtimeBundle } from '../../lib/files/runtime-bundle';
import { freePort } from '../../lib/rehearsal/rds/postgres';
import {
  guestbook,
  installedGuestbook,
  linkPackages,
  type RunningServer,
  start,
  temporaryFolder,
} from './support';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let scripts = 0;

/** Runs a server written in a few lines through the preload, as the image does. */
async function serve(code: string, environment: Record<string, string> = {}): Promise<RunningServer> {
  const port = await freePort();
  const file = join(folder, `server-${++scripts}.mjs`);
  writeFileSync(file, `import http from 'node:http';\n${code}`);
  return start(
    ['--import', runtimeBundle('preload'), file],
    folder,
    { PORT: String(port), ...environment },
    `http://127.0.0.1:${port}`,
    '/up',
  );
}

const echo = `http.createServer((req, res) => res.end(JSON.stringify(req.headers))).listen(process.env.PORT);`;

describe('the shutdown', () => {
  test('loses no request under load, and the pool ends after the last request', async () => {
    const server = await serve(`
      let active = 0;
      http.createServer((req, res) => {
        active++;
        setTimeout(() => { active--; res.end(req.url); }, req.url === '/up' ? 0 : 150);
      }).listen(process.env.PORT);
      process.on('SIGTERM', () => console.log('pool ends with ' + active + ' active'));
    `);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 25 });
    let sent = 0;
    let answered = 0;
    let warm = () => {};
    const isWarm = new Promise<void>((resolve) => {
      warm = resolve;
    });
    const failures: string[] = [];
    const client = async (name: number) => {
      // As a load balancer: requests follow each other on open connections until the server closes one.
      for (let number = 0; ; number++) {
        const path = `/${name}/${number}`;
        sent++;
        const closes = await new Promise<boolean>((resolve) => {
          const request = http.get(server.url + path, { agent }, (response) => {
            let body = '';
            response.on('data', (chunk) => {
              body += chunk;
            });
            response.on('end', () => {
              if (body === path && response.statusCode === 200) answered++;
              if (answered === 60) warm();
              resolve(response.headers.connection === 'close');
            });
          });
          request.on('error', (error) => {
            failures.push(`${path}: ${error.message}`);
            resolve(true);
          });
        });
        if (closes) return;
      }
    };
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1').setEncoding('utf8');
    idle.write('GET /up HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await once(idle, 'data'))[0]).toMatch(/^HTTP\/1.1 200 .*\r\nConnection: keep-alive/s);
    const clients = Array.from({ length: 25 }, (_, name) => client(name));
    await isWarm;
    const code = server.stop();
    // On its way when the signal comes.
    idle.write('GET /late HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await once(idle, 'data'))[0]).toMatch(/^HTTP\/1.1 200 .*\r\nConnection: close/s);
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect(answered).toBe(sent);
    expect(await code).toBe(0);
    expect(server.output()).toContain('pool ends with 0 active');
    agent.destroy();
  });

  test('answers requests and connections that arrive while the event loop is blocked', async () => {
    const server = await serve(`
      import { existsSync } from 'node:fs';
      http.createServer((req, res) => res.end(req.url)).listen(process.env.PORT);
      // Blocks the event loop once the shutdown waits for late requests.
      const write = process.stdout.write.bind(process.stdout);
      process.stdout.write = (text, ...rest) => {
        if (String(text).includes('server.ending'))
          setTimeout(() => {
            write('blocked\\n');
            while (!existsSync('sent'));
          }, 20);
        return write(text, ...rest);
      };
    `);
    const port = Number(new URL(server.url).port);
    const send = (socket: Socket, path: string) => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      return Promise.race([once(socket, 'data'), once(socket, 'close'), once(socket, 'error')]);
    };
    const idle = connect(port, '127.0.0.1').setEncoding('utf8');
    expect((await send(idle, '/up'))[0]).toMatch(/^HTTP\/1.1 200 /);
    const code = server.stop();
    await vi.waitFor(() => expect(server.output()).toContain('blocked'), { interval: 5, timeout: 15_000 });
    const late = connect(port, '127.0.0.1').setEncoding('utf8');
    await once(late, 'connect');
    const answering = [send(idle, '/idle'), send(late, '/late')];
    writeFileSync(join(folder, 'sent'), '');
    const answers = await Promise.all(answering);
    expect(answers.map(([answer]) => String(answer))).toEqual([
      expect.stringMatching(/^HTTP\/1.1 200 .*\/idle$/s),
      expect.stringMatching(/^HTTP\/1.1 200 .*\/late$/s),
    ]);
    expect(await code).toBe(0);
  });

  test('completes despite timers and idle connections', async () => {
    const server = await serve(`${echo} setInterval(() => {}, 1000);`);
    const agent = new http.Agent({ keepAlive: true });
    http.get(server.url, { agent }, (response) => response.resume());
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await server.stop()).toBe(0);
    agent.destroy();
  });

  test('cuts a request that never ends, and exits with a failure code', async () => {
    const server = await serve(
      `http.createServer((req, res) => { if (req.url === '/up') res.end(); else res.write('…'); }).listen(process.env.PORT);`,
      { SHUTDOWN_TIMEOUT_MS: '600' },
    );
    const request = http.get(`${server.url}/forever`);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    const cut = once(response, 'error');
    expect(await server.stop()).toBe(1);
    await cut;
    expect(server.output()).toContain('"event":"server.requests-cut","inFlight":1');
  });

  test.each([
    ['a promise', "process.on('SIGTERM', async () => { await later(2500); console.log('worked'); });"],
    ['no promise', "process.on('SIGTERM', () => void later(2500).then(() => console.log('worked')));"],
  ])('waits for the work of a listener that returns %s', async (_, listener) => {
    const server = await serve(`${echo}
      const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      ${listener}`);
    expect(await server.stop()).toBe(0);
    expect(server.output()).toMatch(/worked/);
  });

  test('cuts work that never ends, and exits with a failure code', async () => {
    const server = await serve(`${echo} process.on('SIGTERM', () => setInterval(() => {}, 50));`, {
      SHUTDOWN_TIMEOUT_MS: '300',
    });
    expect(await server.stop()).toBe(1);
    expect(server.output()).toContain('"event":"server.work-cut"');
  });

  test('ends event streams after the requests that need its pool', async () => {
    const server = await serve(
      `
      const streams = [];
      let pool = 'open';
      http.createServer((req, res) => {
        if (req.url === '/events')
          streams.push(res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }));
        for (const stream of streams) stream.write(':\\n\\n');
        if (req.url !== '/events') setTimeout(() => res.end(pool), req.url === '/slow' ? 600 : 0);
      }).listen(process.env.PORT);
      process.on('SIGTERM', () => { pool = 'ended'; for (const stream of streams) stream.end('event: bye\\n\\n'); });
    `,
      // Far more than this test may take.
      { SHUTDOWN_TIMEOUT_MS: '600000' },
    );
    const events = await fetch(`${server.url}/events`);
    const slow = fetch(`${server.url}/slow`);
    await events.body!.getReader().read();
    const [code, answer] = await Promise.all([server.stop(), slow.then((response) => response.text())]);
    expect(answer).toBe('open');
    expect(code).toBe(0);
    expect(server.output()).not.toContain('server.requests-cut');
  });

  test('runs the listeners in time for requests that wait for them', async () => {
    const server = await serve(
      `const waiting = [];
      http.createServer((req, res) => (req.url === '/up' ? res.end() : waiting.push(res))).listen(process.env.PORT);
      process.on('SIGTERM', () => { for (const res of waiting) res.end('nothing new'); });`,
      { SHUTDOWN_TIMEOUT_MS: '2000' },
    );
    const polled = fetch(`${server.url}/poll`);
    await (await fetch(`${server.url}/up`)).text();
    const code = server.stop();
    expect(await (await polled).text()).toBe('nothing new');
    expect(await code).toBe(0);
  });

  test('closes WebSockets with 1001 after the listeners ran', async () => {
    installedGuestbook();
    const ws = pathToFileURL(join(guestbook, 'node_modules', 'ws', 'wrapper.mjs')).href;
    const server = await serve(`
      import { WebSocketServer } from '${ws}';
      const server = http.createServer((req, res) => res.end()).listen(process.env.PORT);
      const sockets = new WebSocketServer({ server });
      sockets.on('connection', (socket) => socket.on('close', (code) => console.log('server saw ' + code)));
      process.on('SIGTERM', () => { for (const socket of sockets.clients) socket.send('bye'); });
    `);
    const { WebSocket } = (await import(/* @vite-ignore */ ws)) as { WebSocket: typeof globalThis.WebSocket };
    const socket = new WebSocket(server.url.replace('http', 'ws'));
    const heard: unknown[] = [];
    socket.addEventListener('message', ({ data }) => heard.push(data));
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const closed = new Promise<number>((resolve) =>
      socket.addEventListener('close', (event) => resolve(event.code)),
    );
    const code = server.stop();
    expect(await closed).toBe(1001);
    expect(heard).toEqual(['bye']);
    expect(await code).toBe(0);
    expect(server.output()).toContain('server saw 1001');
  });

  test('of a cluster follows the exit of its workers, which are not restarted', async () => {
    const server = await serve(`
      import cluster from 'node:cluster';
      if (cluster.isPrimary) {
        cluster.fork();
        cluster.on('exit', () => { console.log('another worker'); cluster.fork(); });
        process.on('SIGTERM', () => console.log('the first process ends'));
      } else {
        http.createServer((req, res) => setTimeout(() => res.end('answered'), req.url === '/up' ? 0 : 700)).listen(process.env.PORT);
        process.on('SIGTERM', () => console.log('a worker ends'));
      }
    `);
    const slow = fetch(`${server.url}/slow`).then((response) => response.text());
    await (await fetch(`${server.url}/up`)).text();
    const code = server.stop();
    expect(await slow).toBe('answered');
    expect(await code).toBe(0);
    expect(server.output()).toMatch(/a worker ends.*the first process ends/s);
    expect(server.output()).not.toContain('another worker');
  });

  test('of a cluster fails if a worker is cut', async () => {
    const server = await serve(
      `import cluster from 'node:cluster';
      if (cluster.isPrimary) cluster.fork();
      else http.createServer((req, res) => (req.url === '/up' ? res.end() : res.write('…'))).listen(process.env.PORT);`,
      { SHUTDOWN_TIMEOUT_MS: '600' },
    );
    const [response] = (await once(http.get(`${server.url}/forever`), 'response')) as [http.IncomingMessage];
    response.resume().on('error', () => {});
    expect(await server.stop()).toBe(1);
    expect(server.output()).toContain('"event":"server.requests-cut","inFlight":1');
  });

  test('leaves the shutdown to an application that closes its server and exits itself', async () => {
    const server = await serve(`
      const server = http.createServer((req, res) => res.end()).listen(process.env.PORT);
      process.once('SIGTERM', () => server.close((error) => process.exit(error ? 9 : 7)));
    `);
    expect(await server.stop()).toBe(7);
  });
});

describe('requests', () => {
  const headersOf = async (headers: Record<string, string>) => {
    const server = await serve(echo);
    try {
      return (await (await fetch(server.url, { headers })).json()) as Record<string, string>;
    } finally {
      await server.stop();
    }
  };

  test('have the scheme and address of the viewer, whatever headers the viewer sends', async () => {
    const headers = await headersOf({
      'X-Forwarded-Proto': 'http',
      'CloudFront-Forwarded-Proto': 'https',
      'X-Forwarded-For': '10.0.0.1, 6.6.6.6, 203.0.113.7, 130.176.1.1',
    });
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' });
  });

  test('from inside the VPC keep the values that the load balancer set', async () => {
    const headers = await headersOf({ 'X-Forwarded-Proto': 'http', 'X-Forwarded-For': '10.0.3.4' });
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'http', 'x-forwarded-for': '10.0.3.4' });
  });

  test('of health checks count as https, because they pass no proxy', async () => {
    const headers = await headersOf({});
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'https' });
    expect(headers).not.toHaveProperty('x-forwarded-for');
  });
});

test('the preload answers the health path only if told to', async () => {
  const code = `http.createServer((req, res) => { res.statusCode = req.url === '/up' ? 200 : 404; res.end('app'); }).listen(process.env.PORT);`;
  const server = await serve(code, { FRAMEWORK53_HEALTH_PATH: '/__health' });
  const answer = await fetch(`${server.url}/__health?x=1`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  expect((await fetch(`${server.url}/__healthy`)).status).toBe(404);
  await server.stop();
  const without = await serve(code);
  expect((await fetch(`${without.url}/__health`)).status).toBe(404);
  await without.stop();
});

test.each(["'localhost'", "'127.0.0.1'", "'::1'"])(
  'the server is reachable if it listens on %s',
  async (host) => {
    const code = (args: string) => `
    const server = http.createServer((req, res) => res.end(JSON.stringify(server.address().address)));
    server.listen(${args}); http.createServer().listen(0, 'localhost', function () { console.log('own: ' + this.address().address); });`;
    for (const args of [
      `Number(process.env.PORT), ${host}`,
      `{ port: process.env.PORT, host: ${host} }, () => {}`,
    ]) {
      const server = await serve(code(args));
      expect(await (await fetch(server.url)).json()).toBe('0.0.0.0');
      expect(server.output()).toMatch(/own: (127\.0\.0\.1|::1)/);
      await server.stop();
    }
  },
);

test('the database address is in the variables of PostgreSQL clients and in those that the code reads', async () => {
  const server = await serve(
    `http.createServer((req, res) => res.end(JSON.stringify(process.env))).listen(process.env.PORT);`,
    {
      DATABASE_URL: 'postgresql://db.example.com:5433/shop?sslmode=verify-full',
      PGUSER: 'ada',
      PGPASSWORD: 'sesame',
      FRAMEWORK53_DATABASE_VARIABLES:
        'POSTGRES_URL,MAIN_DATABASE,SUPABASE_HOST,DB_HOST,DB_PORT,DB_USER,DB_PASSWORD,DB_NAME,DB_DATABASE',
      DB_DATABASE: 'own',
    },
  );
  expect(await (await fetch(server.url)).json()).toMatchObject({
    PGHOST: 'db.example.com',
    PGPORT: '5433',
    PGDATABASE: 'shop',
    PGSSLMODE: 'verify-full',
    POSTGRES_URL: 'postgresql://db.example.com:5433/shop?sslmode=verify-full',
    MAIN_DATABASE: 'postgresql://db.example.com:5433/shop?sslmode=verify-full',
    SUPABASE_HOST: 'postgresql://db.example.com:5433/shop?sslmode=verify-full',
    DB_HOST: 'db.example.com',
    DB_PORT: '5433',
    DB_USER: 'ada',
    DB_PASSWORD: 'sesame',
    DB_NAME: 'shop',
    DB_DATABASE: 'own',
  });
  await server.stop();
});

/** A package that says what Drizzle's driver is given. */
const drizzleStand: Plugin = {
  name: 'drizzle-stand',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^drizzle-orm/ }, ({ path, namespace }) =>
      namespace === 'postgres-drizzle' ? { path, namespace: 'stand' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'stand' }, () => ({
      contents:
        'export class PostgresJsDatabase {} export const drizzle = Object.assign((...given) => given, { mock: 1 });',
    }));
  },
};

test('pools of node-postgres and postgres.js stay within the connection budget', async () => {
  linkPackages(join(folder, 'node_modules'), [installedGuestbook()], {
    postgres: `export default Object.assign((first, second) => ({ first, second }), { camel: 1 });
      export const named = 1;`,
  });
  const { outputFiles } = await build({
    stdin: {
      contents: `import { createServer } from 'node:http';
        import pg, { Pool } from 'pg';
        import postgres, { named } from 'postgres';
        import { drizzle, PostgresJsDatabase } from 'drizzle-orm/postgres-js';
        const drizzles = [
          drizzle('postgres://a/b', { logger: true }), drizzle({ connection: { url: 'postgres://a/b', max: 70 }, schema: 1 }),
          drizzle({ connection: 'postgres://a/b' }), drizzle({ connection: { host: 'a', max: 3 } }),
          drizzle(postgres('postgres://a/b'), { schema: 1 }), drizzle({ client: 1 }), drizzle.mock, typeof PostgresJsDatabase,
        ];
        const pools = [new pg.Pool({ max: 200, min: 50 }), new Pool({ max: 3 }), new (class extends Pool {})()];
        const sql = [
          postgres('postgres://a/b', { max: 70, idle_timeout: 1 }), postgres({ max: 70 }), postgres('postgres://a/b?max=30'),
          postgres('postgres://a/b'), postgres('postgres://a/b', { max: 2 }), postgres.camel, named,
        ];
        const found = { pools: pools.map(({ options }) => [options.max, options.min]), sql, drizzles };
        createServer((req, res) => res.end(JSON.stringify(found))).listen(process.env.PORT);`,
      resolveDir: folder,
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    plugins: [drizzleStand, postgresPlugin],
  });
  const server = await serve(outputFiles[0]!.text, { DATABASE_POOL_SIZE: '5' });
  const found = await (await fetch(server.url)).json();
  const address = 'postgres://a/b';
  expect(found).toEqual({
    pools: [
      [5, 5],
      [3, 0],
      [5, 0],
    ],
    sql: [
      { first: address, second: { max: 5, idle_timeout: 1 } },
      { first: { max: 5 } },
      { first: `${address}?max=30`, second: { max: 5 } },
      { first: address, second: { max: 5 } },
      { first: address, second: { max: 2 } },
      1,
      1,
    ],
    drizzles: [
      [{ first: address, second: { max: 5 } }, { logger: true }],
      [{ schema: 1, client: { first: address, second: { max: 5 } } }],
      [{ client: { first: address, second: { max: 5 } } }],
      [{ client: { first: { host: 'a', max: 3 } } }],
      [{ first: address, second: { max: 5 } }, { schema: 1 }],
      [{ client: 1 }],
      1,
      'function',
    ],
  });
  expect(server.output()).toContain('"event":"database.pool-limited","asked":200,"limit":5');
  expect(await server.stop()).toBe(0);
});

test('idle connections outlive the 60 seconds of the load balancer, unless the application sets a timeout', async () => {
  const code = (own: string) => `
    const server = http.createServer((req, res) => res.end(JSON.stringify([server.keepAliveTimeout, server.headersTimeout])));
    ${own}
    server.listen(process.env.PORT);`;
  const asked = async (own: string) => {
    const server = await serve(code(own));
    const values = await (await fetch(server.url)).json();
    await server.stop();
    return values;
  };
  expect(await asked('')).toEqual([65_000, 66_000]);
  expect(await asked('server.keepAliveTimeout = 7000;')).toEqual([7000, 66_000]);
});

describe('a response', () => {
  const said = async (answer: string): Promise<string | null> => {
    const server = await serve(
      `http.createServer((req, res) => { if (req.url === '/up') return res.end(); ${answer} }).listen(process.env.PORT);`,
    );
    const response = await fetch(`${server.url}/api/me`);
    expect(await response.text()).toBe('me');
    await server.stop();
    return response.headers.get('cache-control');
  };

  test.each([
    ["res.end('me');"],
    ["res.writeHead(200).end('me');"],
    ["res.writeHead(200, 'fine', { 'X-A': '1' }).end('me');"],
    ["res.writeHead(200, ['X-A', '1']).end('me');"],
    ["res.setHeader('X-A', '1').writeHead(200, { 'X-B': '2' }).write('me'); res.end();"],
  ])('is private if the application sets no Cache-Control: %s', async (answer) => {
    expect(await said(answer)).toBe('private');
  });

  test.each([
    ["res.setHeader('cache-control', 'public, max-age=60').end('me');"],
    ["res.writeHead(200, { 'cache-CONTROL': 'public, max-age=60' }).end('me');"],
    ["res.writeHead(200, ['Cache-Control', 'public, max-age=60']).end('me');"],
    ["res.writeHead(200, 'fine', [['Cache-Control', 'public, max-age=60']]).end('me');"],
  ])("keeps the application's Cache-Control: %s", async (answer) => {
    expect(await said(answer)).toBe('public, max-age=60');
  });
});

test('shows the environment on pages of Express if the stacks name it, and not otherwise', async () => {
  const code = `
    import { createRequire } from 'node:module';
    const require = createRequire(${JSON.stringify(join(installedGuestbook(), 'package.json'))});
    const app = require('express')();
    app.use(require('express-session')({ secret: 'x', resave: false, saveUninitialized: true }));
    app.get('/up', (req, res) => res.end());
    app.get('/', (req, res) => res.send('<html><body>page</body></html>'));
    app.listen(process.env.PORT);`;
  const pageOf = async (environment: Record<string, string>) => {
    const server = await serve(code, environment);
    const get = (path: string) =>
      new Promise<[http.IncomingHttpHeaders, string]>((resolve, reject) => {
        http
          .get(server.url + path, { headers: { 'Sec-Fetch-Dest': 'document' } }, async (response) =>
            resolve([response.headers, Buffer.concat(await response.toArray()).toString()]),
          )
          .on('error', reject);
      });
    const [headers, page] = await get('/');
    const [, script] = await get('/framework53-environment.js');
    await server.stop();
    expect(headers['content-length']).toBe(String(page.length));
    expect(headers['set-cookie']).toHaveLength(1);
    return { page, script };
  };
  const shown = await pageOf({ FRAMEWORK53_SHOWN_ENVIRONMENT: 'staging' });
  expect(shown.page).toMatch(
    /^<html><body>page<.body><.html><script defer .*data-environment="staging"><.script>$/,
  );
  expect(shown.script).toContain('dataset.environment');
  const hidden = await pageOf({});
  expect(hidden.page).toBe('<html><body>page</body></html>');
  expect(hidden.script).toContain('Cannot GET');
});
