import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Synthetics, walk } from '../../../constructs/monitoring/canary.lambda';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const PAGE = '<!doctype html><title>Shop</title><script type="module" src="/app.js"></script><div></div>';
let script = '';
const server = createServer((request, response) => {
  // As strict as the policies that releases have.
  response.setHeader('content-security-policy', "default-src 'self'; script-src 'self'; object-src 'none'");
  if (request.url === '/') response.setHeader('content-type', 'text/html').end(PAGE);
  else if (request.url === '/app.js') response.setHeader('content-type', 'text/javascript').end(script);
  else response.writeHead(204).end();
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The runtime's own library, as far as the canary uses it. */
function browser(): Synthetics {
  let launched: Browser | undefined;
  return {
    launch: async () => {
      launched = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
      return launched;
    },
    newPage: (context) => (context as BrowserContext).newPage(),
    executeStep: (_, step) => step(),
    close: async () => launched?.close(),
  };
}

test.runIf(existsSync(CHROMIUM))(
  'visits a page with a strict policy in a browser',
  { timeout: 60_000 },
  async () => {
    const visit = () => walk({ BASE_URL: url, CHECKS: '[]' }, browser(), fetch);
    // Slower than the load event, as an application that asks its API first.
    script = "setTimeout(() => document.body.append('Hello'), 500);";
    await visit();
    script += ' missing();';
    await expect(visit()).rejects.toThrow('a script of the page failed: missing is not defined');
  },
);
