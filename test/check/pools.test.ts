import { expect, test } from 'vitest';
import { places } from './support';

const server = (pools: string) => ({
  'server/index.ts': `import express from 'express';
import pg from 'pg';
import postgres from 'postgres';
import session from 'express-session';
import connectPgSimple from 'connect-pg-simple';
const { Pool } = pg;
const isReport = process.env.REPORTS === 'yes';
${pools}
express().listen(8080);`,
});

test.each([
  ['two pools', 'const a = new Pool({ max: 15 });\nconst b = new Pool({ max: 10 });', 9],
  [
    'a pool and postgres.js',
    'const a = new Pool({ max: 15 });\nconst b = postgres(process.env.DATABASE_URL, { max: 6 });',
    9,
  ],
  ['a pool of the usual size', 'const a = new Pool({ max: 15 });\nconst b = new Pool();', 9],
  [
    'the pool of a session store',
    'const a = new Pool({ max: 15 });\nconst store = new (connectPgSimple(session))({ conString: process.env.DATABASE_URL });',
    9,
  ],
  [
    'pools that functions make',
    'const pool = (max) => new Pool({ max });\nfunction other() { return new Pool({ max: 19 }); }\nconst all = [pool(15), other()];',
    8,
  ],
])('together, %s are too large', async (_, pools, line) => {
  expect(await places('pool-too-large', server(pools))).toEqual([`server/index.ts:${line}`]);
});

test.each([
  ['two of ten', 'const a = new Pool();\nconst b = new Pool();'],
  [
    'one for migrations',
    'const a = new Pool({ max: 20 });\nconst b = postgres(process.env.DATABASE_URL, { max: 1 });',
  ],
  ['one or the other', 'const a = isReport ? new Pool({ max: 15 }) : new Pool({ max: 10 });'],
  [
    'one of two branches',
    'let a;\nif (isReport) { a = new Pool({ max: 15 }); } else { a = new Pool({ max: 10 }); }',
  ],
  [
    'one of two results',
    'function pool() { if (isReport) { return new Pool({ max: 15 }); } return new Pool({ max: 12 }); }\nconst a = pool();',
  ],
  [
    'one of two functions',
    'const small = () => new Pool({ max: 8 });\nconst large = () => new Pool({ max: 15 });\nconst a = isReport ? large() : small();',
  ],
  [
    'one for another database',
    'const a = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });\nconst b = new Pool({ connectionString: process.env.REPORTS_URL, max: 20 });',
  ],
  [
    'one that Drizzle gets',
    "import { drizzle } from 'drizzle-orm/node-postgres';\nlet pool = null;\nif (process.env.DATABASE_URL) { pool = new Pool({ max: 15 }); }\nconst db = drizzle(pool);",
  ],
  [
    'one with options that are not known',
    'const a = new Pool({ max: 15 });\nconst b = new Pool({ ...JSON.parse(process.env.OPTIONS) });',
  ],
  [
    'a session store with the pool',
    'const pool = new Pool({ max: 15 });\nconst store = new (connectPgSimple(session))({ pool });',
  ],
])('together, these pools are not too large: %s', async (_, pools) => {
  expect(await places('pool-too-large', server(pools))).toEqual([]);
});
