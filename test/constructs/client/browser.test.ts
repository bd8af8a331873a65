import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deploy, Edge, type StoredObject, upload } from './edge';
import { folder, viteManifest } from './folder';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** As the uploader guesses them. */
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** A client as Vite writes one, with all that a policy has to let through. */
function build(version: number, hash: string): string {
  const [entry, lazy, style] = [
    `assets/index-${hash}.js`,
    `assets/lazy-${hash}.js`,
    `assets/index-${hash}.css`,
  ] as const;
  return folder({
    'index.html': `<!doctype html>
<html lang="en">
  <head>
    <title>Guestbook</title>
    <script>document.documentElement.dataset.version = '${version}';</script>
    <style>body { color: rgb(1, 2, 3); }</style>
    <script type="module" crossorigin src="/${entry}"></script>
    <link rel="stylesheet" crossorigin href="/${style}">
  </head>
  <body style="margin: 0"><div id="root"></div></body>
</html>`,
    [entry]: `document.getElementById('root').style.padding = '1px';
window.load = () => import('/${lazy}').then(({ text }) => { document.getElementById('root').textContent = text; });`,
    [lazy]: `export const text = 'lazy ${version}';`,
    [style]: '#root { font-weight: bold }',
    '.vite/manifest.json': viteManifest(entry, lazy, style),
  });
}

describe.skipIf(!existsSync(CHROMIUM))('in Chromium', () => {
  const options = { name: 'guestbook-test', environmentName: 'test' } as const;
  const first = deploy({ ...options, files: build(1, 'Aaaaaaa1'), releaseId: 'first' });
  const second = deploy({ ...options, files: build(2, 'Bbbbbbb2'), releaseId: 'second' });
  const edge = new Edge(new Map([first.pointer]));
  const bucket = new Map<string, StoredObject>();
  let server: Server;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    upload(bucket, first);
    upload(bucket, second);
    server = createServer(async (request, response) => {
      const key = String(await edge.route(request.url ?? '/', request.headers as Record<string, string>));
      const object = bucket.get(key.slice(1));
      if (!object) return response.writeHead(404).end();
      return response
        .writeHead(200, { 'content-type': TYPES[extname(key)], ...edge.respond(object.headers) })
        .end(object.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  /** Opens the client and collects what the policy blocks. */
  async function open(): Promise<{ page: Page; violations: () => Promise<string[]> }> {
    edge.store?.set(...first.pointer);
    const page = await browser.newPage();
    await page.addInitScript(`
      window.blocked = [];
      addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    `);
    await page.goto(`${url}/entries/42`);
    return { page, violations: () => page.evaluate<string[]>('blocked') };
  }

  test('the policy blocks nothing of the build', async () => {
    const { page, violations } = await open();
    await page.evaluate('load()');
    expect(await page.textContent('#root')).toBe('lazy 1');
    expect(await page.evaluate('document.documentElement.dataset.version')).toBe('1');
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(1, 2, 3)');
    expect(await page.evaluate('getComputedStyle(document.body).margin')).toBe('0px');
    expect(await violations()).toEqual([]);
    await page.close();
  });

  test('the policy blocks an injected script', async () => {
    const { page, violations } = await open();
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
    }`);
    expect(await page.evaluate('window.injected')).toBeUndefined();
    expect(await violations()).toEqual(['script-src-elem']);
    await page.close();
  });

  test('a page of the first release still loads its chunks after the second release', async () => {
    const { page } = await open();
    edge.store?.set(...second.pointer);
    await page.evaluate('load()');
    expect(await page.textContent('#root')).toBe('lazy 1');
    await page.close();
  });

  test('a reload shows the second release, and the first one after a rollback', async () => {
    const { page, violations } = await open();
    for (const [release, version] of [
      [second, '2'],
      [first, '1'],
    ] as const) {
      edge.store?.set(...release.pointer);
      await page.reload();
      expect(await page.evaluate('document.documentElement.dataset.version')).toBe(version);
      expect(await violations()).toEqual([]);
    }
    await page.close();
  });
});
