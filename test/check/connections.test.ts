import { expect, test } from 'vitest';
import { type Files, places } from './support';

const server = (setup: string, more: Files = {}): Files => ({
  'server/index.ts': `import express from 'express';
import { Client, Pool } from 'pg';
const app = express();
${setup}
app.listen(8080);`,
  ...more,
});
const whole = 'const pool = new Pool({ connectionTimeoutMillis: 5000 });';

test.each([
  ['no options', 'new Pool();'],
  ['other options', 'new Pool({ max: 20, idleTimeoutMillis: 30_000 });'],
  ['no limit', 'new Pool({ connectionTimeoutMillis: 0 });'],
])('a pool waits without end: %s', async (_, setup) => {
  expect(await places('pool-waits-forever', server(setup))).toEqual(['server/index.ts:4']);
});

test.each([
  ['a limit', whole],
  ['a limit that is not known', 'new Pool({ connectionTimeoutMillis: Number(process.env.WAIT) });'],
  ['options that are not known', 'new Pool({ ...JSON.parse(process.env.POOL!) });'],
])('a pool may wait for a limited time: %s', async (_, setup) => {
  expect(await places('pool-waits-forever', server(setup))).toEqual([]);
});

test('the server has a pool, and creates it once', async () => {
  const single = 'const client = new Client(process.env.DATABASE_URL);';
  expect(await places('pool-missing', server(single))).toEqual(['server/index.ts:4']);
  expect(await places('pool-missing', server(`${single} ${whole}`))).toEqual([]);
  const inRoute = (create: string) =>
    server(`app.get('/a', async (req, res) => { ${create} res.json(1); });`);
  expect(await places('pool-per-request', inRoute(whole))).toEqual(['server/index.ts:4']);
  expect(
    await places('pool-per-request', server(`${whole} app.get('/a', (req, res) => res.json(pool));`)),
  ).toEqual([]);
});

test.each([
  [
    'released',
    "const client = await pool.connect(); try { await client.query('SELECT 2'); } finally { client.release(); }",
  ],
  ['given to a function', 'const client = await pool.connect(); await fill(client);'],
  ['returned', 'const client = await pool.connect(); return client;'],
  ['released by its block', "await using client = await pool.connect(); await client.query('SELECT 2');"],
])('a connection is %s', async (_, body) => {
  const setup = `${whole} const fill = async (client: unknown) => client; export async function load() { ${body} }; load();`;
  expect(await places('connection-not-released', server(setup))).toEqual([]);
});

test('a connection that nothing releases is found', async () => {
  const body =
    "const client = await pool.connect(); const { rows } = await client.query('SELECT 2'); return rows;";
  const setup = `${whole} export async function load() { ${body} }; load();`;
  expect(await places('connection-not-released', server(setup))).toEqual(['server/index.ts:4']);
});

test('the server checks the certificate of the database', async () => {
  const unprotected = (setup: string, more?: Files) => places('database-unprotected', server(setup, more));
  const ssl = (value: string) => `new Pool({ connectionTimeoutMillis: 1, ssl: ${value} });`;
  expect(await unprotected(ssl('{ rejectUnauthorized: false }'))).toEqual(['server/index.ts:4']);
  expect(
    await unprotected(ssl("process.env.NODE_ENV === 'production' ? { rejectUnauthorized: false } : false")),
  ).toEqual(['server/index.ts:4']);
  expect(await unprotected("process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';")).toEqual(['server/index.ts:4']);
  const config = (value: boolean) => ({
    'config/production.ts': `export default {\n  database: {\n    ssl: ${value},\n  },\n};`,
  });
  expect(await unprotected(whole, config(false))).toEqual(['config/production.ts:3']);
  expect(await unprotected(whole, config(true))).toEqual([]);
  expect(
    await unprotected(ssl("process.env.NODE_ENV === 'production' ? true : { rejectUnauthorized: false }")),
  ).toEqual([]);
});

test.each([
  ['a template', 'new Pool({ connectionString: `${process.env.DATABASE_URL}?sslmode=no-verify` });', 4],
  ['an addition', "new Pool({ connectionString: process.env.DATABASE_URL + '&sslmode=disable' });", 4],
  ['another option', 'new Pool({ connectionString: `${process.env.DATABASE_URL}?sslmode=verify-full` });', 0],
  ['the own computer', "new Pool({ connectionString: 'postgres://localhost/shop?sslmode=disable' });", 0],
  [
    'an option that the code removes',
    "new Pool({ connectionString: process.env.DATABASE_URL.replace('?sslmode=disable', '') });",
    0,
  ],
])('the address of the database may switch encryption off: %s', async (_, setup, line) => {
  const found = await places('database-unprotected', server(setup));
  expect(found).toEqual(line ? [`server/index.ts:${line}`] : []);
});
