import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decidePaths } from '../../lib/application/decisions/paths';
import { decideWebSockets, webSocketAddresses } from '../../lib/application/decisions/web-sockets';
import { readServer } from '../../lib/application/reading/read-server';
import type { ServerReading } from '../../lib/application/reading/server-reading';
import { readServerSources } from '../../lib/application/server-sources';
import { missingFileWarnings } from '../../lib/application/warnings/missing-file-warnings';
import { temporaryFolder } from './support';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let applications = 0;

type Modules = Readonly<Record<string, string>>;

/** Reads a server of a few modules, of which the first is the entry. */
function read(modules: Modules): ServerReading {
  const directory = join(folder, String(++applications));
  for (const [file, text] of Object.entries(modules)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  const sources = readServerSources(directory, Object.keys(modules)[0]!, {
    manifest: {},
    modules: {},
    own: {},
    uncompiled: [],
    server: '.',
  });
  return readServer(sources, { directory, outDir: 'dist/public' });
}

/** A server of one module; `app` is an Express application, and `Router` is there. */
const inOne = (code: string, extension = 'ts') =>
  read({
    [`server/index.${extension}`]: `import express, { Router } from 'express';\nconst app = express();\n${code}`,
  });

const routesOf = (reading: ServerReading) => reading.routes.map(({ method, path }) => `${method} ${path}`);

describe('routes', () => {
  test.each([
    ["const HOOK = '/stripe/webhook'; app.post(HOOK, handle);", ['post /stripe/webhook']],
    ["const paths = { users: '/users' } as const; app.get(paths.users, handle);", ['get /users']],
    ["enum Paths { Feed = '/feed' } app.get(Paths.Feed, handle);", ['get /feed']],
    ['const v = 2; app.get(`/v${v}/items`, handle);', ['get /v2/items']],
    ["app.get('/v' + 1 + '/items', handle);", ['get /v1/items']],
    ["app.get(['/a', '/b/:id'], handle);", ['get /a', 'get /b/:id']],
    ["app.route('/book').get(handle).put(handle);", ['get /book', 'put /book']],
    ["app.get('/a', handle).post('/b', handle);", ['get /a', 'post /b']],
    ['app.get(/^\\/files\\/.*/, handle);', ['get /files/*']],
    ["const r = Router(); r.get('/x', handle); app.use('/r', r);", ['get /r/x']],
    [
      "const r = express.Router({ mergeParams: true }); r.get('/', handle); app.use('/r', auth, r);",
      ['get /r'],
    ],
    [
      "const make = () => { const r = Router(); r.get('/x', handle); return r; }; app.use('/made', make());",
      ['get /made/x'],
    ],
    [
      "class Users { router = Router(); constructor() { this.router.get('/', this.list); } list() {} } app.use('/users', new Users().router);",
      ['get /users'],
    ],
    [
      "class Server { private app = express(); start() { this.app.get('/ready', handle); } } new Server().start();",
      ['get /ready'],
    ],
    [
      "for (const [path, handler] of Object.entries({ '/a': handle, '/b': handle })) app.get(path, handler);",
      ['get /a', 'get /b'],
    ],
    [
      "const all = [{ path: '/a', router: one() }]; function one() { const r = Router(); r.get('/x', handle); return r; } all.forEach(({ path, router }) => app.use(path, router));",
      ['get /a/x'],
    ],
    [
      "function add(target: any, base: string) { target.get(`${base}/x`, handle); } add(app, '/p'); add(app, '/q');",
      ['get /p/x', 'get /q/x'],
    ],
    ["const sub = express(); sub.get('/x', handle); app.use('/sub', sub);", ['get /sub/x']],
    [
      "if (process.env.NODE_ENV === 'development') app.get('/dev', handle); else app.get('/prod', handle);",
      ['get /prod'],
    ],
    ["if (app.get('env') !== 'production') { app.get('/dev', handle); }", []],
  ])('%s', (code, routes) => {
    expect(routesOf(inOne(code))).toEqual(routes);
  });

  test('on objects that are not routers are ignored, and so is text', () => {
    const { routes, unplaced } = inOne(`
      import axios from 'axios';
      const api = axios.create({ baseURL: 'https://example.com' });
      export const account = await api.get('/account');
      const cache = new Map(); cache.get('/cached');
      const help = \`app.get('/text', handler)\`;
      console.log(help); // app.get('/comment', handler)
      app.get('setting');
    `);
    expect([routes, unplaced]).toEqual([[], []]);
  });

  test('are found through modules, in CommonJS and with decorators beside them', () => {
    expect(
      routesOf(
        read({
          'server/index.js':
            "const express = require('express');\nconst app = express();\nrequire('./routes')(app);\napp.use('/users', require('./users'));\napp.use('/mail', require('./mail').router);",
          'server/routes.js': "module.exports = (app) => { app.get('/feed', (req, res) => res.end()); };",
          'server/users.js':
            "const router = require('express').Router();\nrouter.get('/:id', (req, res) => res.end());\nmodule.exports = router;",
          'server/mail.js':
            "const { Router } = require('express');\nconst router = Router();\nrouter.post('/send', (req, res) => res.end());\nexports.router = router;",
        }),
      ).sort(),
    ).toEqual(['get /feed', 'get /users/:id', 'post /mail/send']);
    expect(
      routesOf(
        read({
          'server/index.ts':
            "import express from 'express';\nimport { mount } from './barrel';\nconst app = express();\nmount(app);",
          'server/barrel.ts': "export * from './mount';",
          'server/mount.tsx':
            "import type { Express } from 'express';\nimport * as users from './users';\nimport { PATH as path } from '../shared/paths';\nexport function mount(app: Express) { app.use(path, users.default); }",
          'server/users.ts':
            "import { Router } from 'express';\nfunction logged(_: unknown, __: unknown) {}\nclass Controller { @logged list() {} }\nconst router = Router();\nrouter.get('/all', new Controller().list as never);\nexport default router;",
          'shared/paths.ts': "const base = '/people';\nexport const PATH = `${base}/v1`;",
        }),
      ),
    ).toEqual(['get /people/v1/all']);
  });

  test('that cannot be resolved are reported with their place', () => {
    const { unplaced } = inOne(`
      app.get(process.argv[2]!, handle);
      export const lost = Router();
      lost.get('/hidden', handle);
      console.log(lost);`);
    expect(unplaced).toEqual([
      {
        kind: 'route',
        place: 'server/index.ts:4',
        what: expect.stringContaining('put together at run time'),
      },
      { kind: 'router', place: 'server/index.ts:6', what: expect.stringContaining('/hidden') },
    ]);
  });

  test('tell if they need a login, query the database, serve files or render pages', () => {
    const reading = read({
      'server/index.ts': `import express from 'express';
        import fs from 'node:fs';
        import path from 'node:path';
        import { storage } from './storage';
        const app = express();
        app.get('/health', (req, res) => { res.end(); });
        app.get('/ready', async (req, res) => { res.json(await storage.count()); });
        app.get('/me', requireAuth, (req, res) => { res.end(); });
        app.use('/admin', isAdmin(), admin());
        app.use('/uploads', express.static(path.join(process.cwd(), 'uploads')));
        app.get('/view', (req, res) => { res.render('view'); });
        app.get('*', (req, res) => {
          const html = fs.readFileSync(path.resolve('dist/public', 'index.html'), 'utf8');
          res.send(html.replace('__TITLE__', req.path));
        });
        function admin() { const router = express.Router(); router.get('/users', (req, res) => { res.end(); }); return router; }`,
      'server/storage.ts': `import { Pool } from 'pg';
        const pool = new Pool();
        class Storage { async count() { return (await pool.query('SELECT 1')).rows; } }
        export const storage = new Storage();`,
    });
    const byPath = Object.fromEntries(reading.routes.map((route) => [route.path, route]));
    expect(byPath['/health']).toMatchObject({ needsLogin: false, queriesDatabase: false });
    expect(byPath['/ready']).toMatchObject({ queriesDatabase: true });
    expect(byPath['/me']).toMatchObject({ needsLogin: true });
    expect(byPath['/admin/users']).toMatchObject({ needsLogin: true });
    expect(byPath['/uploads']).toMatchObject({ serves: 'uploads' });
    expect(byPath['/view']).toMatchObject({ page: 'rendered' });
    expect(byPath['/*']).toMatchObject({ page: 'rendered' });
  });
});

describe('where the server listens', () => {
  test.each([
    ['app.listen(5000);', { port: 5000 }],
    [
      "app.listen(parseInt(process.env.PORT || '5001', 10), 'localhost');",
      { port: 5001, portVariable: 'PORT', host: 'localhost' },
    ],
    [
      'const config = { server: { port: Number(process.env.PORT) || 5002 } }; app.listen(config.server.port);',
      { port: 5002, portVariable: 'PORT' },
    ],
    [
      "import http from 'http'; const server = http.createServer(app); server.listen({ port: 5003, host: process.env.HOST ?? '127.0.0.1' });",
      { port: 5003, host: '127.0.0.1', hostVariable: 'HOST' },
    ],
    [
      "const env = (name: string, fallback: string) => process.env[name] ?? fallback; app.listen(Number(env('PORT', '5004')));",
      { port: 5004, portVariable: 'PORT' },
    ],
    [
      "app.set('port', process.env.PORT || 5005); app.listen(app.get('port'));",
      { port: 5005, portVariable: 'PORT' },
    ],
    ["import ViteExpress from 'vite-express'; ViteExpress.listen(app, 5006);", { port: 5006 }],
    [
      "async function make() { return app; } const server = await make(); server.listen(process.env.NODE_ENV === 'production' ? 5007 : 1);",
      { port: 5007 },
    ],
    ['const text = `process.env.PORT || 80`; console.log(text); app.listen(5008);', { port: 5008 }],
    [
      "const secret = process.env.SESSION_SECRET; if (!secret && process.env.NODE_ENV === 'production') throw new Error('no secret'); app.listen(5009);",
      { port: 5009 },
    ],
    ["if (process.argv.includes('--check') && true) process.exit(0); app.listen(5010);", { port: 5010 }],
    [
      "function start() { if (app.locals.started && process.env.NODE_ENV === 'production') return; app.listen(5011); } start();",
      { port: 5011 },
    ],
  ])('%s', (code, listening) => {
    expect(inOne(code).listening).toEqual([
      { place: expect.stringMatching(/^server\/index.ts:/), ...listening },
    ]);
  });

  test('is reported if it differs in production, or cannot be known', () => {
    expect(inOne("if (process.env.NODE_ENV !== 'production') app.listen(3000);")).toMatchObject({
      listening: [],
      listensElsewhere: 'server/index.ts:3',
    });
    expect(
      inOne("if (process.argv[2] && process.env.NODE_ENV !== 'production') app.listen(3000);"),
    ).toMatchObject({ listening: [], listensElsewhere: 'server/index.ts:3' });
    expect(inOne('app.listen(Number(process.argv[2]));').unplaced).toMatchObject([
      { kind: 'port', place: 'server/index.ts:3' },
    ]);
  });
});

test('WebSockets are found by library and path', () => {
  const { webSockets } = inOne(`
    import { WebSocketServer } from 'ws';
    import { Server } from 'socket.io';
    import http from 'node:http';
    const server = http.createServer(app);
    const PATH = '/live';
    new WebSocketServer({ server, path: PATH });
    new WebSocketServer({ server });
    new WebSocketServer({ port: 8081 });
    new Server(server, { path: '/chat', transports: ['websocket'] });
    new Server(server);
    const wss = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request) => {
      const { pathname } = new URL(request.url!, 'http://x');
      if (pathname === '/events') wss.emit('connection');
      else if (pathname.startsWith('/rooms/')) wss.emit('connection');
    });`);
  expect(
    webSockets.map(({ library, path, ownPort, polls }) => [
      library,
      path ?? (ownPort ? 'own port' : 'every'),
      ...(polls ? ['polls'] : []),
    ]),
  ).toEqual([
    ['ws', '/live'],
    ['ws', 'every'],
    ['ws', 'own port'],
    ['socket.io', '/chat'],
    ['socket.io', '/socket.io', 'polls'],
    ['ws', '/events'],
    ['ws', '/rooms/*'],
  ]);
});

test('finds WebSocket addresses and the paths that lead to them', () => {
  const found = [
    { library: 'ws', path: '/ws', place: '' },
    { library: 'ws', path: '/rooms/*', place: '' },
    { library: 'ws', place: '' },
    { library: 'ws', path: '/other', ownPort: true, place: '' },
    { library: 'socket.io', path: '/socket.io', place: '' },
    { library: 'sockjs', path: '/echo', place: '' },
  ] as const;
  const webSockets = decideWebSockets(found, ['/live', '/chat/socket.io/']);
  expect(webSocketAddresses([{ library: 'ws', place: '' }], ['/*'])).toEqual(['/']);
  expect(webSocketAddresses(webSockets, ['/api/*'])).toEqual([
    '/chat/socket.io/?EIO=4&transport=websocket',
    '/echo/websocket',
    '/live',
    '/socket.io/?EIO=4&transport=websocket',
    '/ws',
  ]);
  expect(decidePaths({ routes: [], webSockets, unplaced: [] }, 'dist', () => false).paths).toEqual([
    '/api',
    '/api/*',
    '/chat/socket.io/*',
    '/echo/*',
    '/live',
    '/rooms/*',
    '/socket.io/*',
    '/ws',
  ]);
});

test('programs that the image lacks are found, through constants and packages', () => {
  const { programs } = inOne(`
    import { execFile, spawn } from 'node:child_process';
    import { promisify } from 'node:util';
    import puppeteer from 'puppeteer';
    import ffmpeg from 'fluent-ffmpeg';
    const run = promisify(execFile);
    const python = process.platform === 'win32' ? 'python' : 'python3';
    app.post('/api/run', async () => {
      spawn(python, ['x.py']);
      await run('/usr/bin/git', ['log']);
      spawn('node', ['worker.js']);
      spawn(process.execPath, ['worker.js']);
      spawn('./own.sh');
      await puppeteer.launch();
      ffmpeg('x');
    });`);
  expect(programs.map(({ name }) => name)).toEqual(['python3', 'git', 'chromium', 'ffmpeg']);
});

test('finds work and state that each task keeps for itself', () => {
  const { oncePerTask } = inOne(`
    import cron from 'node-cron';
    import rateLimit from 'express-rate-limit';
    import { Server } from 'socket.io';
    import { Pool } from 'pg';
    const pool = new Pool();
    class MemStorage {}
    export const storage = new MemStorage();
    cron.schedule('0 3 * * *', () => pool.query('DELETE FROM x'));
    setInterval(() => { void pool.query('SELECT 1'); }, 60_000);
    setInterval(() => console.log('alive'), 1000);
    app.use(rateLimit({ max: 5 }));
    app.use(rateLimit({ max: 5, store: shared() }));
    const io = new Server(); io.emit('news', 1); io.to('room').emit('news', 2);
    app.get('/api/x', (req, res) => { res.json(storage); });`);
  expect(oncePerTask.map(({ kind, what }) => `${kind} ${what}`).sort()).toEqual([
    'broadcast socket.io',
    'interval every 60 s',
    'rate-limiter express-rate-limit',
    'schedule node-cron',
    'storage MemStorage',
  ]);
});

test('sizes of pools, drivers and changes of the schema are found', () => {
  const reading = inOne(`
    import { Pool } from 'pg';
    import postgres from 'postgres';
    import { migrate } from 'drizzle-orm/node-postgres/migrator';
    const max = 200;
    const pool = new Pool({ connectionString: process.env.DATABASE_URL, max });
    postgres(process.env.DATABASE_URL!, { max: Number(process.env.DATABASE_POOL_SIZE ?? 5) });
    await pool.query(\`CREATE TABLE IF NOT EXISTS sessions (sid text)\`);
    await migrate(pool as never, { migrationsFolder: 'x' });
    console.log('Run CREATE TABLE by hand');`);
  expect(reading.pools).toMatchObject([
    { library: 'pg', size: 200 },
    { library: 'postgres', size: 5, sizeVariable: 'DATABASE_POOL_SIZE' },
  ]);
  expect(reading.drivers).toEqual({ postgres: 'pg' });
  expect(reading.schemaChanges.map(({ by, what }) => [by, what])).toEqual([
    ['migrator', 'drizzle-orm/node-postgres/migrator'],
    ['statement', 'CREATE TABLE'],
  ]);
});

describe('the policy of the server itself', () => {
  test('comes from helmet, with its defaults for unset directives', () => {
    expect(
      inOne(
        "import helmet from 'helmet'; const cdn = 'https://cdn.example.com'; app.use(helmet({ contentSecurityPolicy: { directives: { scriptSrc: [\"'self'\", cdn], 'img-src': ['*'], upgradeInsecureRequests: null } } }));",
      ).policy,
    ).toMatchObject({
      by: 'helmet',
      directives: {
        'script-src': ["'self'", 'https://cdn.example.com'],
        'img-src': ['*'],
        'object-src': ["'none'"],
      },
    });
    expect(inOne("import helmet from 'helmet'; app.use(helmet());").policy?.directives['style-src']).toEqual([
      "'self'",
      'https:',
      "'unsafe-inline'",
    ]);
    expect(
      inOne("import helmet from 'helmet'; app.use(helmet({ contentSecurityPolicy: false }));").policy,
    ).toMatchObject({
      off: true,
    });
  });
  test('comes from a header', () => {
    expect(
      inOne(
        "app.use((req, res, next) => { res.setHeader('Content-Security-Policy', \"default-src 'self'; img-src * data:\"); next(); });",
      ).policy,
    ).toMatchObject({ by: 'header', directives: { 'default-src': ["'self'"], 'img-src': ['*', 'data:'] } });
  });
});

test.each([
  [
    "app.use((req, res, next) => { if (!req.secure) return res.redirect('https://' + req.headers.host + req.url); next(); });",
    true,
  ],
  [
    "app.use((req, res, next) => { if (req.header('x-forwarded-proto') !== 'https') res.redirect(`https://${req.hostname}${req.url}`); else next(); });",
    true,
  ],
  ["import { HTTPS } from 'express-sslify'; app.use(HTTPS({ trustProtoHeader: true }));", true],
  ["app.get('/login', (req, res) => { res.redirect('https://id.example.com/authorize'); });", false],
])('a redirect to https is distinguished from other redirects: %s', (code, redirects) => {
  expect(inOne(code).httpsRedirect !== undefined).toBe(redirects);
});

describe('code that is hard to read', () => {
  test('is skipped if it cannot be parsed, refers to itself, or is very deep', () => {
    const deep = `${'('.repeat(3000)}1${')'.repeat(3000)}`;
    const long = Array.from({ length: 4000 }, (_, index) => `'${index}'`).join(' + ');
    const reading = read({
      'server/index.js': `import express from 'express';
        import './deep.js'; import './long.js'; import './circle.js';
        let a = { ...a, b }; let b = { ...b, a };
        const f = (x) => f(x); const g = () => h(); const h = () => g();
        const app = express(); app.get(f('/x'), g()); app.get(a.b.a.b, h); app.listen(3000);`,
      'server/deep.js': `console.log(${deep});`,
      'server/long.js': `console.log(${long});`,
      'server/circle.js':
        "export const x = 1; export * from './circle.js'; import { x as y } from './circle.js'; console.log(y);",
    });
    expect(reading.listening).toMatchObject([{ port: 3000 }]);
    expect(reading.unplaced.filter(({ kind }) => kind === 'route')).toHaveLength(2);
  });
});

test.each([
  ["app.get('/a', (req, res) => res.json(req.headers['x_api_key']));", ['x_api_key']],
  ["app.get('/a', (request, res) => res.json(request.get('client_id')));", ['client_id']],
  ["app.get('/a', (req, res) => res.json(req.headers['x-api-key']));", []],
  ["app.get('/a', (req, res) => res.json(req.app.get('view_engine')));", []],
  ["app.get('/a', (req, res) => res.json(req.body['user_name']));", []],
])('headers that the load balancer drops: %s', (code, names) => {
  expect(inOne(code).droppedHeaders.map(({ name }) => name)).toEqual(names);
});

describe('built files that the server loads at run time', () => {
  const fs =
    "import fs from 'node:fs'; import path from 'node:path'; import { pathToFileURL } from 'node:url';";
  test.each([
    [
      "const entry = './server/entry-server.js'; await import(entry);",
      'dist/server/entry-server.js',
      'module',
    ],
    [
      "await import(pathToFileURL(path.resolve('dist/server/entry-server.js')).href);",
      'dist/server/entry-server.js',
      'module',
    ],
    [
      "const url = new URL('../dist/ssr/main.mjs', import.meta.url); await import(url.href);",
      'dist/ssr/main.mjs',
      'module',
    ],
    [
      "const dir = path.join(process.cwd(), 'build'); fs.readFileSync(path.join(dir, 'mail/welcome.html'));",
      'build/mail/welcome.html',
      'file',
    ],
  ])('%s', (code, path, kind) => {
    expect(inOne(`${fs}\n${code}`).builtReads).toMatchObject([{ path, kind, asked: false }]);
  });

  test('do not include packages that code imports lazily', () => {
    const code =
      "const name = 'express'; await import(name); await import('multer'); await import('node:fs');";
    expect(inOne(`const { promisify } = await import('util'); ${code}`).builtReads).toEqual([]);
  });

  test('cause a warning with their place and build script, unless the release contains them', () => {
    const { builtReads } = inOne(
      `${fs}\nconst entry = path.resolve('dist/server/entry-server.js');\nawait import(entry);\nif (fs.existsSync('dist/version.json')) fs.readFileSync('dist/version.json');\nfs.readFileSync('views/a.html');`,
    );
    const manifest = {
      scripts: { 'build:ssr': 'vite build --ssr client/src/entry-server.tsx --outDir dist/server' },
    };
    const warned = (has: (path: string) => boolean) =>
      missingFileWarnings(builtReads, { manifest, files: ['views'], has });
    expect(warned(() => false)).toMatchObject([
      {
        severity: 'danger',
        place: 'server/index.ts:5',
        what: expect.stringContaining('imports dist/server/entry-server.js'),
        why: expect.stringContaining('build:ssr'),
        fix: [
          'run `npm run build:ssr` before each build of the release',
          "set application.server.files: ['views','dist/server']",
        ],
      },
      { severity: 'caution', what: expect.stringContaining('reads dist/version.json') },
    ]);
    expect(warned(() => true)).toEqual([]);
  });
});
