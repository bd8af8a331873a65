import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { Load } from '../../lib/rehearsal/load';

test('the load comes from many users, and a rate limit is not a failure', async () => {
  const viewers = new Set<unknown>();
  let count = 0;
  const server = createServer(({ headers }, response) => {
    viewers.add(headers['rehearsal-viewer']);
    response.writeHead([200, 429, 503][count++ % 3]!).end();
  }).listen(0);
  const load = new Load(`http://localhost:${(server.address() as AddressInfo).port}`, ['/'], true);
  load.start();
  await expect.poll(() => count).toBeGreaterThan(30);
  await load.stop();
  server.close();
  expect(viewers.size).toBe(Math.min(count, 250));
  expect(load.limited).toBe(Math.floor((count + 1) / 3));
  expect(load.total).toEqual({ made: count, failed: Math.floor(count / 3) });
});
