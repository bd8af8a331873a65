import { expect, test } from 'vitest';
import { checkApplication } from '../../lib/check/check-application';
import { placeText } from '../../lib/check/finding';
import { type Files, folderOf } from './support';

const json = (value: unknown) => JSON.stringify(value, null, 2);
const scripts = { build: 'tsc', start: 'node dist/index.js' };
/** A workspace of four packages. */
const workspace: Files = {
  'package.json': json({ name: 'shop', private: true, workspaces: ['apps/*', 'packages/*'] }),
  '.gitignore': 'dist/\nnode_modules/\n',
  'apps/api/package.json': json({
    name: '@shop/api',
    scripts,
    dependencies: { express: '5.3.0', '@shop/db': '*', '@shop/shared': '*' },
  }),
  'apps/api/src/index.ts':
    "import express from 'express';\nimport { pool } from '@shop/db';\nimport { price } from '@shop/shared';\nconst app = express();\napp.get('/', async (_, response) => response.json(price(await pool.query(process.env.SHOP_QUERY))));\napp.listen(8080);",
  'apps/web/package.json': json({
    name: '@shop/web',
    scripts: { build: 'vite build' },
    devDependencies: { vite: '8.3.8' },
    dependencies: { '@shop/shared': '*' },
  }),
  'apps/web/vite.config.ts': 'export default {};',
  'apps/web/index.html': '<script type="module" src="/src/main.tsx"></script>',
  'apps/web/src/main.tsx': "import { price } from '@shop/shared';\nprice(1);",
  'packages/db/package.json': json({ name: '@shop/db', main: 'dist/index.js', dependencies: { pg: '8' } }),
  'packages/db/src/index.ts': "import pg from 'pg';\nexport const pool = new pg.Pool({ max: 50 });",
  'packages/shared/package.json': json({
    name: '@shop/shared',
    exports: { '.': './src/index.ts', './parts/*': './src/parts/*.ts' },
  }),
  'packages/shared/src/index.ts': 'export const price = (value: unknown) => value;',
  'packages/shared/src/parts/hash.ts':
    "import { createHash } from 'node:crypto';\nexport const hash = createHash('md5');",
};

async function found(files: Files): Promise<string[]> {
  const { findings } = await checkApplication(folderOf({ ...workspace, ...files }));
  return findings.map((each) => `${each.rule} ${placeText(each)}`);
}

test('the server, the client and the packages of a workspace are checked', async () => {
  expect(await found({})).toEqual(
    expect.arrayContaining([
      'query-outside-repository apps/api/src/index.ts:5',
      'pool-too-large packages/db/src/index.ts:2',
    ]),
  );
  // Packages have scripts and dependencies of their own, and the client imports nothing wrong.
  expect(
    (await found({})).filter((each) => /^(client|server)-imports|build-scripts|dependenc|start-/.test(each)),
  ).toEqual([]);
});

test.each<[name: string, files: Files, expected: string]>([
  [
    'of a driver through a package',
    { 'apps/web/src/main.tsx': "import { pool } from '@shop/db';\npool.end();" },
    'client-imports-server-only-shared packages/db/src/index.ts:1',
  ],
  [
    'of the server by its name',
    { 'apps/web/src/main.tsx': "import { app } from '@shop/api/src/index';\napp.listen();" },
    'client-imports-server apps/web/src/main.tsx:1',
  ],
  [
    'by a pattern of exports',
    { 'apps/web/src/main.tsx': "import { hash } from '@shop/shared/parts/hash';\nhash.update('');" },
    'client-imports-server-only-shared packages/shared/src/parts/hash.ts:1',
  ],
  [
    'of a package that re-exports another',
    {
      'packages/shared/src/index.ts':
        "export const price = (value: unknown) => value;\nexport { pool } from '@shop/db';",
    },
    'client-imports-server-only-shared packages/db/src/index.ts:1',
  ],
  [
    'of the client by the server',
    {
      'apps/api/src/index.ts':
        "import express from 'express';\nimport { App } from '@shop/web/src/app';\nexpress().get('/', App);",
      'apps/web/src/app.tsx': 'export const App = () => null;',
    },
    'server-imports-client apps/api/src/index.ts:2',
  ],
  [
    'with the protocol of pnpm',
    {
      'package.json': json({ name: 'shop', private: true }),
      'pnpm-workspace.yaml': "packages: ['apps/*', 'packages/*']",
      'apps/web/src/main.tsx': "import { pool } from '@shop/db';\npool.end();",
    },
    'client-imports-server-only-shared packages/db/src/index.ts:1',
  ],
])('an import is found in a workspace: %s', async (_, files, expected) => {
  expect(await found(files)).toContain(expected);
});

test('variables may be documented in the package of the server', async () => {
  const variable = 'variable-undocumented .env.example';
  expect(await found({})).toContain(variable);
  expect(await found({ 'apps/api/.env.example': 'SHOP_QUERY=\n' })).not.toContain(variable);
});

test('the dist/ folders of server and client have to be ignored, and one at the root does not', async () => {
  const built = { 'package.json': json({ name: 'shop', workspaces: ['apps/*', 'packages/*'], scripts }) };
  const tracked = async (ignored: string) =>
    (await found({ ...built, '.gitignore': ignored })).filter((each) => each.startsWith('dist-tracked'));
  expect(await tracked('apps/api/dist/\napps/web/dist/\n')).toEqual([]);
  expect(await tracked('apps/api/dist/\n')).toEqual(['dist-tracked .gitignore']);
});
