import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type ApplicationConfig, applicationSchema } from '../../lib/application/application-config';
import { readApplication } from '../../lib/application/read-application';
import { warningText } from '../../lib/application/warning';
import { type Differences, edited, guestbook, makeApplication, temporaryFolder } from './support';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function read(differences: Differences = {}, config: ApplicationConfig = {}) {
  folders.push(temporaryFolder());
  return readFolder(makeApplication(folders.at(-1)!, differences), config);
}

/** An application, its warnings as text. */
function readFolder(directory: string, config: ApplicationConfig = {}) {
  const application = readApplication(directory, config);
  return { ...application, warnings: application.warnings.map(warningText) };
}

function failure(differences: Differences = {}, config: ApplicationConfig = {}): string {
  try {
    read(differences, config);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ApplicationError' });
    return (error as Error).message;
  }
  throw new Error('it was read');
}

/** A server of a few lines; `app` listens already. */
const server = (lines: string, imports = '') => ({
  'server/index.ts': `import express from 'express';\n${imports}\nconst app = express();\n${lines}\napp.listen(process.env.PORT || 3000);\n`,
});

test('the guestbook causes no warning', () => {
  const application = readApplication(guestbook, {});
  expect(application).toMatchObject({
    name: 'guestbook',
    server: {
      entry: 'server/index.ts',
      port: { port: 8080, from: 'PORT' },
      health: { path: '/api/health', from: 'code', queriesDatabase: false },
      paths: ['/api', '/api/*', '/config.json'],
      servesClient: false,
      usesNeon: true,
      files: [],
      writes: [],
    },
    client: { viteConfig: 'vite.config.ts', root: 'client', outDir: 'dist/public' },
    migrations: { kind: 'journal', folder: 'migrations' },
    dependencies: { zod: 'shared', react: 'client', express: 'server', vite: 'development' },
    warnings: [],
  });
  expect(application.server).not.toHaveProperty('sessionTable');
  expect(application.variables.filter(({ kind }) => kind === 'generated')).toMatchObject([
    { name: 'SESSION_SECRET' },
  ]);
});

test('an application from a template is accepted, with warnings for its deviations', () => {
  const application = read();
  expect(application).toMatchObject({
    name: 'app',
    server: {
      port: { port: 5017, from: 'code' },
      health: { path: '/__health', from: 'preload' },
      paths: ['/api', '/api/*', '/auth/*'],
      servesClient: true,
      sessionTable: 'session',
    },
    client: { root: 'client', outDir: 'dist/public' },
    migrations: { kind: 'baseline' },
    dependencies: { express: 'server', react: 'client', vite: 'development' },
  });
  expect(application.warnings).toEqual([
    expect.stringMatching(/^drizzle.config.ts: the schema is pushed.*npx drizzle-kit generate/),
    expect.stringMatching(/^package.json: .*\(§4.2\)/),
    expect.stringMatching(/^.env.example: .*\(§5.2\)/),
  ]);
});

describe('the port', () => {
  const port = (listen: string) =>
    read({ 'server/index.ts': `import express from 'express';\nconst app = express();\n${listen}` }).server
      .port;
  test.each([
    ['app.listen(5000);', 5000, 'code'],
    ['const port: number = 5001; app.listen(port, () => {});', 5001, 'code'],
    ["const port = 5002; app.listen({ port, host: '0.0.0.0', reusePort: true });", 5002, 'code'],
    ["app.listen({ port: 5003, host: '0.0.0.0' });", 5003, 'code'],
    ["const port = parseInt(process.env.PORT || '5004', 10); app.listen(port);", 5004, 'PORT'],
    ['app.listen(Number(process.env["PORT"] ?? 5005));', 5005, 'PORT'],
    ['const { PORT = 5006 } = process.env; app.listen(PORT);', 5006, 'PORT'],
    ['// app.listen(1234)\nconst config = { port: 5007 }; app.listen(config.port);', 5007, 'code'],
  ])('%s', (listen, number, from) => {
    expect(port(listen)).toMatchObject({ port: number, from });
  });

  test('a configured port wins; without any port, reading fails and names the setting', () => {
    const unknown = {
      'server/index.ts': "import express from 'express';\nexpress().listen(Number(process.argv[2]));",
    };
    expect(failure(unknown)).toContain('application.server.port');
    expect(read(unknown, { server: { port: 4000 } }).server.port).toEqual({ port: 4000, from: 'config' });
  });
});

test('a server that listens on the loopback only causes a warning', () => {
  const host = (listen: string) =>
    read({ 'server/index.ts': `import express from 'express';\nexpress().${listen};` }).warnings.join();
  expect(host("listen(3000, 'localhost')")).toMatch(
    /server\/index.ts:2: the server listens on localhost, .* in the image, it listens on every address/,
  );
  expect(host("listen({ port: 3000, host: '127.0.0.1' })")).toContain('listens on 127.0.0.1, which');
  expect(host("listen(3000, '0.0.0.0', () => console.log('http://localhost:3000'))")).not.toContain(
    'listens on',
  );
});

test.each([
  ['20.x', '20'],
  ['^22.3.0', '22'],
  ['>=20', '24'],
  ['16', '24'],
])('Node.js %s in engines selects the image of %s', (node, version) => {
  const manifest = JSON.parse(edited('package.json')) as object;
  expect(
    read({ 'package.json': JSON.stringify({ ...manifest, engines: { node } }) }).server.nodeVersion,
  ).toBe(version);
});

describe('routes', () => {
  test('outside /api go to the server: mounted routers, files and sockets', () => {
    const { server: found, warnings } = read({
      ...server(
        `import('./extra');
        app.use('/auth', auth);
        app.use('/uploads', express.static('uploads'));
        app.use('/assets', express.static('dist/public/assets'));
        app.get('/sitemap.xml', (req, res) => { res.end(); });
        app.get(['/rss', '/feed/:kind'], (req, res) => { res.end(); });
        app.get('/', (req, res) => { res.end(); });
        app.get('*', (req, res) => { res.end(); });
        new WebSocketServer({ path: '/live' });`,
        `import { auth } from './auth';\nimport { WebSocketServer } from 'ws';`,
      ),
      'server/auth.ts': `import { Router } from 'express';
        import providers from './providers';
        export const auth = Router();
        auth.post('/login', () => {});
        auth.use('/with', providers);`,
      'server/providers.ts': `import express from 'express';
        const router = express.Router();
        router.get('/google', () => {});
        export default router;`,
      'server/extra.ts': 'export {};',
    });
    expect(found.paths).toEqual([
      '/api',
      '/api/*',
      '/auth/*',
      '/feed/*',
      '/live',
      '/rss',
      '/sitemap.xml',
      '/uploads/*',
    ]);
    expect(warnings.join()).not.toMatch(/mounted|parameter/);
  });

  test("cause a warning if they overlap the client's or their router is not mounted; configured ones win", () => {
    const files = {
      ...server(
        "app.get('/:code', (req, res) => { res.end(); }); console.log(lost);",
        "import { lost } from './lost';",
      ),
      'server/lost.ts':
        "import { Router } from 'express';\nexport const lost = Router();\nlost.get('/hidden', () => {});",
    };
    const warnings = read(files).warnings.join('\n');
    expect(warnings).toMatch(/server\/index.ts:4: the route \/:code .*application.server.paths/);
    expect(warnings).toMatch(/server\/lost.ts:3: no call of use\(\) was found that mounts this router/);
    const stated = read(files, { server: { paths: ['/api/*', '/s/*'] } });
    expect(stated.server.paths).toEqual(['/api/*', '/s/*']);
    expect(stated.warnings.join()).not.toContain('/:code');
  });
});

describe('the health path', () => {
  test.each([
    [
      "app.get('/healthz', (req, res) => { res.end(); }); app.get('/api/health', (req, res) => { res.end(); });",
      '/api/health',
      false,
    ],
    ["app.get('/ping', async (req, res) => { await db.execute('select 1'); res.end(); });", '/ping', true],
    ["app.get('/health', requireAuth, (req, res) => { res.end(); });", '/__health', false],
    ["app.get('/api/plugins/:id/health', (req, res) => { res.end(); });", '/__health', false],
    [
      "app.get('/api/:tenant/health', (req, res) => { res.end(); }); app.get('/api/ping', (req, res) => { res.end(); });",
      '/api/ping',
      false,
    ],
    [
      "// app.get('/health')\napp.get('/api/healthy-food', (req, res) => { res.end(); });",
      '/__health',
      false,
    ],
  ])('%s', (code, path, queriesDatabase) => {
    const { server: found, warnings } = read(server(code));
    expect(found.health).toMatchObject({ path, queriesDatabase });
    expect(warnings.join().includes('queries the database')).toBe(queriesDatabase);
  });

  test('a configured health path wins', () => {
    expect(read({}, { server: { healthPath: '/api/notes' } }).server.health).toMatchObject({
      path: '/api/notes',
      from: 'config',
    });
  });
});

describe('variables', () => {
  const kinds = (files: Differences, config: ApplicationConfig = {}) =>
    Object.fromEntries(
      read(files, config).variables.map(({ name, kind, optional }) => [name, optional ? `${kind}?` : kind]),
    );

  test('are found in every form of access, and classified', () => {
    const files = {
      ...server(
        `
        const { STRIPE_SECRET_KEY, MAIL_FROM = 'a@b.c' } = process.env;
        const env = process.env;
        console.log(process.env.SESSION_SECRET!, process.env['JWT_SECRET'], env.OPENAI_API_KEY, env.SENTRY_DSN);
        console.log(process.env.FEATURE ?? 'off', process.env.STRIPE_PUBLISHABLE_KEY, process.env.OPENAI_MAX_TOKENS);
        console.log(process.env.DATABASE_URL, process.env.PGHOST, process.env.NODE_ENV === 'production');
        // process.env.COMMENTED_SECRET
        if (!process.env.ADMIN_PASSWORD) throw new Error('set it');
        if (process.env.GITHUB_TOKEN) console.log('github');`,
        "import './env';",
      ),
      'server/env.ts': `import { z } from 'zod';
        export const env = z.object({
          PORT: z.coerce.number().default(3000),
          ENCRYPTION_KEY: z.string(),
          TWILIO_AUTH_TOKEN: z.string().optional(),
        }).parse(process.env);`,
      '.env.example': 'SENDGRID_API_KEY=\nVITE_API_KEY=x\nPLAIN=1\n',
    };
    expect(kinds(files)).toEqual({
      ADMIN_PASSWORD: 'provided',
      DATABASE_URL: 'platform',
      ENCRYPTION_KEY: 'generated',
      FEATURE: 'unset?',
      GITHUB_TOKEN: 'dispensable?',
      JWT_SECRET: 'generated',
      MAIL_FROM: 'unset?',
      NODE_ENV: 'platform?',
      OPENAI_API_KEY: 'provided',
      OPENAI_MAX_TOKENS: 'unset',
      PGHOST: 'platform',
      PORT: 'platform?',
      SENDGRID_API_KEY: 'provided',
      SENTRY_DSN: 'provided',
      SESSION_SECRET: 'generated',
      STRIPE_PUBLISHABLE_KEY: 'unset',
      STRIPE_SECRET_KEY: 'provided',
      TWILIO_AUTH_TOKEN: 'dispensable?',
    });
  });

  test('that only the example variables name are required, with a warning that tells the way out', () => {
    const example = { '.env.example': 'SENDGRID_API_KEY=\nMAILGUN_API_KEY=\nSESSION_SECRET=\n' };
    const text = (code: string) => read({ ...server(code), ...example }).warnings.join('\n');
    expect(text('')).toMatch(
      /^MAILGUN_API_KEY \(\.env\.example\), SENDGRID_API_KEY \(\.env\.example\): only the example .*→ if no library reads it, delete it/m,
    );
    expect(text('start(process.env.MAILGUN_API_KEY, process.env.SENDGRID_API_KEY);')).not.toContain(
      'only the example',
    );
  });

  test('are required if one module requires them; configured ones are passed on', () => {
    const files = {
      ...server('if (process.env.MAIL_API_KEY) start();', "import './mail';"),
      'server/mail.ts': 'export const mail = start(process.env.MAIL_API_KEY);',
    };
    expect(kinds(files)).toMatchObject({ MAIL_API_KEY: 'provided' });
    const optional = server('if (process.env.MAIL_API_KEY) start();');
    expect(read(optional).warnings.join('\n')).toMatch(
      /MAIL_API_KEY \(server\/index.ts:4\): the code can do without this variable.*application.secrets.MAIL_API_KEY to 'provided'.*framework53 secrets set MAIL_API_KEY/,
    );
    const stated = read(optional, { secrets: { MAIL_API_KEY: 'provided' } });
    expect(stated.variables).toMatchObject([{ name: 'MAIL_API_KEY', kind: 'provided' }, { name: 'PORT' }]);
    expect(stated.warnings.join()).not.toContain('MAIL_API_KEY');
  });

  test('keep configured values, and cause a warning without a value', () => {
    const files = server(
      'console.log(process.env.API_KEY, process.env.BASE_URL, process.env.POSTGRES_URL, process.env.REPLIT_DOMAINS);',
    );
    const { variables, warnings } = read(files, {
      secrets: { EXTRA: 'generated' },
      environment: { API_KEY: '' },
    });
    expect(variables.map(({ name, kind }) => [name, kind])).toContainEqual(['API_KEY', 'constant']);
    expect(variables.map(({ name, kind }) => [name, kind])).toContainEqual(['EXTRA', 'generated']);
    expect(warnings.join('\n')).toMatch(
      /BASE_URL \(server\/index.ts:4\): the server reads this variable, but it has no value/,
    );
    expect(variables).toContainEqual(expect.objectContaining({ name: 'POSTGRES_URL', kind: 'database' }));
    expect(warnings.join('\n')).toMatch(/REPLIT_DOMAINS .*another host/);
  });
});

describe('warns of production hazards:', () => {
  const warned = (files: Differences) => read(files).warnings.join('\n');
  const session = (options: string) =>
    server(`app.use(session(${options}));`, "import session from 'express-session';");

  test('sessions in memory', () => {
    expect(warned(session("{ secret: 'x' }"))).toMatch(/server\/index.ts:4: sessions are stored in memory/);
    expect(
      warned(
        server(
          "new Store({}); app.use(session({ secret: 'x', store }));",
          "import session from 'express-session';\nimport createMemoryStore from 'memorystore';\nconst MemoryStore = createMemoryStore(session); const store = new MemoryStore({});",
        ),
      ),
    ).toMatch(/sessions are stored in memory/);
    expect(warned({})).not.toMatch(/sessions are kept/);
  });

  test('a secure cookie without a trusted proxy', () => {
    const cookie = "{ secret: 'x', cookie: { secure: process.env.NODE_ENV === 'production' } }";
    expect(warned(session(cookie))).toMatch(
      /server\/index.ts:4: the session cookie is secure, but Express trusts no proxy/,
    );
    expect(warned(session("{ secret: 'x', cookie: { secure: false } }"))).not.toMatch(/trusts no proxy/);
    expect(warned({})).not.toMatch(/trusts no proxy/);
  });

  test('written files, with the place in the code', () => {
    const files = server(
      "fs.mkdirSync('./uploads', { recursive: true }); fs.writeFileSync('/tmp/x', ''); fs.writeFileSync(path.join(os.tmpdir(), 'y'), '');",
      "import fs from 'node:fs';\nimport path from 'node:path';\nimport os from 'node:os';",
    );
    const { server: found, warnings } = read(files);
    expect(found.writes).toEqual(['uploads']);
    expect(warnings.join('\n')).toMatch(/server\/index.ts:6: the server writes files \(uploads\)/);
    const upload = server("app.use(multer({ dest: 'files/' }).any());", "import multer from 'multer';");
    expect(read(upload).server.writes).toEqual(['files']);
  });

  test.each([
    [
      "const folder = path.join(process.cwd(), 'uploads');",
      "fs.writeFileSync(path.join(folder, 'a.txt'), '');",
    ],
    ["const folder = './uploads';", 'fs.writeFileSync(`${folder}/${name}.txt`, "");'],
    ["const base = 'uploads'; const folder: string = path.resolve(base, 'x');", 'fs.mkdirSync(folder);'],
    ["import { folder } from './folder';", 'fs.mkdirSync(folder);'],
    [
      "import { fileURLToPath } from 'node:url'; const __dirname = path.dirname(fileURLToPath(import.meta.url));",
      "fs.mkdirSync(path.join(__dirname, '..', 'uploads'));",
    ],
    ["const folder = path.join(os.tmpdir(), 'x');", "fs.writeFileSync(path.join(folder, 'a.txt'), '');"],
  ])('a written folder with a name: %s %s', (declaration, write) => {
    const files = {
      ...server(write, `import fs from 'fs';\nimport path from 'path';\n${declaration}`),
      'server/folder.ts': "export const folder = 'uploads/x';",
    };
    expect(read(files).server.writes).toEqual(declaration.includes('tmpdir') ? [] : ['uploads']);
  });

  test('schema changes by the server', () => {
    expect(
      warned(server("pool.query('CREATE TABLE IF NOT EXISTS x (id int)');", 'declare const pool: any;')),
    ).toMatch(/changes the schema \(CREATE TABLE\)/);
    expect(
      warned(
        server(
          '',
          "import { migrate } from 'drizzle-orm/node-postgres/migrator';\nmigrate({} as never, { migrationsFolder: 'x' });",
        ),
      ),
    ).toMatch(/runs migrations itself/);
  });

  test('data in memory, and large files beside the source', () => {
    expect(
      warned(
        server(
          'console.log(storage);',
          'class MemStorage {}\nexport const storage: object = new MemStorage();',
        ),
      ),
    ).toMatch(/data is stored in memory/);
    const directory = makeApplication(folders[folders.push(temporaryFolder()) - 1]!);
    writeFileSync(join(directory, 'dump.bin'), Buffer.alloc(11_000_000));
    expect(readFolder(directory).warnings.join()).toContain('dump.bin (11 MB)');
  });
});

describe('files that the server reads', () => {
  const reading = server(
    "fs.readFileSync('prompts/system.txt'); fs.readFileSync(path.join(process.cwd(), 'data', 'seed.json')); fs.readdirSync(path.resolve(import.meta.dirname, '..', 'templates')); console.log('text/plain', 'a/b', './missing.txt', '.env');",
    "import fs from 'node:fs';\nimport path from 'node:path';",
  );
  const files = {
    ...reading,
    'prompts/system.txt': 'x',
    'data/seed.json': '[]',
    'templates/mail.html': 'x',
    '.env': 'A=1',
  };

  test('are found by their paths; configured ones win', () => {
    expect(read(files).server.files).toEqual(['data/seed.json', 'prompts/system.txt', 'templates']);
    expect(read(files, { server: { files: ['data'] } }).server.files).toEqual(['data']);
    expect(failure(files, { server: { files: ['nowhere'] } })).toContain('application.server.files');
  });

  test('are found by bare names that functions get as paths, also from migrate()', () => {
    const named = {
      ...server(
        "fs.readdirSync('templates'); app.use(express.static('public')); migrate({} as never, { migrationsFolder: 'drizzle' }); console.log('notes');",
        "import fs from 'node:fs';\nimport { migrate } from 'drizzle-orm/postgres-js/migrator';",
      ),
      ...Object.fromEntries(
        ['templates', 'public', 'drizzle', 'notes'].map((folder) => [`${folder}/file.txt`, 'x']),
      ),
    };
    expect(read(named).server.files).toEqual(['drizzle', 'public', 'templates']);
  });

  test('are left out if they are too large, with a warning', () => {
    const directory = makeApplication(folders[folders.push(temporaryFolder()) - 1]!, files);
    writeFileSync(join(directory, 'data', 'seed.json'), Buffer.alloc(11_000_000));
    const { server: found, warnings } = readFolder(directory);
    expect(found.files).not.toContain('data/seed.json');
    expect(warnings.join()).toMatch(/data\/seed.json: the server seems to read this path/);
  });
});

test('code after an emoji and a comment is read correctly', () => {
  const { server: found } = read(
    server(`console.log('🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀');
      // 🚀 app.get('/never', () => {});
      app.get('/feed', (req, res) => { res.end(); });`),
  );
  expect(found.paths).toEqual(['/api', '/api/*', '/feed']);
});

test.each([
  ['{ "name": ', 'is not valid JSON'],
  ['null', 'is not a JSON object'],
  ['[]', 'is not a JSON object'],
  ['{ "name": 5 }', 'name is 5, and must be a text'],
  ['{ "scripts": { "build": 5 } }', 'scripts.build is 5, and must be a text'],
  ['{ "dependencies": ["express"] }', 'dependencies is ["express"], and must be an object of texts'],
  ['{ "serverDependencies": null }', 'serverDependencies is null, and must be an object of texts'],
  ['{ "engines": { "node": 20 } }', 'engines.node is 20, and must be a text'],
])('fails for a package.json of %s and names it', (text, problem) => {
  const directory = makeApplication(folders[folders.push(temporaryFolder()) - 1]!);
  writeFileSync(join(directory, 'package.json'), text);
  expect(() => readApplication(directory, {})).toThrow(`package.json: ${problem}`);
});

test('a package.json with a byte order mark is read, as npm does', () => {
  expect(read({ 'package.json': `\uFEFF${edited('package.json')}`, 'package-lock.json': '{}' }).name).toBe(
    'app',
  );
});

test('folders with names of expected files are ignored or reported', () => {
  const folder = (file: string) => ({ [file]: null, [`${file}/x`]: '' });
  expect(failure({ ...folder('package.json'), 'package-lock.json': null })).toContain(
    'package.json: is a folder, not a file',
  );
  expect(failure(folder('server/index.ts'))).toContain('application.server.entry');
  expect(failure(folder('client/index.html'))).toContain('application.client.root');
  const { client, migrations, warnings } = read({
    ...server(''),
    ...folder('vite.config.ts'),
    ...folder('drizzle.config.ts'),
    ...folder('.env.example'),
  });
  expect([client.viteConfig, migrations.kind]).toEqual([undefined, 'none']);
  expect(warnings.join()).toContain('.env.example: the environment variables are not documented');
  expect(read({ migrations: 'a file' }).migrations.kind).toBe('baseline');
});

describe('migrations', () => {
  const journal = { 'migrations/meta/_journal.json': '{"entries":[]}' };
  test('come from drizzle-kit if it generated some', () => {
    expect(read(journal).migrations).toMatchObject({ kind: 'journal', folder: 'migrations', pushed: true });
    expect(
      read({ 'db/20260101_first/migration.sql': '' }, { migrations: { folder: 'db' } }).migrations,
    ).toMatchObject({ kind: 'journal', folder: 'db' });
  });
  test('follow the configured kind', () => {
    expect(read(journal, { migrations: { kind: 'baseline' } }).migrations.kind).toBe('baseline');
    expect(read(journal, { migrations: { kind: 'none' } }).migrations.kind).toBe('none');
    expect(read({ 'drizzle.config.ts': null }).migrations.kind).toBe('none');
  });
  test('are left out, with a warning, if no journal gives their order and a script pushes the schema', () => {
    const { migrations, warnings } = read({ 'migrations/0001_by_hand.sql': 'SELECT 1;' });
    expect(migrations.kind).toBe('baseline');
    expect(warnings).toContainEqual(
      expect.stringMatching(/^migrations\/0001_by_hand\.sql: .*_journal\.json.*the migrations are left out/),
    );
  });
  test('fails if configured migrations do not exist, and for another database', () => {
    expect(failure({}, { migrations: { folder: 'nowhere' } })).toMatch(
      /nowhere: .*\n.*application.migrations.folder/,
    );
    expect(failure({ 'drizzle.config.ts': edited('drizzle.config.ts', ['postgresql', 'mysql']) })).toContain(
      'the dialect is mysql',
    );
  });
  test.each([
    [
      '{"entries":[{"tag":"0000_first"},{"tag":"0001_second"}]}',
      'migrations/0001_second.sql: is missing, but migrations/meta/_journal.json lists it',
    ],
    ['<<<<<<< HEAD', 'migrations/meta/_journal.json: is not valid JSON'],
    ['{"entries":{}}', 'migrations/meta/_journal.json: is not a journal of drizzle-kit'],
    ['{"entries":[null]}', 'migrations/meta/_journal.json: is not a journal of drizzle-kit'],
  ])('fails on a journal of %s', (text, problem) => {
    const broken = { 'migrations/meta/_journal.json': text, 'migrations/0000_first.sql': '' };
    expect(failure(broken)).toContain(problem);
    expect(failure(broken, { migrations: { folder: 'migrations' } })).toContain(problem);
    expect(read(broken, { migrations: { kind: 'none' } }).migrations.kind).toBe('none');
  });
  test('fails on a folder of a migration without its SQL', () => {
    const files = { 'migrations/1_a/migration.sql': '', 'migrations/2_b/snapshot.json': '{}' };
    expect(failure(files)).toContain(
      'migrations/2_b/migration.sql: is missing, but its snapshot.json exists',
    );
  });
  test('fails on migrations without a journal, unless a script or the configuration pushes the schema', () => {
    const orphan = {
      'migrations/0000_first.sql': '',
      'package.json': edited('package.json', ['drizzle-kit push', 'drizzle-kit generate']),
    };
    expect(failure(orphan)).toMatch(
      /migrations\/0000_first.sql: .*meta\/_journal.json.*\n.*application.migrations.kind to baseline/,
    );
    expect(read(orphan, { migrations: { kind: 'baseline' } }).migrations.kind).toBe('baseline');
  });
});

describe("features that only Neon's driver has are reported with the place and a way out:", () => {
  test('a warning for transactions over HTTP, which throw on Neon too, whatever the database', () => {
    const { warnings } = read({
      ...server(
        'db.transaction(async () => {}); again.transaction(async () => {});',
        "import { db as again, db } from './http';",
      ),
      'server/http.ts':
        "import { drizzle } from 'drizzle-orm/neon-http';\nexport const db = drizzle(process.env.DATABASE_URL!);\n",
    });
    expect(warnings.join('\n')).toMatch(
      /server\/index.ts:4: db.transaction\(\): drizzle-orm\/neon-http has no interactive transactions.*drizzle-orm\/neon-serverless/,
    );
  });
  test('a failure for tokens that the Neon proxy checks', () => {
    expect(
      failure({
        'server/db.ts': edited('server/db.ts', [
          'neon(process.env.DATABASE_URL)',
          "neon(process.env.DATABASE_URL, { authToken: 'x' })",
        ]),
      }),
    ).toMatch(/server\/db.ts:\d+: authToken/);
  });
});

test('reports all missing parts at once', () => {
  const message = failure(
    { 'client/index.html': null, 'server/index.ts': null, 'vite.config.ts': null },
    { migrations: { folder: 'nowhere' } },
  );
  expect(message).toContain('application.client.root');
  expect(message).toContain('application.server.entry');
  expect(message).toContain('application.migrations.folder');
});

test('fails for a missing folder, a folder without an application, and a broken package.json', () => {
  expect(() => readApplication('/nowhere/at/all', {})).toThrow(/no such folder.*--app/s);
  expect(failure({ 'package.json': null, 'package-lock.json': null })).toMatch(
    /package.json: does not exist, so the folder is not an application/,
  );
});

test("resolves an alias that only Vite's configuration defines", () => {
  const application = read({ 'tsconfig.json': '{}' });
  expect(application.server.aliases).toEqual({ '@shared': './shared' });
  expect(application.server.sources).toContain('shared/schema.ts');
});

test('the JSON schema describes every key and rejects invalid values', () => {
  expect(
    applicationSchema.safeParse({
      name: 'x',
      secrets: { SESSION_SECRET: 'generated' },
      environment: { A: '' },
    }).success,
  ).toBe(true);
  for (const wrong of [
    { name: 'X' },
    { server: { port: 0 } },
    { server: { entry: '../x.ts' } },
    { server: { entry: '/x.ts' } },
    { server: { paths: ['api'] } },
    { server: { paths: ['/'] } },
    { server: { paths: ['/assets/*'] } },
    { server: { systemPackages: ['ffmpeg; rm'] } },
    { secrets: { lower: 'generated' } },
    { unknown: 1 },
  ])
    expect([wrong, applicationSchema.safeParse(wrong).success]).toEqual([wrong, false]);
});

describe('a workspace of packages', () => {
  const manifest = (content: object) => JSON.stringify({ name: 'x', ...content });
  const workspace = (marker: Differences) => ({
    ...marker,
    client: null,
    server: null,
    'packages/api/package.json': manifest({ dependencies: { express: '5', '@x/db': 'workspace:*' } }),
    'packages/web/package.json': manifest({ devDependencies: { vite: '8' } }),
    'packages/db/package.json': manifest({}),
  });

  const pnpm = { 'pnpm-workspace.yaml': 'packages: [packages/*]', 'package.json': manifest({}) };
  const npm = { 'package.json': manifest({ workspaces: ['packages/*'] }) };
  const page = { 'packages/web/index.html': '', 'packages/web/vite.config.ts': 'export default {};' };
  const other = {
    'packages/admin/package.json': manifest({ devDependencies: { vite: '8' } }),
    'packages/admin/index.html': '',
  };

  test.each([
    [
      pnpm,
      /workspace of 3 packages, with a server in packages\/api and no package with vite and an index.html/,
    ],
    [
      { ...npm, ...page, ...other },
      /a client in packages\/admin, packages\/web.*\n.*application.client.root/,
    ],
    [
      { ...npm, ...page, 'packages/jobs/package.json': manifest({ dependencies: { express: '5' } }) },
      /a server in packages\/api, packages\/jobs.*\n.*application.server.entry/,
    ],
  ])('is refused with one problem if its packages are ambiguous (%#)', (files, problem) => {
    const message = failure(workspace(files));
    expect(message).toMatch(problem);
    expect(message.match(/→/g)).toHaveLength(1);
  });

  test('uses the client and the server that the settings name', () => {
    const files = workspace({
      ...npm,
      ...page,
      ...other,
      'packages/api/src/index.ts':
        "import express from 'express'; express().listen(Number(process.env.PORT || 1));",
      'packages/web/src/main.ts': '',
    });
    const { client, server: found } = read(files, { client: { root: 'packages/admin' } });
    expect([found.entry, client.root]).toEqual(['packages/api/src/index.ts', 'packages/admin']);
  });
});

test('a server that renders pages gets all paths, unless its paths are configured', () => {
  const made = server(
    `app.use('*', (req, res) => { const page = fs.readFileSync('dist/public/index.html', 'utf8'); res.send(page.replace('TITLE', req.path)); });`,
    "import fs from 'fs';",
  );
  const { warnings, server: found } = read(made);
  expect(warnings.join('\n')).toMatch(
    /server\/index.ts:\d+: the server renders a page.*→ if the built page is sufficient, set the paths/,
  );
  expect(found).toMatchObject({ paths: ['/*'], servesClient: true, rendersPages: true });
  const stated = read(made, { server: { paths: ['/api/*', '/posts/*'] } });
  expect(stated.warnings.join('\n')).not.toMatch(/the server renders a page/);
  expect(stated.server).toMatchObject({ paths: ['/api/*', '/posts/*'], servesClient: true });
});

test("a pool above the connection budget causes a warning; the pool of Neon's driver is capped", () => {
  const pool = (from: string) =>
    read(server('new Pool({ max: 200 });', `import { Pool } from '${from}';`)).warnings.join();
  expect(pool('pg')).toMatch(/requests up to 200 connections in each task.*gets DATABASE_POOL_SIZE/);
  expect(pool('@neondatabase/serverless')).not.toMatch(/connections in each task/);
});

test('a program that the image contains causes no warning', () => {
  const runs = server("spawn('ffmpeg', []);", "import { spawn } from 'child_process';");
  expect(read(runs).warnings.join()).toMatch(/starts ffmpeg.*application.server.systemPackages/);
  expect(read(runs, { server: { systemPackages: ['ffmpeg'] } }).warnings.join()).not.toMatch(/ffmpeg/);
});

describe('the entry of the server', () => {
  const entryOf = (scripts: Record<string, string>, files: Differences) =>
    read({
      'package.json': JSON.stringify({ ...JSON.parse(edited('package.json')), scripts }),
      'server/index.ts': null,
      'src/boot.ts': "import express from 'express';\nexpress().listen(Number(process.env.PORT || 3000));",
      ...files,
    }).server.entry;

  test('is the file that a script bundles with esbuild', () => {
    const build =
      "import * as esbuild from 'esbuild';\nawait esbuild.build({ entryPoints: ['src/boot.ts'], bundle: true });";
    expect(entryOf({ 'api:build': 'node esbuild.mjs' }, { 'esbuild.mjs': build })).toBe('src/boot.ts');
    expect(entryOf({ build: 'tsx script/build.ts' }, { 'script/build.ts': build })).toBe('src/boot.ts');
  });

  test('is not the module that renders pages on the server', () => {
    const scripts = {
      'build:server': 'vite build --ssr src/entry-server.ts --outDir dist/server',
      serve: 'node src/boot.ts',
    };
    expect(entryOf(scripts, { 'src/entry-server.ts': 'export const render = () => "";' })).toBe(
      'src/boot.ts',
    );
  });
});

test.each([
  'new WebSocket(`${protocol}//${window.location.host}/live?user=${id}`);',
  'const address = `wss://${location.hostname}:${port}/live/`;\nnew ReconnectingWebSocket(address);',
  "new WebSocket(scheme + '://' + window.location.host + '/live');",
])('a WebSocket server that accepts every path gets the path of the client: %s', (code) => {
  const { server: found, warnings } = read({
    ...server(
      'const wss = new WebSocketServer({ noServer: true }); use(wss);',
      "import { WebSocketServer } from 'ws';",
    ),
    'client/src/live.ts': code,
  });
  expect([found.paths, found.webSockets]).toEqual([expect.arrayContaining(['/live']), ['/live']]);
  expect(warnings.join()).not.toContain('accepts every path');
});

test('a link to the own host is not the path of a WebSocket', () => {
  const code = 'new WebSocket(url); share(`${window.location.protocol}//${window.location.host}/invite`);';
  const { server: found, warnings } = read({
    ...server('use(new WebSocketServer({ noServer: true }));', "import { WebSocketServer } from 'ws';"),
    'client/src/live.ts': code,
  });
  expect(found.webSockets).toEqual([]);
  expect(warnings.join()).toContain('accepts every path');
});
