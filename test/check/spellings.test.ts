import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkApplication } from '../../lib/check/check-application';
import { placeText } from '../../lib/check/finding';

// One guestbook that is broken in many ways, each written in another way than the test of the guestbook has it.
const guestbook = join(__dirname, '..', '..', 'examples', 'guestbook');
const stripe = ['sk_li', 've_4eC39HqLyjWDarjtT1zdp7dc99'].join('');
const files: Readonly<Record<string, string | Buffer>> = {
  'client/src/a1.ts': "export const all = import.meta.glob('../../server/services/*.ts');",
  'client/src/a2.ts': 'export const one = (name: string) => import(`../../server/routes/${name}.ts`);',
  'client/src/a3.ts': "import text from '../../server/db.ts?raw';\nexport default text;",
  'client/src/a4.ts': "\nnew Worker(new URL('../../server/logger.ts', import.meta.url));",
  'client/src/a5.ts': 'export const secret = process.env.SESSION_SECRET;',
  'client/src/a6.ts': "export const k = import.meta.env['VITE_STRIPE_SECRET_KEY'];",
  'client/src/a10.ts': 'export const at = { databaseURL: import.meta.env.VITE_LIVE_DATABASE_URL };',
  'client/src/a11.ts': 'export const at = import.meta.env.VITE_FIREBASE_DATABASE_URL;',
  'client/src/a7.ts': "export const isAdmin = (password: string) => password === 'letmein1';",
  'client/src/a8.ts': "import hero from '../../attached/hero.png';\nexport default hero;",
  'client/src/a9.ts': "import { logger } from '@server/logger.js';\nlogger.info({ event: '' });",
  'client/b1.html': '<html>\n<script type="module" src="../server/index.ts"></script></html>',
  'client/public/wide.JPG': Buffer.alloc(300_000),
  'attached/hero.png': Buffer.alloc(300_000),
  'server/c1.ts':
    "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nrequire('../client/src/api');\nrequire('helmet');",
  'server/t1.ts':
    "import { accounts } from 'only-types';\nexport class Store {\n  accounts = new Map<string, accounts>();\n  all() {\n    const accounts = [...this.accounts];\n    return { accounts: accounts };\n  }\n}",
  'server/c2.ts': 'console.log(`starting with ${process.env.DATABASE_URL}`);',
  'server/c3.ts':
    "import { logger } from './logger';\nlogger.info({ event: 'a', password: request.body.password });",
  'server/c4.ts': "export const settings = { host: 'db', user: 'app', password: 'hunter-two' };",
  'server/data.ts': "export { db } from './db';",
  'server/c5.ts': "import { db } from './data';\nexport const all = () => db.select();",
  'server/c6.ts':
    "export const all = async () => {\n  const { pool } = await import('./db');\n  return pool.query('select 2');\n};",
  'server/c7.ts':
    "import { Pool } from '@neondatabase/serverless';\nconst own = new Pool({});\nown.query('select 2');",
  'server/c8.ts':
    "import { pool } from './db';\nexport const f = async () => {\n  const one = await pool.connect();\n  return one.query('select 2');\n};",
  'server/c9.ts':
    "import { EntryRepository } from './repositories/entryRepository';\nEntryRepository.get(1);",
  'server/d1.ts': '/* @framework: Framework v5.2.1 */',
  'server/d2.ts': "import { expect } from 'vitest';\nexport const f = () => expect(1);",
  'README.md': '<!-- @framework 5.1 -->',
  '.env.development': 'VITE_TITLE=a\nMAIL_FROM=a\n',
  '.env.production': 'VITE_TITLE=b\nVITE_JWT_SECRET=\n',
};
const edits: readonly (readonly [file: string, from: string, to: string])[] = [
  [
    'tsconfig.json',
    '"@shared/*": ["./shared/*"]',
    '"@shared/*": ["./shared/*"], "@server/*": ["./server/*"]',
  ],
  ['package.json', '"build:client": "vite build"', '"build:client": "vite build --sourcemap"'],
  [
    'package.json',
    '    "express-session": "1.19.0",\n    "ws": "8.23.0"\n',
    '    "express-session": "1.19.0"\n',
  ],
  ['package.json', '"zod": "4.6.7"\n', '"zod": "4.6.7",\n    "cors": "2.8.5"\n'],
  [
    'vite.config.ts',
    "root: 'client',",
    "root: 'client',\n  define: { 'process.env': process.env },\n  envPrefix: ['VITE_', 'SESSION_'],",
  ],
  ['.env.example', 'SESSION_SECRET=\n', `SESSION_SECRET=${stripe}\n`],
  ['.gitignore', '.env\n', '.env*\n!.env.example\n'],
  ['config/default.ts', "secureCookie: 'auto' as boolean | 'auto'", 'secureCookie: false'],
  ['config/production.ts', '    secureCookie: true,\n', ''],
  ['config/production.ts', '  cache: { ttl: 3600, checkPeriod: 600 },\n', ''],
  ['config/default.ts', '  cache: {', '  memory: {'],
  ['config/default.ts', '    ttl: 0,\n', ''],
  ['server/session.ts', '      secret,\n', "      secret: 'keyboard cat',\n"],
  [
    'server/routes/accounts.ts',
    '  response.status(201)',
    "  response.cookie('token', user.id, {});\n  response.status(201)",
  ],
  [
    'server/app.ts',
    '    next();',
    "    response.header('Access-Control-Allow-Origin', _request.get('origin') ?? '');\n    next();",
  ],
  ['server/index.ts', "process.once('SIGTERM'", "process.once('SIGUSR2'"],
  ['server/db.ts', '    pool.end();', ''],
  ['server/db.ts', 'isProd ? 20 : 5', "Number(process.env.DATABASE_POOL_SIZE ?? '500')"],
];

const expected: Readonly<Record<string, readonly string[]>> = {
  'client-imports-server': [
    'client/src/a1.ts:1',
    'client/src/a2.ts:1',
    'client/src/a3.ts:1',
    'client/src/a4.ts:2',
    'client/src/a9.ts:1',
    'client/b1.html:2',
  ],
  'server-imports-client': ['server/c1.ts:3'],
  'dependency-missing': ['server/c1.ts:4'],
  'dependency-unused': ['package.json:25'],
  'dependency-misplaced': ['package.json:62'],
  'secret-in-client-variable': [
    '.env.production:2',
    'client/src/a5.ts:1',
    'client/src/a6.ts:1',
    'vite.config.ts:8',
    'vite.config.ts:9',
  ],
  'secret-in-source': ['.env.example:8'],
  'secret-hard-coded': ['client/src/a7.ts:1', 'server/c4.ts:1', 'server/session.ts:26'],
  'secret-logged': ['server/c2.ts:1', 'server/c3.ts:2'],
  'env-files-differ': ['.env.development:1', '.env.production:1'],
  'image-large': ['attached/hero.png', 'client/public/wide.JPG'],
  'source-maps-published': ['package.json:13'],
  'query-outside-repository': ['server/c5.ts:2', 'server/c6.ts:3', 'server/c7.ts:3', 'server/c8.ts:4'],
  'repository-outside-service': ['server/c9.ts:1'],
  'pool-too-large': ['server/db.ts:29'],
  'pool-not-closed': ['server/db.ts:29'],
  'server-not-closed': ['server/index.ts:11'],
  'config-section-missing': ['config/default.ts:1'],
  'session-cookie-insecure': ['config/default.ts:31', 'server/routes/accounts.ts:21'],
  'cors-open': ['server/app.ts:17'],
  'annotation-outdated': ['README.md:1', 'server/d1.ts:1'],
};

let found: Map<string, string[]>;
let folder: string;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'spellings-')));
  cpSync(guestbook, folder, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|dist)([\\/]|$)/.test(path.slice(guestbook.length)),
  });
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  for (const [file, from, to] of edits) {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not hold: ${from}`);
    writeFileSync(
      join(folder, file),
      text.replace(from, () => to),
    );
  }
  const { findings } = await checkApplication(folder);
  found = new Map();
  for (const finding of findings)
    found.set(finding.rule, [...(found.get(finding.rule) ?? []), placeText(finding)]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(Object.entries(expected))('%s has findings for other spellings too', (rule, places) => {
  expect([...(found.get(rule) ?? [])].sort()).toEqual([...places].sort());
});

test('correct code has no findings', () => {
  const own = ['variable-unread', 'variable-undocumented', 'config-keys-differ'];
  expect([...found.keys()].filter((rule) => !(rule in expected) && !own.includes(rule))).toEqual([]);
});
