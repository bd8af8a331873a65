import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Differences,
  edited,
  editedOf,
  guestbook,
  installedGuestbook,
  makeApplication,
} from './support';
import { traps } from './traps';

const json = (content: object) => JSON.stringify({ private: true, type: 'module', ...content });

/** A workspace as pnpm has it: a server, a client, a drawing board for components, and two packages that both use. */
export const workspaceFiles: Differences = {
  client: null,
  server: null,
  shared: null,
  migrations: null,
  'vite.config.ts': null,
  'drizzle.config.ts': null,
  'pnpm-workspace.yaml': 'packages: [apps/*, lib/*]',
  'package.json': json({ name: 'workspace' }),
  'apps/api/package.json': json({
    name: '@x/api',
    scripts: { build: 'node ./build.mjs', start: 'node dist/index.mjs' },
    dependencies: { '@x/db': 'workspace:*', '@x/texts': 'workspace:*', express: 'catalog:' },
  }),
  'apps/api/src/index.ts': `import express from 'express';
    import { pool } from '@x/db';
    import { notes } from '@x/db/schema';
    import { greeting } from '@x/texts';
    import { plural } from '@x/texts/forms/plural';
    const app = express();
    app.get('/api/healthz', (_req, res) => { res.json({ ok: true }); });
    app.get('/api/about', (_req, res) => { res.json({ greeting: greeting + plural, column: notes.text.name, size: pool.options.max }); });
    app.listen(Number(process.env.PORT || 3000));`,
  'apps/web/package.json': json({
    name: '@x/web',
    scripts: { build: 'vite build' },
    devDependencies: { vite: 'catalog:', '@x/texts': 'workspace:*' },
  }),
  'apps/web/index.html': '<!doctype html><title>x</title><script type="module" src="/src/main.ts"></script>',
  'apps/web/src/main.ts':
    "import { greeting } from '@x/texts'; import { plural } from '@x/texts/forms/plural'; document.title = import.meta.env.BASE_URL + greeting + plural;",
  'apps/web/vite.config.ts': `import path from 'path';
    if (!process.env.PORT || !process.env.BASE_PATH) throw new Error('PORT and BASE_PATH are required');
    export default { base: process.env.BASE_PATH, root: path.resolve(import.meta.dirname), build: { outDir: 'dist/public' } };`,
  'apps/board/package.json': json({ name: '@x/board', devDependencies: { vite: 'catalog:' } }),
  'apps/board/index.html': '',
  'apps/board/.replit-artifact/artifact.toml': 'kind = "design"\n',
  'lib/db/package.json': json({
    name: '@x/db',
    exports: { '.': './src/index.ts', './schema': { import: './dist/schema.js' } },
    scripts: { push: 'drizzle-kit push --config ./drizzle.config.ts' },
    dependencies: { 'drizzle-orm': '0.45.4', pg: 'catalog:' },
    devDependencies: { 'drizzle-kit': '0.31.11' },
  }),
  'lib/db/src/index.ts':
    "import pg from 'pg'; export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 3 });",
  'lib/db/src/schema.ts': editedOf('plain', 'shared/schema.ts'),
  'lib/db/drizzle.config.ts':
    "export default { dialect: 'postgresql', schema: './src/schema.ts', dbCredentials: { url: process.env.DATABASE_URL } };",
  'lib/texts/package.json': json({
    name: '@x/texts',
    exports: {
      '.': './dist/index.js',
      './forms/*': { types: './dist/forms/*.d.ts', import: './dist/forms/*.js' },
    },
  }),
  'lib/texts/src/index.ts': "export const greeting = 'hello';",
  'lib/texts/src/forms/plural.ts': "export const plural = 'many';",
};

/** Client and server that a module builds with the options that it passes to Vite and esbuild. */
export const buildScriptFiles: Differences = {
  'package.json': edited('package.json', [
    'vite build && esbuild server/index.ts --platform=node --packages=external --bundle --format=esm --outdir=dist',
    'tsx script/build.ts',
  ]),
  'vite.config.ts': null,
  'script/build.ts': `import { rm, readFile } from 'fs/promises';
    import path from 'path';
    import react from '@vitejs/plugin-react';
    import { build as esbuild } from 'esbuild';
    import { build as viteBuild } from 'vite';
    const root = path.resolve(import.meta.dirname, '..');
    async function buildAll() {
      await rm('dist', { recursive: true, force: true });
      await viteBuild({
        configFile: false, root: 'client', plugins: [react()], define: { __COLOUR__: JSON.stringify('teal') },
        resolve: { alias: { '@shared': path.join(root, 'shared') } }, build: { outDir: '../dist/public', emptyOutDir: true },
      });
      const pkg = JSON.parse(await readFile('package.json', 'utf-8'));
      await esbuild({
        entryPoints: ['server/index.ts'], platform: 'node', bundle: true, format: 'cjs', outfile: 'dist/index.cjs',
        define: { 'process.env.NODE_ENV': '"production"', __VERSION__: JSON.stringify(pkg.version), __COMMIT__: JSON.stringify(commit()) },
        loader: { '.hbs': 'text' }, minify: true, logLevel: 'info',
      });
    }
    buildAll().catch((err) => { console.error(err); process.exit(1); });`,
  'client/src/main.tsx':
    "import { longestNote } from '@shared/limits';\ndocument.title = __COLOUR__ + longestNote;",
  'server/mail.hbs': 'Dear {{name}}',
  'server/index.ts': `import express from 'express';
    import path from 'path';
    import mail from './mail.hbs';
    const app = express();
    app.use(express.static(path.resolve(__dirname, 'public')));
    app.get('/api/about', (_req, res) => { res.json([__VERSION__, mail, typeof __COMMIT__]); });
    app.listen({ port: parseInt(process.env.PORT || '5000', 10), host: '0.0.0.0', reusePort: true });`,
};

/** Makes an application of a kind below a folder. */
type Make = (folder: string, installed: string, port: number) => string;

const made =
  (template: string, differences: Differences = {}): Make =>
  (folder, installed) =>
    makeApplication(folder, differences, { template, installed });

/** All kinds of applications that tests make. */
export const kinds: Readonly<Record<string, Make>> = {
  guestbook: (folder) => {
    const directory = join(folder, 'app');
    cpSync(installedGuestbook(), directory, {
      recursive: true,
      filter: (path) => !/^[\\/](dist|node_modules)([\\/]|$)/.test(path.slice(guestbook.length)),
    });
    symlinkSync(join(guestbook, 'node_modules'), join(directory, 'node_modules'), 'junction');
    return directory;
  },
  'a build script': made('pushed', buildScriptFiles),
  'a workspace': made('plain', workspaceFiles),
  'migrations, by the book': made('plain'),
  'a pushed schema': (folder) => makeApplication(folder),
  ...Object.fromEntries(
    traps.map(({ name, differences, config }): [string, Make] => [
      name,
      (folder, installed, port) =>
        makeApplication(
          folder,
          {
            ...differences?.(port),
            ...(config && {
              'framework53.config.ts': `export default { default: { application: ${JSON.stringify(config(port))} } };\n`,
            }),
          },
          { template: 'plain', installed },
        ),
    ]),
  ),
};
