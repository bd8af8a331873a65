import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';

const guestbook = join(__dirname, '..', '..', 'examples', 'guestbook');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('the guestbook exits on SIGTERM with open connections, without the preload of the image', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guestbook-end-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(guestbook, 'node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  await build({
    absWorkingDir: guestbook,
    entryPoints: ['server/index.ts'],
    bundle: true,
    platform: 'node',
    packages: 'external',
    format: 'esm',
    outdir: join(folder, 'dist'),
    logLevel: 'silent',
  });
  const port = await freePort();
  const server = spawn(process.execPath, ['dist/index.js'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PORT: String(port),
      SESSION_SECRET: 'x'.repeat(32),
      // Nothing listens there: a query fails, and the pool stays.
      DATABASE_URL: 'postgres://a:b@127.0.0.1:1/a',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const ended = once(server, 'exit');
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (log += text));
  await Promise.race([
    new Promise<void>((resolve) => {
      server.stdout.on('data', () => log.includes('server.started') && resolve());
    }),
    ended.then(() => Promise.reject(new Error(log))),
  ]);
  // fetch keeps its connections open.
  const url = `http://127.0.0.1:${port}`;
  const statuses = [];
  for (const path of ['/api/health', '/api/entries', '/api/session'])
    statuses.push((await fetch(`${url}${path}`)).status);
  expect(statuses).toEqual([200, 500, 200]);
  server.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(log).toContain('server.stopping');
});
