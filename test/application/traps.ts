import { expect, vi } from 'vitest';
import type { ApplicationConfig } from '../../lib/application/application-config';
import { type Differences, editedOf } from './support';

/** The parts of the templates that depend on the application. */
export interface Deployed {
  readonly port: number;
  readonly healthPath: string;
  /** CloudFront path patterns that go to the server. */
  readonly paths: readonly string[];
  /** Secrets of a task, in addition to those of the database. */
  readonly secrets: readonly string[];
  /** How many secrets must have a value before anything starts. */
  readonly awaited: number;
  /** Folders with a writable mount, in addition to /tmp. */
  readonly writable: readonly string[];
  readonly migrations: 'journal' | 'baseline' | 'none';
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the application answers
  readonly json: any;
}

/** A running application, and helpers for its requests. */
export interface Asked {
  /** Sends a request as CloudFront and the load balancer pass on a viewer's, who claims to be 6.6.6.6. */
  send(
    path: string,
    init?: { readonly data?: object; readonly headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Asks the database as its owner. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Ends the server as ECS does, and starts the next. */
  restart(): Promise<void>;
  /** Ends the server as ECS does; says its exit code. */
  stop(): Promise<number | null>;
  /** Returns the output of the server so far. */
  output(): string;
  /** Path → contents or undefined, of the release's folder. */
  file(path: string): string | undefined;
}

/** An application that differs from one by the book in one thing that real ones do. */
export interface Trap {
  readonly name: string;
  /** True if other traps show the same in part, so that only `TRAPS=similar` tries it. @default false */
  readonly similar?: boolean;
  /** @param port a free one */
  readonly differences?: (port: number) => Differences;
  readonly config?: (port: number) => ApplicationConfig;
  /** All that is warned of, in order. @default nothing */
  readonly warnings?: readonly RegExp[];
  /** The differences from the templates of the plain application. */
  readonly deployed?: (port: number) => Partial<Deployed>;
  /** How many connections to the database are refused before one is let through. @default 0 */
  readonly refusals?: number;
  /** Shows that the trap was overcome. */
  readonly ask?: (app: Asked) => Promise<void>;
}

const patience = { timeout: 60_000, interval: 50 };

type Manifest = Record<string, Record<string, string>>;

function manifest(change: (manifest: Manifest) => void): Differences {
  const value = JSON.parse(editedOf('plain', 'package.json')) as Manifest;
  change(value);
  return { 'package.json': JSON.stringify(value, undefined, 2) };
}

const withServerDependency = (name: string, version: string) =>
  manifest(({ serverDependencies, devDependencies }) => {
    serverDependencies![name] = version;
    devDependencies![name] = version;
  });

/** `server/extra.ts`, with the body of its function. */
const extra = (imports: string, body: string): Differences => ({
  'server/extra.ts': `${imports}\nimport type { Express } from 'express';\n\nexport function extra(app: Express): void {\n${body}\n}\n`,
});

const index = (...replacements: [from: string, to: string][]): Differences => ({
  'server/index.ts': editedOf('plain', 'server/index.ts', ...replacements),
});

const session = (options: string) => `
  app.use(session({ secret: process.env.SESSION_SECRET!, resave: false, saveUninitialized: false,
    cookie: { secure: process.env.NODE_ENV === 'production', maxAge: 60_000 }, ${options} }));
  app.post('/api/login', (req, res) => {
    Object.assign(req.session, { user: req.body.name });
    res.json({});
  });
  app.get('/api/me', (req, res) => {
    res.json({ user: (req.session as { user?: string }).user ?? null, ip: req.ip, protocol: req.protocol });
  });`;

async function signIn({ send }: Asked): Promise<string> {
  const { headers } = await send('/api/login', { data: { name: 'Ada' } });
  const cookie = headers.get('set-cookie')!;
  expect(cookie).toMatch(/; Secure/);
  return cookie.split(';')[0]!;
}

const documented = (...names: string[]): Differences => ({
  '.env.example': `${editedOf('plain', '.env.example')}${names.map((name) => `${name}=\n`).join('')}`,
});

export const traps: readonly Trap[] = [
  {
    name: 'nothing of the kind, and SIGTERM under load loses no request',
    differences: () =>
      extra(
        "import { setTimeout } from 'timers/promises';\nimport { pool } from './db';",
        `let waiting = 0;
        app.get('/api/wait', async (_req, res) => {
          waiting++;
          while (!(await pool.query("SELECT 1 FROM notes WHERE text = 'go on'")).rowCount) await setTimeout(50);
          res.json({});
        });
        app.get('/api/waiting', (_req, res) => { res.json(waiting); });`,
      ),
    async ask({ send, stop, query, output, file }) {
      expect(file('image/dist/public/index.html')).toBeUndefined();
      // More than its pool has connections.
      const answers = Array.from({ length: 15 }, () => send('/api/wait'));
      await vi.waitFor(async () => expect((await send('/api/waiting')).json).toBe(15), patience);
      const code = stop();
      await vi.waitFor(() => expect(output()).toContain('"event":"server.ending","inFlight":15'), patience);
      await query("INSERT INTO notes (text) VALUES ('go on')");
      for (const { status, headers } of await Promise.all(answers))
        expect([status, headers.get('connection')]).toEqual([200, 'close']);
      expect(await code).toBe(0);
    },
  },
  {
    name: 'one flat list of dependencies',
    differences: () =>
      manifest((value) => {
        value['dependencies'] = {
          ...value['dependencies'],
          ...value['serverDependencies'],
          ...value['devDependencies'],
          react: '19.3.1',
          'react-dom': '19.3.1',
        };
        for (const group of ['clientDependencies', 'serverDependencies', 'devDependencies'])
          delete value[group];
      }),
    warnings: [/^package.json: client and server dependencies are not separated \(§4.2\)/],
    async ask({ file }) {
      expect(Object.keys(JSON.parse(file('image/package.json')!).dependencies)).toEqual([
        'drizzle-orm',
        'express',
      ]);
      expect(file('image/package-lock.json')).not.toMatch(
        /node_modules\/(vite|react|drizzle-kit|typescript)"/,
      );
    },
  },
  {
    name: 'a native module (bcrypt)',
    differences: () => ({
      ...withServerDependency('bcrypt', '6.0.0'),
      ...extra(
        "import bcrypt from 'bcrypt';",
        `app.post('/api/password', async (req, res) => {
          const hash = await bcrypt.hash(req.body.password, 4);
          res.json({ hash, same: await bcrypt.compare(req.body.again, hash) });
        });`,
      ),
    }),
    async ask({ send, file }) {
      const same = async (again: string) =>
        (await send('/api/password', { data: { password: 'sesame', again } })).json;
      expect(await same('sesame')).toEqual({ hash: expect.stringMatching(/^\$2b\$04\$/), same: true });
      expect(await same('open')).toMatchObject({ same: false });
      // Not this machine's binary: it is installed on the image's platform, in a stage that has compilers.
      expect(JSON.parse(file('image/package-lock.json')!).packages['node_modules/bcrypt']).toMatchObject({
        version: '6.0.0',
        hasInstallScript: true,
      });
      expect(file('image/Dockerfile')).toMatch(/bookworm AS dependencies[\s\S]*npm ci --omit=dev/);
      expect(file('image/.dockerignore')).toMatch(/^node_modules$/m);
    },
  },
  {
    name: 'the port fixed in code',
    differences: (port) =>
      index(
        ['app.listen(Number(process.env.PORT || 3000));', ''],
        [
          'extra(app);',
          `extra(app);\nconst port = ${port};\napp.listen({ port, host: '0.0.0.0', reusePort: true });`,
        ],
      ),
    deployed: (port) => ({ port }),
  },
  {
    name: 'a port that only the configuration says',
    similar: true,
    differences: (port) => index(['process.env.PORT || 3000', `process.argv[2] || ${port}`]),
    config: (port) => ({ server: { port } }),
    deployed: (port) => ({ port }),
  },
  {
    name: 'no health route',
    differences: () => index(["app.get('/api/health'", "app.get('/api/about'"]),
    deployed: () => ({ healthPath: '/__health' }),
    async ask({ send }) {
      expect(await send('/__health')).toMatchObject({ status: 200, json: { status: 'ok' } });
      expect(await send('/api/health')).toMatchObject({ status: 404 });
    },
  },
  {
    name: 'a schema that is pushed, and no migrations',
    differences: () => ({ migrations: null }),
    warnings: [/^drizzle.config.ts: the schema is pushed.*npx drizzle-kit generate/],
    deployed: () => ({ migrations: 'baseline' }),
    async ask({ query, file }) {
      expect(file('image/migrations/baseline.sql')).toContain('CREATE TABLE "notes"');
      expect(await query('SELECT count(*)::int AS n FROM framework53.baseline')).toEqual([{ n: 1 }]);
    },
  },
  {
    name: 'a server that serves dist/public itself',
    differences: () =>
      extra(
        "import fs from 'fs';\nimport path from 'path';\nimport express from 'express';",
        `const folder = path.resolve(__dirname, 'public');
        if (!fs.existsSync(folder)) throw new Error('build the client first');
        app.use(express.static(folder));
        app.use('/{*path}', (_req, res) => { res.sendFile(path.resolve(folder, 'index.html')); });`,
      ),
    async ask({ send, file }) {
      const page = await send('/somewhere/else');
      expect(page).toMatchObject({ status: 200, text: file('client/index.html') });
      const script = /src="(\/assets\/[^"]+)"/.exec(page.text)![1]!;
      expect((await send(script)).headers.get('content-type')).toContain('javascript');
    },
  },
  {
    name: 'neon() over HTTP beside Pool, and a database that refuses connections at first',
    differences: () =>
      extra(
        "import { neon, neonConfig } from '@neondatabase/serverless';\nimport { drizzle } from 'drizzle-orm/neon-http';\nimport ws from 'ws';\nimport { notes } from '../shared/schema';\nimport { pool } from './db';",
        `neonConfig.webSocketConstructor = ws;
        const sql = neon(process.env.DATABASE_URL!);
        const http = drizzle(sql);
        app.get('/api/both', async (_req, res) => {
          const [template] = await sql\`SELECT \${7}::int AS seven\`;
          const [row] = await sql.query('SELECT $1::text AS text', ['x']);
          const [[pooled], [inserted]] = await Promise.all([
            pool.query('SELECT 8 AS eight').then(({ rows }) => rows),
            http.insert(notes).values({ text: 'over HTTP' }).returning(),
          ]);
          res.json({ ...template, ...row, ...pooled, inserted: inserted!.text });
        });`,
      ),
    refusals: 3,
    async ask({ send, file }) {
      const { json } = await send('/api/both');
      expect(json).toEqual({ seven: 7, text: 'x', eight: 8, inserted: 'over HTTP' });
      expect(file('image/package.json')).not.toMatch(/neondatabase|"ws"/);
    },
  },
  {
    name: "Replit's plugins in Vite's configuration",
    differences: () => ({
      'vite.config.ts': `import path from 'path';
        import { defineConfig } from 'vite';
        import runtimeErrorOverlay from '@replit/vite-plugin-runtime-error-modal';
        export default defineConfig({
          plugins: [
            runtimeErrorOverlay(),
            ...(process.env.NODE_ENV !== 'production' && process.env.REPL_ID !== undefined
              ? [await import('@replit/vite-plugin-cartographer').then((m) => m.cartographer())]
              : []),
          ],
          root: path.resolve(import.meta.dirname, 'client'),
          build: { outDir: path.resolve(import.meta.dirname, 'dist/public'), emptyOutDir: true },
        });`,
      'server/vite.ts': `import { createServer, createLogger } from 'vite';
        import viteConfig from '../vite.config';
        const logger = createLogger();
        export const setupVite = () => createServer({ ...viteConfig, configFile: false, customLogger: logger });`,
      ...extra(
        "import { setupVite } from './vite';",
        "if (app.get('env') === 'development') void setupVite();",
      ),
    }),
    async ask({ file }) {
      expect(file('client/index.html')).toMatch(/src="\/assets\/index-[\w-]+\.js"/);
      expect(file('client/index.html')).not.toMatch(/replit|error/i);
      expect(file('image/package-lock.json')).not.toMatch(/replit|node_modules\/vite"/);
    },
  },
  {
    name: 'no lockfile',
    differences: () => ({ 'package-lock.json': null }),
    warnings: [/^package-lock.json: is not there; .*run `npm install` and commit package-lock.json/],
    ask: anewLocked,
  },
  {
    name: 'a lockfile out of step',
    similar: true,
    differences: () => ({
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': { dependencies: { 'drizzle-orm': '0.45.4' }, devDependencies: { express: '4.21.2' } },
          'node_modules/drizzle-orm': { version: '0.45.4' },
          'node_modules/express': { version: '4.21.2' },
        },
      }),
    }),
    warnings: [/^package-lock.json: is out of step with package.json \(express: 5.3.0, locked for 4.21.2\)/],
    ask: anewLocked,
  },
  {
    name: 'files of 10 MB beside the source',
    similar: true,
    differences: () => ({ 'attached_assets/demo.mov': Buffer.alloc(12_000_000) }),
    warnings: [
      /^attached_assets\/demo.mov \(12 MB\): large files beside the sources; the image contains only the built server/,
    ],
    async ask({ file }) {
      expect(file('image/attached_assets/demo.mov')).toBeUndefined();
    },
  },
  {
    name: 'connect-pg-simple that makes its table at boot',
    differences: () => ({
      ...manifest(({ serverDependencies, devDependencies }) => {
        for (const group of [serverDependencies!, devDependencies!])
          Object.assign(group, { 'connect-pg-simple': '10.0.0', 'express-session': '1.19.0' });
      }),
      ...documented('SESSION_SECRET'),
      ...extra(
        "import connectPgSimple from 'connect-pg-simple';\nimport session from 'express-session';\nimport { pool } from './db';",
        session(
          "store: new (connectPgSimple(session))({ pool: pool as never, createTableIfMissing: true, tableName: 'logins' }),",
        ),
      ),
    }),
    deployed: () => ({ secrets: ['SESSION_SECRET'] }),
    async ask(app) {
      const cookie = await signIn(app);
      const me = async () => (await app.send('/api/me', { headers: { cookie } })).json;
      expect(await me()).toEqual({ user: 'Ada', ip: '203.0.113.7', protocol: 'https' });
      expect(await app.query('SELECT count(*)::int AS n FROM logins')).toEqual([{ n: 1 }]);
      await app.restart();
      expect(await me()).toMatchObject({ user: 'Ada' });
    },
  },
  {
    name: 'sessions in memory',
    differences: () => ({
      ...withServerDependency('express-session', '1.19.0'),
      ...documented('SESSION_SECRET'),
      ...extra("import session from 'express-session';", session('')),
    }),
    deployed: () => ({ secrets: ['SESSION_SECRET'] }),
    warnings: [/^server\/extra.ts:\d+: sessions are stored in memory; sessions are lost with every release/],
    async ask(app) {
      const cookie = await signIn(app);
      const me = async () => (await app.send('/api/me', { headers: { cookie } })).json;
      expect(await me()).toEqual({ user: 'Ada', ip: '203.0.113.7', protocol: 'https' });
      await app.restart();
      expect(await me()).toMatchObject({ user: null });
    },
  },
  {
    name: 'routes outside /api',
    differences: () => ({
      ...extra(
        "import { Router } from 'express';\nimport { uploads } from './uploads';",
        `const auth = Router();
        auth.get('/callback', (_req, res) => { res.redirect('/welcome'); });
        app.use('/auth', auth);
        app.use('/uploads', uploads);
        app.get('/sitemap.xml', (_req, res) => { res.type('xml').send('<urlset/>'); });`,
      ),
      'server/uploads.ts': `import { Router } from 'express';
        export const uploads = Router();
        uploads.get('/:name', (req, res) => { res.send(req.params.name); });`,
    }),
    deployed: () => ({ paths: ['/api', '/api/*', '/auth/*', '/sitemap.xml', '/uploads/*'] }),
    async ask({ send }) {
      expect((await send('/auth/callback')).headers.get('location')).toBe('/welcome');
      expect((await send('/uploads/a.png')).text).toBe('a.png');
      expect((await send('/sitemap.xml')).text).toBe('<urlset/>');
    },
  },
  {
    name: 'writes to the working directory',
    differences: () =>
      extra(
        "import fs from 'fs';\nimport path from 'path';\nimport express from 'express';",
        `const folder = path.join(process.cwd(), 'uploads');
        fs.mkdirSync(folder, { recursive: true });
        app.post('/api/files', (req, res) => { fs.writeFileSync(path.join(folder, 'a.txt'), req.body.text); res.json({}); });
        app.use('/uploads', express.static(folder));`,
      ),
    warnings: [
      /^server\/extra.ts:\d+: the server writes files \(uploads\); in production, the file system is read-only/,
    ],
    deployed: () => ({ paths: ['/api', '/api/*', '/uploads/*'], writable: ['/app/uploads'] }),
    async ask({ send, file }) {
      await send('/api/files', { data: { text: 'kept' } });
      expect((await send('/uploads/a.txt')).text).toBe('kept');
      expect(file('image/Dockerfile')).toMatch(
        /RUN mkdir -p \/app\/uploads && chown node:node \/app\/uploads/,
      );
    },
  },
  {
    name: "third parties' keys, of which it does without one",
    differences: () => ({
      ...documented('STRIPE_SECRET_KEY', 'SENDGRID_API_KEY'),
      ...extra(
        '',
        `const stripe = { key: process.env.STRIPE_SECRET_KEY! };
        const mail = process.env.SENDGRID_API_KEY ? { key: process.env.SENDGRID_API_KEY } : undefined;
        app.get('/api/keys', (_req, res) => { res.json({ stripe: stripe.key.length > 0, mail: Boolean(mail) }); });`,
      ),
    }),
    warnings: [/^SENDGRID_API_KEY \(server\/extra.ts:\d+\): the code can do without this variable/],
    deployed: () => ({ secrets: ['STRIPE_SECRET_KEY'], awaited: 1 }),
    async ask({ send }) {
      expect((await send('/api/keys')).json).toEqual({ stripe: true, mail: false });
    },
  },
];

async function anewLocked({ file }: Asked): Promise<void> {
  const { packages } = JSON.parse(file('image/package-lock.json')!);
  expect(packages['node_modules/express']).toMatchObject({
    version: '5.3.0',
    integrity: expect.stringMatching(/^sha512-/),
  });
}
