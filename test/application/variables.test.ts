import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decideVariables } from '../../lib/application/decisions/variables';
import { readAddresses } from '../../lib/application/reading/database-address';
import { readVariables } from '../../lib/application/reading/variables';
import { readServerSources } from '../../lib/application/server-sources';
import { temporaryFolder } from './support';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let applications = 0;

/** Returns the variables of a server. The first module is its entry. */
function read(modules: Readonly<Record<string, string>>) {
  const directory = join(folder, String(++applications));
  for (const [file, text] of Object.entries(modules)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  const { code } = readServerSources(directory, Object.keys(modules)[0]!, {
    manifest: {},
    modules: {},
    own: {},
    uncompiled: [],
    server: '.',
  });
  const { uses, unplaced } = readVariables(code);
  return { variables: decideVariables(directory, uses, {}, readAddresses(code)), unplaced };
}

/** Name → kind, with a question mark where the server runs without it. */
function kinds(modules: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    read(modules).variables.map(({ name, kind, optional }) => [name, `${kind}${optional ? '?' : ''}`]),
  );
}

/** Returns the kind of variable that MAIL_API_KEY is to a module. */
function needs(code: string): string {
  return kinds({ 'server/index.ts': code })['MAIL_API_KEY']!;
}

test.each([
  // A value of its own, or asked for first: the server runs without it.
  'start(process.env.MAIL_API_KEY ?? null);',
  "start(process.env.MAIL_API_KEY || process.env.MAIL_URL || 'none');",
  'start((process.env.MAIL_API_KEY as string) || 1);',
  'if (process.env.MAIL_API_KEY) start(process.env.MAIL_API_KEY);',
  'if (process.env.MAIL_URL && process.env.MAIL_API_KEY) { start(process.env.MAIL_API_KEY!); }',
  'if (!process.env.MAIL_API_KEY) { console.warn("no mail"); } else { start(process.env.MAIL_API_KEY); }',
  'mail(); function mail() { if (!process.env.MAIL_API_KEY) return false; start(process.env.MAIL_API_KEY); }',
  'if (process.env.MAIL_API_KEY === undefined) mail = null; else start(process.env.MAIL_API_KEY);',
  'if (process.env.MAIL_API_KEY) { const r = send(process.env.MAIL_API_KEY); if (!r) throw new Error(r); }',
  'const mail = process.env.MAIL_API_KEY ? start(process.env.MAIL_API_KEY) : null;',
  'const mail = process.env.MAIL_API_KEY && start(process.env.MAIL_API_KEY);',
  'status({ mail: Boolean(process.env.MAIL_API_KEY), really: !!process.env.MAIL_API_KEY });',
  'const key = process.env.MAIL_API_KEY;\nconst mail = key ? start(key) : undefined;',
  'const key: string | undefined = process.env["MAIL_API_KEY"]\nif (!key) { done(); mail = 1; }',
  'const { MAIL_API_KEY: key } = process.env;\nif (key) start(key);',
  "const { MAIL_API_KEY = 'x' } = process.env; start(MAIL_API_KEY);",
])('the code works without this variable: %s', (code) => {
  expect(needs(code)).toBe('dispensable?');
});
test.each([
  'start(process.env.MAIL_API_KEY!);',
  'start({ key: process.env.MAIL_API_KEY });',
  'console.log(process.env.MAIL_API_KEY || "not set"); start(process.env.MAIL_API_KEY);',
  'if (!process.env.MAIL_API_KEY) { console.error("set it"); process.exit(1); }',
  "if (!process.env.MAIL_API_KEY)\n  throw new Error('set it; please');",
  'if (!process.env.MAIL_URL || !process.env.MAIL_API_KEY) { log(); throw new Error(); }',
  "if (typeof process.env.MAIL_API_KEY !== 'string') throw new Error();",
  'if (!process.env.MAIL_API_KEY) { console.warn("mail will fail"); }\nstart(process.env.MAIL_API_KEY!);',
  'const key = process.env.MAIL_API_KEY;\nif (!key) throw new Error();\nif (key) start(key);',
  'const key = process.env.MAIL_API_KEY;\nstart(key);',
  'const key = process.env.MAIL_API_KEY ?? (() => { throw new Error(); })();',
  'if (given === process.env.MAIL_API_KEY) start();',
  'if (process.env.MAIL_API_KEY !== given) refuse();',
  'if (isValid(process.env.MAIL_API_KEY)) start();',
  'const { MAIL_API_KEY } = process.env; start(MAIL_API_KEY);',
])('the code needs: %s', (code) => {
  expect(needs(code)).toBe('provided');
});

describe('a variable is needed', () => {
  test.each([
    [
      "requireEnv('MAIL_API_KEY'); function requireEnv(name: string) { const value = process.env[name]; if (!value) throw new Error(name); return value; }",
    ],
    [
      "const must = (name: string) => process.env[name] ?? fail(name); function fail(name: string): never { throw new Error(name); } start(must('MAIL_API_KEY'));",
    ],
    ["for (const name of ['MAIL_URL', 'MAIL_API_KEY']) if (!process.env[name]) throw new Error(name);"],
    [
      "const required = ['MAIL_API_KEY'] as const; const missing = required.filter((key) => !process.env[key]); if (missing.length > 0) { console.error(missing); process.exit(1); }",
    ],
    ["['MAIL_API_KEY'].forEach((name) => { if (!process.env[name]) { throw new Error(name); } });"],
    [
      "class Config { get(name: string) { const value = process.env[name]; if (value === undefined) throw new Error(); return value; } } start(new Config().get('MAIL_API_KEY'));",
    ],
    [
      "function check(value: string | undefined, name: string) { if (!value) throw new Error(name); } check(process.env.MAIL_API_KEY, 'MAIL_API_KEY');",
    ],
    ["import assert from 'node:assert'; assert(process.env.MAIL_API_KEY, 'set it');"],
    ['const config = { mail: { key: process.env.MAIL_API_KEY } }; start(config.mail.key);'],
    ["const config = { key: process.env.MAIL_API_KEY || '' }; start(new Mail({ key: config.key }));"],
    ["start(new Mail(process.env.MAIL_API_KEY || ''));"],
    ['const isReady = Boolean(process.env.MAIL_API_KEY); if (!isReady) throw new Error();'],
    ['const read = (env = process.env) => env.MAIL_API_KEY; start(read());'],
    [
      "const env = (name: string, fallback?: string) => { const value = process.env[name]; if (value === undefined) { if (fallback !== undefined) return fallback; throw new Error(name); } return value; }; start(env('MAIL_API_KEY'));",
    ],
    ["if (process.env.NODE_ENV === 'production' && !process.env.MAIL_API_KEY) throw new Error();"],
    [
      "if ((process.env.HOSTED === '1' || process.env.NODE_ENV === 'production') && !process.env.MAIL_API_KEY) throw new Error();",
    ],
    [
      "const mode = process.env.NODE_ENV ?? 'development'; if (mode !== 'development') { if (!process.env.MAIL_API_KEY) throw new Error(); }",
    ],
    [
      "const { NODE_ENV = 'development' } = process.env; if (NODE_ENV === 'production' && !process.env.MAIL_API_KEY) throw new Error();",
    ],
    [
      "const mode = (process.env.NODE_ENV ?? 'development').trim().toLowerCase(); if (mode === 'production' && !process.env.MAIL_API_KEY) throw new Error();",
    ],
    [
      "import { z } from 'zod'; const env = z.object({ MAIL_API_KEY: z.string().min(1) }).parse(process.env); start(env.MAIL_API_KEY);",
    ],
    [
      "import { cleanEnv, str } from 'envalid'; const env = cleanEnv(process.env, { MAIL_API_KEY: str({ desc: 'x' }) }); start(env.MAIL_API_KEY);",
    ],
    [
      "import { createEnv } from '@t3-oss/env-core'; import { z } from 'zod'; export const env = createEnv({ server: { MAIL_API_KEY: z.string() }, runtimeEnv: process.env }); start(env.MAIL_API_KEY);",
    ],
    [
      "import * as v from 'valibot'; const env = v.parse(v.object({ MAIL_API_KEY: v.string() }), process.env); start(env);",
    ],
    ["import env from 'env-var'; start(env.get('MAIL_API_KEY').required().asString());"],
    ['console.log(`key: ${process.env.MAIL_API_KEY}`); start(`Bearer ${process.env.MAIL_API_KEY}`);'],
    [
      'function send() { start(process.env.MAIL_API_KEY!); } function ready() { return !!process.env.MAIL_API_KEY; } report(ready()); send();',
    ],
  ])('%s', (code) => {
    expect(needs(code)).toBe('provided');
  });
});

describe('a variable is not needed', () => {
  test.each([
    [
      "const env = (name: string, fallback?: string) => process.env[name] ?? fallback; start(env('MAIL_API_KEY', 'x'));",
    ],
    [
      "const env = (name: string, fallback?: string) => { const value = process.env[name]; if (value === undefined) { if (fallback !== undefined) return fallback; throw new Error(name); } return value; }; start(env('MAIL_API_KEY', 'x'));",
    ],
    [
      "for (const name of ['MAIL_API_KEY']) if (!process.env[name]) console.warn(name);\nif (process.env.MAIL_API_KEY) start(process.env.MAIL_API_KEY);",
    ],
    [
      'function ready() { return !!process.env.MAIL_API_KEY; } function send() { if (!ready()) return; start(process.env.MAIL_API_KEY!); } send();',
    ],
    ['const enabled = Boolean(process.env.MAIL_API_KEY); if (enabled) { start(process.env.MAIL_API_KEY!); }'],
    [
      'function connect() { return start(process.env.MAIL_API_KEY!); } export const mail = process.env.MAIL_API_KEY ? connect() : null;',
    ],
    [
      "import { z } from 'zod'; const env = z.object({ MAIL_API_KEY: z.string().optional() }).parse(process.env); if (env.MAIL_API_KEY) start(env.MAIL_API_KEY);",
    ],
    [
      "import { cleanEnv, str } from 'envalid'; cleanEnv(process.env, { MAIL_API_KEY: str({ default: '' }) });",
    ],
    [
      "if (process.env.NODE_ENV === 'development') start(process.env.MAIL_API_KEY!); if (process.env.MAIL_API_KEY) start();",
    ],
    ["start(process.env.MAIL_API_KEY?.split(',') ?? []);"],
    [
      "console.log('mail', process.env.MAIL_API_KEY); const key = process.env.MAIL_API_KEY ?? 'none'; start(key);",
    ],
  ])('%s', (code) => {
    expect(needs(code)).toBe('dispensable?');
  });
});

test('a throw makes a variable required, whatever its name', () => {
  const code =
    "const url = process.env.PUBLIC_ADDRESS; if (!url) throw new Error('set PUBLIC_ADDRESS'); start(url);";
  expect(kinds({ 'server/index.ts': code })).toEqual({ PUBLIC_ADDRESS: 'provided' });
});

test('of several names for one value, only one is required', () => {
  const code =
    'start(process.env.AI_KEY || process.env.SPECIAL_AI_KEY); open(process.env.POSTGRES_URL ?? process.env.DATABASE_URL);';
  expect(kinds({ 'server/index.ts': code })).toEqual({
    AI_KEY: 'provided',
    DATABASE_URL: 'platform',
    POSTGRES_URL: 'database?',
    SPECIAL_AI_KEY: 'dispensable?',
  });
});

test.each([
  // The value of a property or of a list's length changes after the creation.
  'const found: any = {}; for (const key of keys()) found[key] = 1; if (found.mail === 1) start(process.env.MAIL_API_KEY);',
  'const state = { on: false }; state.on = true; if (state.on) start(process.env.MAIL_API_KEY);',
  'const sent = { count: 0 }; sent.count++; if (sent.count) start(process.env.MAIL_API_KEY);',
  'const deep = { mail: { on: false } }; deep.mail.on = ask(); if (deep.mail.on) start(process.env.MAIL_API_KEY);',
  'const filled: any = {}; fill(filled); if (filled.mail) start(process.env.MAIL_API_KEY);',
  "mail(); function mail() { const errors = []; if (ask()) errors.push('x'); if (errors.length === 0) return; start(process.env.MAIL_API_KEY); }",
  'const found = []; fill(found); if (found.length) start(process.env.MAIL_API_KEY);',
])('code behind a condition on a changed object or list is live: %s', (code) => {
  expect(needs(code)).toBe('provided');
});

test('code behind a condition on an object that another module changes is live, and on an unchanged one is not', () => {
  const changed = {
    'server/index.ts':
      "import { off, state, turnOn } from './state'; turnOn(); if (state.on) start(process.env.MAIL_API_KEY); if (off.on) start(process.env.OFF_API_KEY);",
    'server/state.ts':
      'export const off = { on: false }; export const state = { on: false }; export function turnOn() { state.on = true; }',
  };
  expect(kinds(changed)).toEqual({ MAIL_API_KEY: 'provided' });
});

test.each([
  // One name for each environment, and a change before the connection.
  `import pg from 'pg';
   let url: string;
   if (process.env.APP_ENV === 'production') {
     if (!process.env.LIVE_PG) throw new Error('set LIVE_PG');
     url = process.env.LIVE_PG;
   } else url = process.env.TRIAL_PG!;
   const plain = url.replace(/[?&]sslmode=[^&]*/g, '');
   new pg.Pool({ connectionString: plain, ssl: process.env.USE_SSL === 'yes' });`,
  `import postgres from 'postgres';
   const address = () => process.env.LIVE_PG ?? process.env.TRIAL_PG;
   postgres(\`\${address()}?application_name=\${process.env.USE_SSL}\`, { max: 1 });`,
  `import { drizzle } from 'drizzle-orm/node-postgres';
   const options = { connectionString: process.env.USE_SSL === 'yes' ? process.env.LIVE_PG : process.env.TRIAL_PG };
   drizzle({ connection: options });`,
  `import { neon } from '@neondatabase/serverless';
   import { Client } from 'pg';
   neon(process.env.LIVE_PG || process.env.TRIAL_PG!);
   new Client({ connectionString: process.env.USE_SSL });`,
])('a variable that the server connects to PostgreSQL with is the address of the database', (code) => {
  const { LIVE_PG, TRIAL_PG, USE_SSL } = kinds({ 'server/index.ts': code });
  expect([LIVE_PG, TRIAL_PG].map((kind) => kind?.replace('?', ''))).toEqual(['database', 'database']);
  expect(USE_SSL).toMatch(/^unset/);
});

test('the address of a second database is not that of the own one', () => {
  const code = `import pg from 'pg';
    new pg.Pool({ connectionString: process.env.OLD_SHOP });
    new pg.Pool({ connectionString: process.env.DATABASE_URL });`;
  expect(kinds({ 'server/index.ts': code })).toEqual({ DATABASE_URL: 'platform', OLD_SHOP: 'unset' });
});

test('follows helpers and constants through modules', () => {
  expect(
    kinds({
      'server/index.ts': "import { config } from './config'; start(config.mail.key, config.cache);",
      'server/config.ts':
        "import { optional, required as must } from './env'; export const config = { mail: { key: must('MAIL_API_KEY') }, cache: optional('CACHE_TOKEN') ?? 'none' };",
      'server/env.ts':
        'export function required(name: string): string { const value = optional(name); if (!value) { throw new Error(`${name} is missing`); } return value; }\nexport const optional = (name: string) => process.env[name];',
    }),
  ).toEqual({ CACHE_TOKEN: 'dispensable?', MAIL_API_KEY: 'provided' });
});

test('ignores names in text, in comments and in code that production never runs', () => {
  const code = [
    '// process.env.COMMENT_KEY',
    'const help = `set process.env.TEXT_KEY || 80`;',
    "if (process.env.NODE_ENV === 'development') start(process.env.DEVELOPMENT_KEY);",
    'function never() { start(process.env.UNUSED_KEY); }',
    'start(help);',
  ].join('\n');
  expect(kinds({ 'server/index.ts': code })).toEqual({});
});

test('an access with an unknown name is reported with its place', () => {
  const { unplaced } = read({ 'server/index.ts': '\nstart(process.env[prompt()]);' });
  expect(unplaced).toEqual([
    { kind: 'variable', place: 'server/index.ts:2', what: expect.stringContaining('run time') },
  ]);
});

test.each([
  ["import { betterAuth } from 'better-auth'; start(betterAuth({ database: db }));", 'BETTER_AUTH_SECRET'],
  [
    "import { ExpressAuth } from '@auth/express'; app.use('/auth/*', ExpressAuth({ providers: [] }));",
    'AUTH_SECRET',
  ],
])('a secret that a package reads itself is generated: %s', (code, name) => {
  expect(kinds({ 'server/index.ts': code })).toEqual({ [name]: 'generated' });
});

test('a secret that the code passes to a package has the name in the code', () => {
  const code =
    "import { betterAuth } from 'better-auth'; const options = { secret: process.env.SESSION_SECRET! }; start(betterAuth(options));";
  expect(kinds({ 'server/index.ts': code })).toEqual({ SESSION_SECRET: 'generated' });
});
