import { expect, test } from 'vitest';
import { check, type Files, places } from './support';

const db = {
  'server/db.ts':
    "import pg from 'pg';\nexport interface User { name: string }\nexport const pool = new pg.Pool();",
};
const main = (text: string): Files => ({ 'client/src/main.tsx': text });
const paths = {
  'tsconfig.json':
    '{ "compilerOptions": { "paths": { "~server/*": ["./server/*"], "@shared/*": ["./shared/*"] } } }',
};

const crossings: Record<string, [Files, place: string]> = {
  'a relative import': [
    main("\nimport { pool } from '../../server/db';\npool.end();"),
    'client/src/main.tsx:2',
  ],
  'an import for its effects': [main("import '../../server/db';"), 'client/src/main.tsx:1'],
  'a path of tsconfig.json': [
    { ...paths, ...main("import { pool } from '~server/db';\npool.end();") },
    'client/src/main.tsx:1',
  ],
  'an alias of Vite': [
    {
      'vite.config.ts':
        "import path from 'path';\nexport default { root: 'client', resolve: { alias: { '@back': path.resolve(import.meta.dirname, 'server') } } };",
      ...main("import { pool } from '@back/db';\npool.end();"),
    },
    'client/src/main.tsx:1',
  ],
  'a list of aliases': [
    {
      'vite.config.js':
        "export default { root: 'client', resolve: { alias: [{ find: '@back', replacement: __dirname + '/server' }] } };",
      ...main("import { pool } from '@back/db';\npool.end();"),
    },
    'client/src/main.tsx:1',
  ],
  'a re-export': [
    {
      'shared/index.ts': "export const a = 1;\nexport * from '../server/db';",
      ...main("import { pool } from '../../shared';\npool.end();"),
    },
    'shared/index.ts:2',
  ],
  'a named re-export': [
    {
      'shared/index.ts': "export { pool } from '../server/db';",
      ...main("import { pool } from '../../shared/index';\npool.end();"),
    },
    'shared/index.ts:1',
  ],
  'a dynamic import': [
    main("export const load = () =>\n  import('../../server/db');"),
    'client/src/main.tsx:2',
  ],
  'a call of require': [main("const { pool } = require('../../server/db');"), 'client/src/main.tsx:1'],
  'a value beside a type': [
    main("import { type User, pool } from '../../server/db';\nexport const user: User = pool.query('');"),
    'client/src/main.tsx:1',
  ],
  'a module that no page loads': [
    { 'client/src/unused.js': "import { pool } from '../../server/db';" },
    'client/src/unused.js:1',
  ],
};

test.each(Object.entries(crossings))(
  'the client may not import the server by %s',
  async (_, [files, place]) => {
    expect(await places('client-imports-server', { ...db, ...files })).toEqual([place]);
  },
);

const allowed: Record<string, Files> = {
  'import type': main(
    "import type { User } from '../../server/db';\nexport const user: User = { name: '' };",
  ),
  'a type among braces': main(
    "import { type User } from '../../server/db';\nexport const user: User = { name: '' };",
  ),
  'a name that is a type only': main(
    "import { User } from '../../server/db';\nexport const user: User = { name: '' };",
  ),
  'export type': main("export type { User } from '../../server/db';"),
  'export type of all': main("export type * from '../../server/db';"),
  'typeof in a type': main("import { pool } from '../../server/db';\nexport type Pool = typeof pool;"),
  'an import in a type': main("export type Pool = import('../../server/db').User;"),
  'a test of the client': {
    'client/src/main.test.tsx': "import { pool } from '../../server/db';\npool.end();",
  },
  'a shared module that takes types': {
    'shared/user.ts':
      "import type { User } from '../server/db';\nexport const nameOf = (user: User) => user.name;",
    ...main("import { nameOf } from '../../shared/user';\nnameOf({ name: '' });"),
  },
  'types of a shared module that runs on the server': {
    'shared/user.ts':
      "import { pool } from '../server/db';\nexport interface Row { id: number }\nexport const all = () => pool.query('');",
    ...main("import type { Row } from '../../shared/user';\nexport const row: Row = { id: 1 };"),
  },
};

test.each(Object.entries(allowed))('the client may import %s of the server', async (_, files) => {
  const { findings } = await check({ ...db, ...files });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('the finding shows the whole import chain with lines', async () => {
  const { findings } = await check({
    ...db,
    'shared/a.ts': "\nexport * from './b';",
    'shared/b.ts': "import { pool } from '../server/db';\nexport const all = () => pool.query('');",
    ...main("\n\nimport { all } from '../../shared/a';\nall();"),
  });
  expect(findings.find(({ rule }) => rule === 'client-imports-server')).toMatchObject({
    section: '4.3',
    severity: 'error',
    file: 'shared/b.ts',
    line: 1,
    what: expect.stringContaining('client/src/main.tsx:3 → shared/a.ts:2 → shared/b.ts:1 → server/db.ts'),
  });
});

test.each([
  ["import pg from 'pg';\nnew pg.Client();", true],
  ["import { readFileSync } from 'fs';\nreadFileSync('x');", true],
  ["import { join } from 'node:path';\njoin('x');", true],
  ["import { drizzle } from 'drizzle-orm/node-postgres';\ndrizzle();", true],
  ["import audit from 'audit-log';\naudit();", true],
  ["import type { Pool } from 'pg';\nexport type A = Pool;", false],
  ["import EventEmitter from 'events';\nnew EventEmitter();", false],
  ["import { pgTable } from 'drizzle-orm/pg-core';\npgTable('a', {});", false],
  ["import { loadStripe } from '@stripe/stripe-js';\nloadStripe('');", false],
] as const)('server packages are recognised: %s', async (text, wrong) => {
  const files = { 'package.json': '{ "name": "shop", "serverDependencies": { "audit-log": "1" } }' };
  expect(await places('client-imports-server-package', { ...files, ...main(text) })).toEqual(
    wrong ? ['client/src/main.tsx:1'] : [],
  );
  const shared = { 'shared/it.ts': text, ...main("import '@shared/it';") };
  expect(await places('client-imports-server-only-shared', { ...paths, ...files, ...shared })).toEqual(
    wrong ? ['shared/it.ts:1'] : [],
  );
  // The same module is correct if only the server imports it.
  expect(
    (await check({ ...files, 'shared/it.ts': text })).findings.filter(({ severity }) => severity === 'error'),
  ).toEqual([]);
});

test('the server may not import the client, unless it renders pages from it', async () => {
  const server = (more: string) => ({
    'client/src/format.ts': 'export const format = String;',
    'server/routes.ts': `${more}\nimport { format } from '../client/src/format';\nformat(1);`,
  });
  expect(await places('server-imports-client', server(''))).toEqual(['server/routes.ts:2']);
  const { findings } = await check(
    server("import { renderToString } from 'react-dom/server';renderToString();"),
  );
  expect(findings.find(({ rule }) => rule === 'server-imports-client')?.severity).toBe('note');
});

test.each([
  ['// framework53-ignore client-imports-server: the demo has no secrets', 1, 0],
  ['/* framework53-ignore client-imports-server: the demo has no secrets */', 1, 0],
  ['// framework53-ignore client-imports-server:', 0, 1],
  ['// framework53-ignore client-imports-server', 0, 1],
  ['// framework53-ignore server-imports-client: another rule', 0, 1],
])('a comment with a reason suppresses a finding: %s', async (comment, taken, left) => {
  const { findings, suppressed } = await check({ ...db, ...main(`${comment}\nimport '../../server/db';`) });
  const count = (list: readonly { rule: string }[]) =>
    list.filter(({ rule }) => rule === 'client-imports-server').length;
  expect([count(suppressed), count(findings)]).toEqual([taken, left]);
  if (taken) expect(suppressed[0]?.reason).toBe('the demo has no secrets');
});

test('a plugin of Vite beside its configuration is no part of the client', async () => {
  const files = {
    'client/vite.config.ts':
      "import { preview } from './preview-plugin';\nexport default { plugins: [preview()] };",
    'client/preview-plugin.ts':
      "import { writeFileSync } from 'node:fs';\nexport const preview = () => ({ name: 'preview', write: writeFileSync });",
  };
  expect(await places('client-imports-server-package', files)).toEqual([]);
  const imported = { 'client/src/main.tsx': "import { preview } from '../preview-plugin';\npreview();" };
  expect(await places('client-imports-server-package', { ...files, ...imported })).toEqual([
    'client/preview-plugin.ts:1',
  ]);
});

test('a path with an import of types and another import is no package', async () => {
  const files = {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@shared/*": ["./shared/*"] } } }',
    'shared/schema.ts': 'export interface User { name: string }\nexport const users = [];',
    'client/src/main.tsx':
      "import { User } from '@shared/schema';\nimport { users } from '@shared/schema';\nexport const all: User[] = users;",
  };
  // The server of every test imports Express.
  expect(await places('dependency-missing', files)).toEqual(['server/index.ts:1']);
});
