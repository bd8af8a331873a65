import { expect, test } from 'vitest';
import { places } from './support';

const server = (handler: string) => ({
  'server/index.ts': `import express from 'express';
import pg from 'pg';
const pool = new pg.Pool();
const server = express().listen(8080);
process.on('SIGTERM', ${handler});`,
});

test.each([
  '() => process.exit(0)',
  '() => { server.close(); pool.end(); process.exit(0); }',
  'function stop() { process.exit(0); server.close(); }',
])('a handler ends the process at once: %s', async (handler) => {
  expect(await places('server-not-closed', server(handler))).toEqual(['server/index.ts:4']);
  expect(await places('pool-not-closed', server(handler))).toEqual([]);
});

test.each([
  '() => server.close(() => pool.end())',
  '() => { server.close(() => process.exit(0)); pool.end(); setTimeout(() => process.exit(1), 10_000); }',
  'async () => { server.close(); await pool.end(); process.exit(0); }',
])('a handler waits: %s', async (handler) => {
  expect(await places('server-not-closed', server(handler))).toEqual([]);
});
