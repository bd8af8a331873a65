import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { buildApplication } from '../../lib/application/build-application';
import { lockedDependencies } from '../../lib/application/image/locked-dependencies';
import { productionManifest } from '../../lib/application/image/production-manifest';
import { packageFolder } from '../../lib/application/package-manifest';
import { readApplication, readPackages } from '../../lib/application/read-application';
import { bundleServer } from '../../lib/application/server-bundle';
import { workspaceFiles } from './kinds';
import { editedOf, makeApplication, portOfCode, runServer, temporaryFolder } from './support';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const json = (content: object) => JSON.stringify({ private: true, type: 'module', ...content });

test('a workspace is built from its server, its client and their packages', async () => {
  const port = await portOfCode();
  const app = makeApplication(folder, workspaceFiles, { template: 'plain' });
  const application = readApplication(app, {});
  expect(application).toMatchObject({
    name: 'app',
    server: { entry: 'apps/api/src/index.ts', health: { path: '/api/healthz' } },
    client: { root: 'apps/web', outDir: 'apps/web/dist/public' },
    migrations: { kind: 'baseline', drizzleConfig: 'lib/db/drizzle.config.ts', kitFolder: 'lib/db' },
  });
  expect(application.manifest.dependencies).toEqual({
    'drizzle-orm': '0.45.4',
    express: 'catalog:',
    pg: 'catalog:',
  });
  expect(application.server.sources).toContain('lib/texts/src/index.ts');

  const out = join(folder, 'out');
  const release = await buildApplication({ directory: app, out, config: {} });
  expect(readFileSync(join(out, 'image', 'migrations', 'baseline.sql'), 'utf8')).toMatch(
    /CREATE TABLE "notes"/,
  );
  const scripts = readdirSync(join(out, 'client', 'assets')).map((file) =>
    readFileSync(join(out, 'client', 'assets', file), 'utf8'),
  );
  // Nobody has compiled the package that the client imports.
  expect(scripts.join()).toMatch(/hello.*many/);
  const server = await runServer(out, release, { PORT: String(port) }, join(app, 'node_modules'));
  try {
    const about = await (await fetch(`${server.url}/api/about`)).json();
    expect(about).toEqual({ greeting: 'hellomany', column: 'text', size: 3 });
  } finally {
    await server.stop();
  }
}, 120_000);

test.each([{ packages: ['apps/*', 'lib/*'] }, ['apps/*', 'lib/*']])(
  'a workspace of Yarn is read as one of pnpm',
  async (workspaces) => {
    const app = makeApplication(
      temporaryFolder(),
      {
        ...workspaceFiles,
        'pnpm-workspace.yaml': null,
        'package.json': json({ name: 'workspace', workspaces }),
        'package-lock.json': null,
        'yarn.lock': '',
        'patches/express@5.3.0.patch': '',
      },
      { template: 'plain' },
    );
    onTestFinished(() => rmSync(dirname(app), { recursive: true }));
    const application = readApplication(app, {});
    expect(application).toMatchObject({
      server: { entry: 'apps/api/src/index.ts' },
      client: { root: 'apps/web' },
    });
    const { warnings, manifest } = productionManifest(
      application,
      await bundleServer(application),
      undefined,
    );
    expect(manifest.dependencies).toMatchObject({ express: expect.stringMatching(/^\d/) });
    expect(warnings.map(({ rule, place }) => `${rule} ${place}`)).toContain(
      'patched-package patches/express@5.3.0.patch',
    );
  },
);

const separate = {
  ...workspaceFiles,
  'pnpm-workspace.yaml': null,
  'package-lock.json': null,
  'package.json': null,
  apps: null,
  lib: null,
  'server/package.json': json({ name: 'api', dependencies: { express: '5.3.0' } }),
  'server/package-lock.json': json({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { express: '5.3.0' } },
      'node_modules/express': { version: '5.3.0', integrity: 'sha512-of-the-server' },
    },
  }),
  'server/src/index.ts': `import express from 'express';
    import { limit } from '../../shared/limits';
    express().get('/api/limit', (_req, res) => { res.json(limit); }).listen(Number(process.env.PORT || 3000));`,
  'shared/limits.ts': 'export const limit = 5;',
  'client/package.json': json({ name: 'web', devDependencies: { vite: '8.0.0' } }),
  'client/index.html': '<script type="module" src="/src/main.ts"></script>',
  'client/src/main.ts': "import { limit } from '../../shared/limits'; document.title = `${limit}`;",
};
const both = 'npm --prefix server run dev & npm --prefix client run dev';

test.each([
  ['none at the root', null],
  ['one at the root for scripts', json({ scripts: { dev: both }, devDependencies: { tsx: '4.0.0' } })],
])('a server and a client with a package.json each, and %s, are one application', async (_, root) => {
  const app = makeApplication(
    temporaryFolder(),
    { ...separate, 'package.json': root },
    { template: 'plain' },
  );
  onTestFinished(() => rmSync(dirname(app), { recursive: true }));
  const application = readApplication(app, { migrations: { kind: 'none' } });
  expect(application).toMatchObject({
    server: { entry: 'server/src/index.ts', port: { port: 3000 } },
    client: { root: 'client' },
    packages: { server: 'server', client: 'client', installed: ['server', 'client'] },
    manifest: { dependencies: { express: '5.3.0' } },
  });
  const { lockfile, warnings } = await lockedDependencies(
    application,
    await bundleServer(application),
    join(app, 'nowhere'),
    () => {},
  );
  expect(lockfile.packages['node_modules/express']).toMatchObject({ integrity: 'sha512-of-the-server' });
  expect(warnings.map(({ rule }) => rule)).not.toContain('no-usable-lock');
});

test('the server gets its own version of a package that the client has, too', () => {
  const app = makeApplication(temporaryFolder(), separate, { template: 'plain' });
  onTestFinished(() => rmSync(dirname(app), { recursive: true }));
  rmSync(join(app, 'node_modules'));
  for (const side of ['client', 'server']) {
    mkdirSync(join(app, side, 'node_modules', 'zod'), { recursive: true });
    writeFileSync(join(app, side, 'node_modules', 'zod', 'package.json'), '{}');
  }
  expect(packageFolder(app, 'zod')).toBe(join(app, 'server', 'node_modules', 'zod'));
});

test('the build names each of the packages whose dependencies are not installed', async () => {
  const app = makeApplication(temporaryFolder(), separate, { template: 'plain' });
  onTestFinished(() => rmSync(dirname(app), { recursive: true }));
  rmSync(join(app, 'node_modules'));
  const built = buildApplication({
    directory: app,
    out: join(app, '..', 'out'),
    config: { migrations: { kind: 'none' } },
  });
  await expect(built).rejects.toThrow(
    /server\/node_modules: .*not installed.*`npm ci` in \S+server.*client\/node_modules: .*`npm ci` in \S+client/s,
  );
});

test('a package in a folder of the application is part of the bundle, and its packages are in the image', async () => {
  const app = makeApplication(
    join(folder, 'local'),
    {
      'package.json': editedOf('plain', 'package.json', [
        '"express": "5.3.0"',
        '"express": "5.3.0", "texts": "file:./lib/texts"',
      ]),
      'lib/texts/package.json': json({
        name: '@other/texts',
        version: '1.0.0',
        dependencies: { zod: '4.6.7', more: 'link:../more' },
      }),
      'lib/texts/index.js': "export { more } from 'more'; export { z } from 'zod';",
      'lib/more/package.json': json({ name: 'more', main: './build/more.js' }),
      'lib/more/src/more.ts': "export const more: string = 'from the folder';",
      'server/extra.ts':
        "import { more, z } from 'texts'; export const extra = () => z.string().parse(more);",
    },
    { template: 'plain' },
  );
  const application = readApplication(app, {});
  const bundle = await bundleServer(application);
  expect(bundle.files.get('index.js')).toContain('from the folder');
  const { manifest } = productionManifest(application, bundle, undefined);
  expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining(['express', 'zod']));
  expect(Object.keys(manifest.dependencies)).not.toEqual(expect.arrayContaining(['texts']));
});

const rooted = {
  ...workspaceFiles,
  'pnpm-workspace.yaml': null,
  'package.json': json({
    name: 'shop',
    workspaces: ['apps/*', 'lib/*'],
    dependencies: { express: '5.3.0', pg: '8.0.0', 'drizzle-orm': '0.45.4' },
    devDependencies: { vite: '8.0.0' },
  }),
  'apps/api/package.json': json({ name: '@x/api' }),
  'apps/web/package.json': json({ name: '@x/web' }),
  'apps/board': null,
  // Neither a package of middleware nor a page without a module is a side of the application.
  'lib/guard/package.json': json({ name: '@x/guard' }),
  'lib/guard/src/index.ts': "import { Router } from 'express'; export const guard = Router();",
  'lib/mails/package.json': json({ name: '@x/mails' }),
  'lib/mails/index.html': '<p>Hello</p>',
};
const inWeb = { name: '@x/web', devDependencies: { vite: '8.0.0' } };

test.each<[string, Record<string, string | null>, string]>([
  ['Express and Vite', {}, 'apps/api'],
  ['Express', { 'apps/web/package.json': json(inWeb) }, 'apps/api'],
  ['Express of a workspace of pnpm', { 'pnpm-workspace.yaml': 'packages: [apps/*, lib/*]' }, 'apps/api'],
  [
    'Vite',
    {
      'package.json': json({ name: 'shop', workspaces: ['apps/*', 'lib/*'], devDependencies: { vite: '8' } }),
      'apps/api/package.json': json({ name: '@x/api', serverDependencies: { express: '5.3.0' } }),
    },
    'apps/api',
  ],
  [
    'Express, which the root itself uses',
    { 'server/index.ts': "import e from 'express'; e().listen(process.env.PORT);" },
    '.',
  ],
])('the root of a workspace may declare %s', (_, differences, server) => {
  const app = makeApplication(temporaryFolder(), { ...rooted, ...differences }, { template: 'plain' });
  onTestFinished(() => rmSync(dirname(app), { recursive: true }));
  expect(readPackages(app, {})).toMatchObject({ server, client: 'apps/web' });
  const application = readApplication(app, { migrations: { kind: 'none' } });
  const { dependencies, serverDependencies } = application.manifest;
  expect({ ...dependencies, ...serverDependencies }).toMatchObject({ express: '5.3.0' });
  expect(application).toMatchObject({
    server: { entry: server === '.' ? 'server/index.ts' : 'apps/api/src/index.ts' },
    client: { root: 'apps/web' },
  });
});

test('two servers of a workspace whose root declares Express are ambiguous', () => {
  const app = makeApplication(
    temporaryFolder(),
    {
      ...rooted,
      'apps/admin/package.json': json({ name: '@x/admin' }),
      'apps/admin/index.ts': "const express = require('express'); express().listen(4000);",
    },
    { template: 'plain' },
  );
  onTestFinished(() => rmSync(dirname(app), { recursive: true }));
  expect(() => readPackages(app, {})).toThrow('a server in apps/admin, apps/api and a client in apps/web');
});

test.each([
  ['apps/api', 'apps/mobile/package.json: has expo: .* such a client is missing'],
  [undefined, 'apps/mobile/package.json: has expo: .* the application has neither'],
])('an app for phones and a server in %s are refused with one message', (api, message) => {
  const app = makeApplication(
    temporaryFolder(),
    {
      ...rooted,
      'package.json': json({ name: 'shop', workspaces: ['apps/*'] }),
      'apps/api/package.json': json({ ...(api && { dependencies: { express: '5.3.0' } }) }),
      'apps/web': null,
      'apps/mobile/package.json': json({ dependencies: { expo: '54.0.0', 'react-native': '0.81.0' } }),
    },
    { template: 'plain' },
  );
  onTestFinished(() => rmSync(dirname(app), { recursive: true }));
  expect(() => readPackages(app, {})).toThrow(new RegExp(`:\n  ${message}\n[^\n]*$`));
});
