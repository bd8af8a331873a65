import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RealUserMonitoring } from '../../../constructs/monitoring';
import { testStack } from '../../support';
import { deploy, Edge, type StoredObject, upload } from '../client/edge';
import { folder, viteManifest } from '../client/folder';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ENTRY = 'assets/index-Aaaaaaa1.js';

describe.skipIf(!existsSync(CHROMIUM))('in Chromium, a page without monitoring code of its own', () => {
  const users = new RealUserMonitoring(testStack('Test', { env: { region: 'eu-central-1' } }), 'Users', {
    name: 'shop',
    domains: ['shop.example'],
    release: 'r42',
    samplePercent: 100,
  });
  const files = folder({
    'index.html': `<!doctype html><html lang="en"><head><title>Shop</title><script type="module" src="/${ENTRY}"></script></head><body><h1>Shop</h1></body></html>`,
    [ENTRY]: `throw new Error('the application fails at once');`,
    '.vite/manifest.json': viteManifest(ENTRY),
  });
  const client = deploy({
    name: 'shop',
    files,
    releaseId: 'r42',
    pages: {
      headScript: users.headScript,
      contentSecurityPolicy: { sources: users.contentSecurityPolicySources },
    },
  });
  const edge = new Edge(new Map([client.pointer]));
  const bucket = new Map<string, StoredObject>();
  let monitor: string | undefined;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    upload(bucket, client);
    server = createServer(async (request, response) => {
      const key = String(await edge.route(request.url ?? '/', request.headers as Record<string, string>));
      const object = bucket.get(key.slice(1));
      if (!object) return response.writeHead(404).end();
      const type = key.endsWith('.js') ? { 'content-type': 'text/javascript' } : {};
      const headers = {
        ...type,
        ...edge.respond(object.headers),
        ...(monitor && { 'x-app-monitor': monitor, 'x-app-monitor-region': 'eu-central-1' }),
      };
      return response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : object.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  /** Opens the page. Returns the requests that it sends, and a function that waits for one of them. */
  async function visit() {
    const page = await browser.newPage();
    const sent: { url: string; body: string }[] = [];
    const text = () => sent.map(({ body }) => body).join('\n');
    let arrived = () => {};
    const until = async (part: string): Promise<void> => {
      while (!text().includes(part))
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
    };
    await page.route(/^https:\/\/dataplane\.rum\./, async (route) => {
      const data = route.request().postDataBuffer() ?? Buffer.alloc(0);
      const body = data[0] === 0x1f && data[1] === 0x8b ? gunzipSync(data).toString() : data.toString();
      sent.push({ url: route.request().url(), body });
      await route.fulfill({ status: 200, headers: { 'access-control-allow-origin': '*' }, body: '{}' });
      arrived();
    });
    await page.addInitScript(`
      window.blocked = [];
      addEventListener('securitypolicyviolation', (event) => blocked.push(event.blockedURI));
    `);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { page, sent, text, until };
  }

  test('reports errors, including the first, and failed requests with its release, and is not blocked', async () => {
    monitor = '00000000-0000-4000-8000-000000000000';
    const { page, sent, text, until } = await visit();
    await until('the application fails at once');
    await page.evaluate("fetch('/api/missing')");
    await until('/api/missing');
    expect(new Set(sent.map(({ url }) => new URL(url).host))).toEqual(
      new Set(['dataplane.rum.eu-central-1.amazonaws.com']),
    );
    expect(sent[0]?.url).toContain(`/appmonitors/${monitor}`);
    expect(text()).toContain('com.amazon.rum.js_error_event');
    expect(text()).toContain('com.amazon.rum.http_event');
    expect(text()).toMatch(/"version":"r42"/);
    expect(text()).toMatch(/release[^}]*r42/);
    expect(await page.evaluate('blocked')).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
    await page.close();
  }, 60_000);

  test('sends nothing and works if CloudFront names no app monitor', async () => {
    monitor = undefined;
    const { page, sent } = await visit();
    expect(await page.textContent('h1')).toBe('Shop');
    expect(sent).toEqual([]);
    await page.close();
  }, 60_000);
});
