import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApplication } from '../../lib/application/build-application';
import { type Release, readRelease } from '../../lib/application/release';
import { sharedPostgres } from '../support/postgres';
import { edited, listing, makeApplication, migrate, portOfCode, runServer, temporaryFolder } from './support';

const folder = temporaryFolder();
const out = join(folder, 'out');
let app: string;
let release: Release;
let port: number;
const before: string[] = [];
const progress: string[] = [];

beforeAll(async () => {
  port = await portOfCode();
  app = makeApplication(folder, {
    'client/index.html': edited('client/index.html', [
      '</head>',
      '<link rel="icon" href="/lost%20icon.png" /><script src="/lost.js"></script></head>',
    ]),
    // Many applications define their own `require`, in addition to the one that the bundled driver needs.
    'server/index.ts': edited(
      'server/index.ts',
      [
        "import express from 'express';",
        "import { createRequire } from 'module';\nimport express from 'express';",
      ],
      ['const port = 5017', `const port = ${port}`],
      [
        'const app = express();',
        "const require = createRequire(import.meta.url);\nconst app = express();\nconsole.log(require('path').sep);",
      ],
    ),
  });
  before.push(...listing(app));
  release = await buildApplication({
    directory: app,
    out,
    config: {},
    progress: (line) => progress.push(line),
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an application with a pushed schema, a hard-coded port and no health route', () => {
  test('describes the release', () => {
    expect(release).toMatchObject({
      application: 'app',
      server: {
        port,
        healthPath: '/__health',
        paths: ['/api', '/api/*', '/auth/*'],
        command: ['node', '--enable-source-maps', '--import', '/app/preload.mjs', 'dist/index.js'],
        environment: { NODE_ENV: 'production', PORT: String(port), FRAMEWORK53_HEALTH_PATH: '/__health' },
        secrets: [{ name: 'SESSION_SECRET', kind: 'generated' }],
      },
      client: { manifest: '.vite/manifest.json' },
      migrations: { kind: 'baseline' },
    });
    expect(readRelease(out)).toEqual(release);
    expect(progress.at(-1)).toBe(`release: ${release.releaseId}`);
  });

  test('names the files that the page references and the release lacks', () => {
    expect(release.warnings.filter(({ rule }) => rule === 'page-file-missing')).toMatchObject([
      { severity: 'danger', what: expect.stringContaining('/lost.js') },
      { severity: 'caution', what: expect.stringContaining('/lost icon.png') },
    ]);
  });

  test('does not modify the application', () => {
    expect(listing(app)).toEqual(before);
  });

  test('puts only run-time files into the image: no sources, development tools or replaced driver', () => {
    const image = join(out, 'image');
    expect(readdirSync(image).sort()).toEqual([
      '.dockerignore',
      'Dockerfile',
      'dist',
      'migrate.mjs',
      'migrations',
      'package-lock.json',
      'package.json',
      'preload.mjs',
      'rds-ca.pem',
    ]);
    expect(existsSync(join(image, 'dist', 'public', 'index.html'))).toBe(true);
    expect(JSON.parse(readFileSync(join(image, 'package.json'), 'utf8')).dependencies).toEqual({
      'connect-pg-simple': '10.0.0',
      'drizzle-orm': '0.45.4',
      express: '5.3.0',
      'express-session': '1.19.0',
    });
    const server = readFileSync(join(image, 'dist', 'index.js'), 'utf8');
    expect(server).not.toMatch(/from\s*"(@neondatabase|vite|ws|pg)/);
    expect(readFileSync(join(image, 'dist', 'index.js.map'), 'utf8')).not.toContain('sourcesContent');
  });

  test('answers with real PostgreSQL, signs in with a secure cookie behind an ALB, and shuts down gracefully', async () => {
    const database = await (await sharedPostgres()).createDatabase();
    const environment = {
      DATABASE_URL: database.replace('postgres@', ''),
      PGUSER: 'postgres',
      SESSION_SECRET: 'x'.repeat(32),
    };
    expect(migrate(out, environment)).toMatchObject({ code: 0 });
    const server = await runServer(out, release, environment, join(app, 'node_modules'));
    try {
      const send = (path: string, init: RequestInit = {}) =>
        fetch(server.url + path, { redirect: 'manual', ...init });
      const json = { 'Content-Type': 'application/json' };
      const note = { text: 'a', tags: ['x', 'y'], weight: '1.50', details: { deep: [1, null] } };
      const created = await send('/api/notes', { method: 'POST', headers: json, body: JSON.stringify(note) });
      expect(created.status).toBe(201);
      expect(await (await send('/api/notes')).json()).toMatchObject([{ id: 1, ...note }]);
      expect(await (await send('/api/stats')).json()).toEqual({ count: 1, first: 'a' });
      expect(await (await send('/anything')).text()).toContain('<div id="root">');

      const proxied = {
        ...json,
        'X-Forwarded-Proto': 'http',
        'CloudFront-Forwarded-Proto': 'https',
        'X-Forwarded-For': '6.6.6.6, 203.0.113.7, 130.176.1.1',
      };
      const login = await send('/api/login', { method: 'POST', headers: proxied, body: '{"name":"Ada"}' });
      const cookie = login.headers.get('set-cookie')!;
      expect(cookie).toMatch(/Secure/);
      const me = await send('/api/me', { headers: { ...proxied, cookie: cookie.split(';')[0]! } });
      expect(await me.json()).toEqual({ name: 'Ada', ip: '203.0.113.7', protocol: 'https' });
    } finally {
      expect(await server.stop()).toBe(0);
    }
    expect(server.output()).toMatch(/server\.ending.*closing the pool.*server\.ended/s);
  }, 60_000);
});

describe('building again', () => {
  test('gives the same release for the same sources at another path', async () => {
    const elsewhere = join(folder, 'a-rather-longer', 'path');
    cpSync(app, join(elsewhere, 'app'), { recursive: true, verbatimSymlinks: true });
    const again = await buildApplication({
      directory: join(elsewhere, 'app'),
      out: join(elsewhere, 'out'),
      config: {},
    });
    expect(again.releaseId).toBe(release.releaseId);
    expect(again).toEqual(release);
  }, 120_000);

  test('is skipped if nothing changed, and is done after a change', async () => {
    // `synth` leaves such a folder where it runs.
    mkdirSync(join(app, 'cdk.out'));
    writeFileSync(join(app, 'cdk.out', 'manifest.json'), '{}');
    const lines: string[] = [];
    const progress = (line: string) => lines.push(line);
    expect(await buildApplication({ directory: app, out, config: {}, reuse: true, progress })).toEqual(
      release,
    );
    expect(lines).toEqual([]);
    writeFileSync(join(app, 'shared', 'limits.ts'), 'export const longestNote = 300;\n');
    const changed = await buildApplication({ directory: app, out, config: {}, reuse: true });
    expect(changed.releaseId).not.toBe(release.releaseId);
  }, 120_000);
});

describe('fails', () => {
  const build = (directory: string, config = {}) =>
    buildApplication({ directory, out: join(directory, '..', 'out'), config }).then(
      () => undefined,
      (error: Error) => error,
    );

  test('with the complete message of Vite, and leaves no partial output', async () => {
    const own = temporaryFolder();
    const broken = makeApplication(own, { 'client/src/main.tsx': "import './missing';\n" });
    const error = await build(broken);
    expect(error).toMatchObject({ name: 'ApplicationError' });
    expect(error!.message).toContain('Vite cannot build the client');
    expect(error!.message).toContain('./missing');
    expect(readdirSync(own)).toEqual(['app']);
    rmSync(own, { recursive: true });
  }, 60_000);

  test('with the complete message of esbuild', async () => {
    const own = temporaryFolder();
    const broken = makeApplication(own, {
      'server/db.ts': edited('server/db.ts', ["'@shared/schema'", "'./nowhere'"]),
    });
    const error = await build(broken);
    expect(error!.message).toContain('server/db.ts:5:24');
    expect(error!.message).toContain('Could not resolve "./nowhere"');
    rmSync(own, { recursive: true });
  });

  test('if packages are not installed, and advises npm ci', async () => {
    const own = temporaryFolder();
    const bare = makeApplication(own, { node_modules: null });
    expect((await build(bare))!.message).toContain(`run \`npm ci\` in ${bare}`);
    rmSync(own, { recursive: true });
  });

  test('if the release folder is inside the application', async () => {
    await expect(buildApplication({ directory: app, out: join(app, 'dist'), config: {} })).rejects.toThrow(
      /--out/,
    );
  });
});
