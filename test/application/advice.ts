import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplicationConfig } from '../../lib/application/application-config';
import { buildApplication } from '../../lib/application/build-application';
import { startVite } from '../../lib/application/client/start-vite';
import { exportSchema } from '../../lib/application/image/drizzle-kit';
import { lockedDependencies } from '../../lib/application/image/locked-dependencies';
import { productionManifest } from '../../lib/application/image/production-manifest';
import { readApplication } from '../../lib/application/read-application';
import { checkReleaseFolder } from '../../lib/application/release-folder';
import { bundleServer } from '../../lib/application/server-bundle';
import { requireUsableFiles } from '../../lib/application/unusable-files';
import { type Differences, editedOf, lockOf } from './support';

/** A refusal, and an application that gets through once the refusal's advice is followed. */
export interface Advice {
  /** Text that identifies the refusal. */
  readonly refusal: string;
  /** The way out that is followed. */
  readonly advice: string;
  /** Message of the refusal. */
  readonly says: RegExp;
  /** The action: refused at first, and successful after the advice was followed. */
  readonly attempt: (directory: string, config: ApplicationConfig) => unknown;
  /** The differences from the plain application with which it is refused. */
  readonly refused?: Differences;
  /** Makes files that are not plain text, such as links, with which it is refused. */
  readonly spoil?: (directory: string) => void;
  readonly config?: ApplicationConfig;
  /** Installed packages with which it is refused. */
  readonly packages?: (folder: string) => string;
  /** The files that the advice asks for. */
  readonly mended?: Differences | ((directory: string) => Differences);
  /** True if the advice installs the packages. */
  readonly installs?: boolean;
  readonly mendedConfig?: ApplicationConfig;
}

const read = (directory: string, config: ApplicationConfig) => readApplication(directory, config);

function manifest(change: (manifest: Record<string, unknown>) => void): string {
  const value = JSON.parse(editedOf('plain', 'package.json')) as Record<string, unknown>;
  change(value);
  return JSON.stringify(value);
}

const index = (...replacements: [from: string, to: string][]) =>
  editedOf('plain', 'server/index.ts', ...replacements);
const plain = (file: string): Differences => ({ [file]: editedOf('plain', file) });

const withoutPackages = (folder: string) => {
  const empty = join(folder, 'no-packages');
  mkdirSync(empty, { recursive: true });
  return empty;
};

const vite = async (directory: string, config: ApplicationConfig) => {
  const { client, packages } = readApplication(directory, config);
  const work = join(directory, '..', `vite-${Math.random().toString(36).slice(2)}`);
  const task = {
    directory,
    client,
    packages,
    outDir: join(work, 'out'),
    work,
    constants: {},
    progress: () => {},
  };
  const run = await startVite(task);
  await run.result;
};

const schema = (directory: string, config: ApplicationConfig) => {
  const application = readApplication(directory, config);
  return application.migrations.kind === 'baseline'
    ? exportSchema(application, join(directory, '..', 'schema'))
    : undefined;
};

/** A schema that is pushed: no migrations. */
const pushed: Differences = { migrations: null };
const journal = 'migrations/meta/_journal.json';
const none: ApplicationConfig = { migrations: { kind: 'none' } };
const neon = (code: string): Differences => ({
  'server/extra.ts': `import { neon } from '@neondatabase/serverless';
    import type { Express } from 'express';
    const sql = neon(process.env.DATABASE_URL!);
    export function extra(app: Express): void { app.get('/api/extra', async (_req, res) => { res.json(await (${code})); }); }`,
});

/** A path whose last name is not valid UTF-8. */
const notUtf8 = (directory: string) =>
  Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.txt')]);

const uncompiled = JSON.stringify({
  name: 'nowhere-to-be-found',
  main: 'dist/index.js',
  scripts: { build: 'tsc' },
});

export const advices: readonly Advice[] = [
  {
    refusal: 'there is no such folder',
    advice: 'point at the folder',
    says: /--app/,
    attempt: (directory, { name }) => read(name === 'elsewhere' ? join(directory, 'nowhere') : directory, {}),
    config: { name: 'elsewhere' },
  },
  {
    refusal: 'does not exist, so the folder is not an application',
    advice: 'point at the folder',
    says: /package.json: .*--app/s,
    attempt: (directory, { name }) => read(name === 'elsewhere' ? join(directory, 'server') : directory, {}),
    config: { name: 'elsewhere' },
  },
  {
    refusal: 'and must be',
    advice: 'correct it',
    says: /scripts is 5, and must be an object of texts/,
    attempt: read,
    refused: { 'package.json': manifest((value) => Object.assign(value, { scripts: 5 })) },
    mended: plain('package.json'),
  },
  {
    refusal: 'is a folder, not a file',
    advice: 'put the file in its place',
    says: /package.json: is a folder/,
    attempt: read,
    refused: { 'package.json': null, 'package.json/x': '', 'package-lock.json': null },
    mended: plain('package.json'),
  },
  {
    refusal: 'is not valid JSON: ',
    advice: 'correct it',
    says: /package.json: is not valid JSON/,
    attempt: read,
    refused: { 'package.json': '{', 'package-lock.json': null },
    mended: plain('package.json'),
  },
  {
    refusal: "Vite's configuration file does not exist",
    advice: 'application.client.viteConfig',
    says: /web\/vite.config.ts/,
    attempt: read,
    config: { client: { viteConfig: 'web/vite.config.ts' } },
    mendedConfig: { client: { viteConfig: 'vite.config.ts' } },
  },
  {
    refusal: "the client's page does not exist",
    advice: 'application.client.root',
    says: /index.html/,
    attempt: read,
    refused: { 'client/index.html': null, 'pages/index.html': '<html></html>' },
    mendedConfig: { client: { root: 'pages' } },
  },
  {
    refusal: ' builds client and server together',
    advice: 'use React Router in its data or declarative mode, in a client with an index.html',
    says: /^[^\n]*:\n {2}package\.json: has @react-router\/dev: React Router's framework mode [^\n]*\n[^\n]*$/,
    attempt: read,
    refused: {
      'package.json': manifest((value) =>
        Object.assign(value, {
          scripts: { build: 'react-router build', start: 'react-router-serve ./build/server/index.js' },
          devDependencies: { '@react-router/dev': '7.9.0', vite: '8.3.8' },
        }),
      ),
      'vite.config.ts':
        "import { reactRouter } from '@react-router/dev/vite'; export default { plugins: [reactRouter()] };",
      client: null,
      server: null,
      'app/root.tsx': '',
    },
    mended: {
      ...plain('package.json'),
      ...plain('vite.config.ts'),
      ...plain('client/index.html'),
      ...plain('server/index.ts'),
      ...plain('server/db.ts'),
      ...plain('server/extra.ts'),
    },
  },
  {
    refusal: 'such a client is missing',
    advice: 'add a web client that Vite builds',
    says: /^[^\n]*:\n {2}package\.json: has expo: Expo [^\n]* phones[^\n]*such a client is missing\n[^\n]*$/,
    attempt: read,
    refused: {
      'package.json': manifest((value) =>
        Object.assign(value, { dependencies: { ...Object(value)['dependencies'], expo: '54.0.0' } }),
      ),
      'vite.config.ts': null,
      client: null,
      'app/index.tsx': '',
    },
    mended: { ...plain('vite.config.ts'), ...plain('client/index.html'), ...plain('client/src/main.ts') },
  },
  {
    refusal: 'the module in application.server.entry does not exist',
    advice: 'application.server.entry',
    says: /api\/index.ts/,
    attempt: read,
    config: { server: { entry: 'api/index.ts' } },
    mendedConfig: { server: { entry: 'server/index.ts' } },
  },
  {
    refusal: 'there is no server entry',
    advice: 'application.server.entry',
    says: /application.server.entry/,
    attempt: read,
    refused: {
      'package.json': manifest((value) => Object.assign(value, { scripts: {} })),
      'server/index.ts': null,
      'server/boot.ts': index(),
    },
    mendedConfig: { server: { entry: 'server/boot.ts' } },
  },
  {
    refusal: 'is not there',
    advice: 'application.server.files',
    says: /words.txt: is not there/,
    attempt: read,
    config: { server: { files: ['words.txt'] } },
    mendedConfig: { server: { files: [] } },
  },
  {
    refusal: 'listen(…) is called only under a condition',
    advice: 'let the server listen in production',
    says: /listen in production/,
    attempt: read,
    refused: {
      'server/index.ts': index(['app.listen(', "if (process.env.NODE_ENV !== 'production') app.listen("]),
    },
    mended: plain('server/index.ts'),
  },
  {
    refusal: 'listen(…) gets neither PORT',
    advice: 'application.server.port',
    says: /application.server.port/,
    attempt: read,
    refused: { 'server/index.ts': index(['Number(process.env.PORT || 3000)', 'Number(process.argv[2])']) },
    mendedConfig: { server: { port: 3000 } },
  },
  {
    refusal: 'is a workspace of',
    advice: 'give --app the folder of an application',
    says: /is a workspace of/,
    attempt: (directory, { name }) => read(name ? directory : join(directory, 'apps', 'shop'), {}),
    refused: {
      'package.json': JSON.stringify({ name: 'x', workspaces: ['apps/*'] }),
      'package-lock.json': '{}',
      server: null,
      client: null,
      'apps/shop/package.json': editedOf('plain', 'package.json'),
      'apps/shop/server/index.ts': index(),
      'apps/shop/server/db.ts': editedOf('plain', 'server/db.ts'),
      'apps/shop/server/extra.ts': editedOf('plain', 'server/extra.ts'),
      'apps/shop/shared/schema.ts': editedOf('plain', 'shared/schema.ts'),
      'apps/shop/client/index.html': editedOf('plain', 'client/index.html'),
      'apps/shop/vite.config.ts': editedOf('plain', 'vite.config.ts'),
    },
    config: { name: 'whole' },
  },
  {
    refusal: 'the dialect is ',
    advice: 'application.migrations.kind to none',
    says: /the dialect is sqlite/,
    attempt: read,
    refused: {
      'drizzle.config.ts':
        "export default { dialect: 'sqlite', schema: './shared/schema.ts', out: './migrations' };",
    },
    mendedConfig: none,
  },
  {
    refusal: 'there are no migrations of drizzle-kit',
    advice: 'application.migrations.folder',
    says: /sql: there are no migrations/,
    attempt: read,
    config: { migrations: { folder: 'sql' } },
    mendedConfig: { migrations: { folder: 'migrations' } },
  },
  {
    refusal: 'there is no drizzle-kit configuration',
    advice: 'application.migrations.kind to none',
    says: /drizzle.config.ts/,
    attempt: read,
    refused: { 'drizzle.config.ts': null, ...pushed },
    config: { migrations: { kind: 'baseline' } },
    mendedConfig: none,
  },
  {
    refusal: 'is a migration, but meta/_journal.json',
    advice: 'application.migrations.kind to baseline',
    says: /0000_initial.sql/,
    attempt: read,
    refused: { [journal]: null },
    mendedConfig: { migrations: { kind: 'baseline' } },
  },
  {
    refusal: 'but its snapshot.json exists',
    advice: 'remove the folder',
    says: /20260101_lost\/migration.sql/,
    attempt: read,
    refused: {
      [journal]: null,
      'migrations/0000_initial.sql': null,
      'migrations/20250101_first/migration.sql': 'SELECT 1;',
      'migrations/20260101_lost/snapshot.json': '{}',
    },
    mended: { 'migrations/20260101_lost': null },
  },
  {
    refusal: 'is not valid JSON: ',
    advice: 'bring the journal back',
    says: /_journal.json: is not valid JSON/,
    attempt: read,
    refused: { [journal]: '{' },
    mended: plain(journal),
  },
  {
    refusal: 'is not a journal of drizzle-kit',
    advice: 'bring it back',
    says: /no list `entries`/,
    attempt: read,
    refused: { [journal]: '{}' },
    mended: plain(journal),
  },
  {
    refusal: 'lists it, so no migration can run',
    advice: 'remove its entry',
    says: /0000_initial.sql: is missing/,
    attempt: read,
    refused: { 'migrations/0000_initial.sql': null },
    mended: { [journal]: JSON.stringify({ entries: [] }) },
  },
  {
    refusal: '$withAuth: only Neon',
    advice: 'check the token in the server',
    says: /\$withAuth/,
    attempt: read,
    refused: neon('(sql as any).$withAuth("x")`SELECT 1`'),
    mended: neon('sql`SELECT 1`'),
  },
  {
    refusal: 'authToken: only Neon',
    advice: 'check the token in the server',
    says: /authToken/,
    attempt: read,
    refused: neon("neon('x', { authToken: 'y' } as never)`SELECT 1`"),
    mended: neon('sql`SELECT 1`'),
  },
  {
    refusal: 'a transaction over HTTP takes a list of queries',
    advice: 'use drizzle-orm/neon-serverless with a Pool',
    says: /not an async function/,
    attempt: read,
    refused: neon('sql.transaction((async () => []) as never)'),
    mended: {
      'server/extra.ts': `import type { Express } from 'express';
        import { sql } from 'drizzle-orm';
        import { db } from './db';
        export function extra(app: Express): void {
          app.get('/api/extra', async (_req, res) => {
            res.json(await db.transaction(async (tx) => tx.execute(sql\`SELECT 1\`)));
          });
        }`,
    },
  },
  {
    refusal: 'esbuild cannot bundle the server',
    advice: 'correct what esbuild reports',
    says: /Could not resolve "\.\/missing"/,
    attempt: read,
    refused: {
      'server/index.ts': index([
        "import express from 'express';",
        "import express from 'express';\nimport './missing';",
      ]),
    },
    mended: { 'server/missing.ts': 'export {};' },
  },
  {
    refusal: 'the release would be written into the application',
    advice: '--out',
    says: /--out/,
    attempt: (directory, { name }) =>
      checkReleaseFolder(directory, join(directory, ...(name ? ['out'] : ['..', 'out']))),
    config: { name: 'inside' },
  },
  {
    refusal: 'the release cannot be written there',
    advice: '--out',
    says: /--out/,
    attempt: (directory, { name }) =>
      buildApplication({
        directory,
        out: name ? '/dev/null/out' : join(directory, '..', 'release'),
        config: {},
      }),
    config: { name: 'unwritable' },
  },
  {
    refusal: 'the dependencies are not installed',
    advice: 'npm ci',
    says: /run `npm ci`/,
    attempt: (directory) =>
      buildApplication({ directory, out: join(directory, '..', 'release'), config: {} }),
    refused: { node_modules: null },
    installs: true,
  },
  {
    refusal: 'is not installed',
    advice: 'npm ci',
    says: /node_modules\/vite: is not installed/,
    attempt: vite,
    packages: withoutPackages,
    installs: true,
  },
  {
    refusal: 'Vite cannot build the client',
    advice: 'correct what Vite reports',
    says: /Vite cannot build the client.*missing/s,
    attempt: vite,
    refused: { 'client/src/main.ts': "import './missing';" },
    mended: plain('client/src/main.ts'),
  },
  {
    refusal: "Vite's configuration cannot be read",
    advice: 'correct what esbuild reports',
    says: /cannot be read.*Expected/s,
    attempt: vite,
    refused: { 'vite.config.ts': 'export default {{' },
    mended: plain('vite.config.ts'),
  },
  {
    refusal: 'so the DDL of the pushed schema cannot be exported',
    advice: 'application.migrations.kind to none',
    says: /drizzle-kit: is not installed/,
    attempt: schema,
    refused: pushed,
    packages: withoutPackages,
    mendedConfig: none,
  },
  {
    refusal: 'drizzle-kit cannot export the schema',
    advice: 'correct what drizzle-kit reports',
    says: /cannot export.*nothing-here/s,
    attempt: schema,
    refused: {
      ...pushed,
      'drizzle.config.ts': editedOf('plain', 'drizzle.config.ts', ['schema.ts', 'nothing-here.ts']),
    },
    mended: plain('drizzle.config.ts'),
  },
  {
    refusal: 'which is neither among the dependencies nor installed',
    advice: 'npm install',
    says: /the server imports nowhere-to-be-found/,
    attempt: async (directory) => {
      const application = readApplication(directory, {});
      return productionManifest(application, await bundleServer(application), undefined);
    },
    refused: unknownPackage(undefined),
    mended: unknownPackage('1.0.0'),
  },
  {
    refusal: 'Yarn keeps the packages in archives',
    advice: 'nodeLinker: node-modules',
    says: /\.pnp\.cjs: .*yarn install/s,
    attempt: (directory, config) =>
      buildApplication({ directory, out: join(directory, '..', 'out'), config }),
    refused: { node_modules: null, '.pnp.cjs': '', 'yarn.lock': '' },
    installs: true,
  },
  {
    refusal: 'and the image does not contain this place',
    advice: 'unpack the package into a folder of the application',
    says: /nowhere-to-be-found, which is in file:\.\.\/lib/,
    attempt: async (directory) => {
      const application = readApplication(directory, {});
      return productionManifest(application, await bundleServer(application), undefined);
    },
    refused: unknownPackage('file:../lib'),
    mended: {
      ...unknownPackage('file:./lib/name'),
      'lib/name/package.json': '{ "name": "nowhere-to-be-found" }',
      'lib/name/index.js': 'export default 1;',
    },
  },
  {
    refusal: 'which the package in ',
    advice: 'compile the package before each build',
    says: /whose file lib\/name\/dist\/index\.js is missing.*npm run build --prefix lib\/name/s,
    attempt: read,
    refused: { ...unknownPackage('file:./lib/name'), 'lib/name/package.json': uncompiled },
    mended: { 'lib/name/dist/index.js': 'export default 1;' },
  },
  {
    refusal: 'as is its source; the client imports it as ',
    advice: 'compile the package before each build',
    says: /lib\/name\/dist\/index\.js: is missing.*npm run build --prefix lib\/name/s,
    attempt: vite,
    refused: {
      ...unknownPackage('file:./lib/name'),
      ...plain('server/index.ts'),
      'lib/name/package.json': uncompiled,
      'client/src/main.ts': "import name from 'nowhere-to-be-found'; console.log(name);",
    },
    mended: { ...plain('client/src/main.ts') },
  },
  {
    refusal: 'cannot be used, and the dependencies cannot be resolved anew',
    advice: 'npm install',
    says: /npm install/,
    attempt: async (directory) => {
      const application = readApplication(directory, {});
      const bundle = await bundleServer(application);
      return lockedDependencies(application, bundle, join(directory, '..', 'lock'), () => {});
    },
    refused: { ...unknownPackage('@@'), 'package-lock.json': null },
    mended: (directory) => ({
      ...plain('package.json'),
      ...plain('server/index.ts'),
      'package-lock.json': lockOf(directory),
    }),
  },
  {
    refusal: ', and a tag is the name of a file in ',
    advice: 'bring it back',
    says: /names "..\/..\/secrets"/,
    attempt: read,
    refused: { [journal]: JSON.stringify({ entries: [{ idx: 0, when: 1, tag: '../../secrets' }] }) },
    mended: plain(journal),
  },
  {
    refusal: 'is not a time in milliseconds',
    advice: 'bring it back',
    says: /has entries whose `when`/,
    attempt: read,
    refused: { [journal]: JSON.stringify({ entries: [{ idx: 0, when: 'then', tag: '0000_initial' }] }) },
    mended: plain(journal),
  },
  {
    refusal: ', which is not a package name',
    advice: 'correct it',
    says: /dependencies has "..\/evil"/,
    attempt: read,
    refused: {
      'package.json': manifest((value) => Object.assign(value.dependencies!, { '../evil': '1.0.0' })),
    },
    mended: plain('package.json'),
  },
  {
    refusal: ' levels of nesting; no tool writes such a file',
    advice: 'correct it',
    says: /package.json: has more than 500 levels of nesting/,
    attempt: read,
    refused: { 'package.json': '['.repeat(501) + ']'.repeat(501) },
    mended: plain('package.json'),
  },
  {
    refusal: 'is a link to a place outside the application',
    advice: 'put the files in its place',
    says: /words.txt: is a link to a place outside the application/,
    attempt: read,
    config: { server: { files: ['words.txt'] } },
    spoil: (directory) => {
      writeFileSync(join(directory, '..', 'words-elsewhere.txt'), 'words');
      symlinkSync('../words-elsewhere.txt', join(directory, 'words.txt'));
    },
    mended: { 'words.txt': 'words' },
    mendedConfig: { server: { files: ['words.txt'] } },
  },
  {
    refusal: 'has a name that is not UTF-8',
    advice: 'give it another name',
    says: /has a name that is not UTF-8/,
    attempt: requireUsableFiles,
    spoil: (directory) => writeFileSync(notUtf8(directory), ''),
    mended: (directory) => {
      renameSync(notUtf8(directory), join(directory, 'renamed.txt'));
      return {};
    },
  },
  {
    refusal: ', and no file',
    advice: 'remove it',
    says: /pipe.ts: is a named pipe, and no file/,
    attempt: requireUsableFiles,
    spoil: (directory) => execFileSync('mkfifo', [join(directory, 'server', 'pipe.ts')]),
    mended: { 'server/pipe.ts': null },
  },
  {
    refusal: ' MB; a file of this kind may have ',
    advice: 'give the file another ending',
    says: /data.json: has 70 MB/,
    attempt: requireUsableFiles,
    spoil: (directory) => {
      writeFileSync(join(directory, 'data.json'), '');
      truncateSync(join(directory, 'data.json'), 70e6);
    },
    mended: (directory) => {
      renameSync(join(directory, 'data.json'), join(directory, 'data.bin'));
      return {};
    },
  },
];

function unknownPackage(version: string | undefined): Differences {
  return {
    'server/index.ts': `import 'nowhere-to-be-found';\n${index()}`,
    'package.json': manifest((value) =>
      Object.assign(value, {
        serverDependencies: { express: '5.3.0', ...(version && { 'nowhere-to-be-found': version }) },
      }),
    ),
  };
}
