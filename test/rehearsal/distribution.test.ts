import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Distribution } from '../../lib/rehearsal/cloudfront/distribution';
import type { Origin } from '../../lib/rehearsal/cloudfront/origins';
import { Bucket } from '../../lib/rehearsal/s3/bucket';
import { emptyAccount } from './small-account';

const HOST = 'internal-shop.elb.amazonaws.com';
const folder = mkdtempSync(join(tmpdir(), 'distribution-'));
const { stage, buckets } = emptyAccount();
const bucket = new Bucket('Files');
const server = createServer((_, answer) => answer.end('from the server'));
const distribution = new Distribution(stage);

beforeAll(async () => {
  writeFileSync(join(folder, 'page.html'), 'the page');
  bucket.objects.set('page.html', { file: join(folder, 'page.html'), headers: { 'x-kind': 'page' } });
  buckets.set('files', bucket);
  const behavior = (pattern: string, origin: Origin) => {
    return { pattern, origin, methods: ['GET'], compress: false, forwarding: [] };
  };
  distribution.options = {
    logicalId: 'Distribution',
    behaviors: [
      behavior('/api/*', { kind: 'server', host: HOST, port: 80, timeout: 5 }),
      behavior('*', { kind: 'bucket', bucket: 'files' }),
    ],
    rootObject: '',
    errorPages: new Map(),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.network.listen(HOST, 80, (server.address() as AddressInfo).port, { name: 'LoadBalancer' });
  await distribution.listen(0);
});
afterAll(() => {
  distribution.close();
  server.close();
  rmSync(folder, { recursive: true });
});

const get = async (path: string) => {
  const answer = await fetch(`${distribution.url}${path}`);
  return { status: answer.status, text: await answer.text(), kind: answer.headers.get('x-kind') };
};

test('reads its bucket with its own API call', async () => {
  const call = vi.spyOn(stage.api, 'call');
  expect(await get('/page.html')).toEqual({ status: 200, text: 'the page', kind: 'page' });
  const caller = {
    name: 'Distribution',
    principal: 'cloudfront.amazonaws.com',
    source: 'arn:aws:cloudfront::123456789012:distribution/E2REHEARSAL',
  };
  expect(call).toHaveBeenCalledExactlyOnceWith(caller, 's3:GetObject', { Bucket: 'files', Key: 'page.html' });
});

test('answers 403 for a missing object, and 404 if it may list the bucket', async () => {
  expect(await get('/missing.js')).toMatchObject({
    status: 403,
    text: expect.stringContaining('AccessDenied'),
  });
  bucket.listable = true;
  expect(await get('/missing.js')).toMatchObject({ status: 404, text: expect.stringContaining('NoSuchKey') });
});

test('answers 504 if the network does not let it reach the server', async () => {
  expect(await get('/api/entries')).toMatchObject({ status: 200, text: 'from the server' });
  const reach = vi.spyOn(stage.network, 'reach').mockReturnValue(undefined);
  expect(await get('/api/entries')).toMatchObject({ status: 504 });
  expect(reach).toHaveBeenCalledExactlyOnceWith({ name: 'Distribution' }, `${HOST}:80`);
});
