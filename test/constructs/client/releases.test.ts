import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Deployment, deploy, Edge, type StoredObject, upload } from './edge';
import { folder, viteManifest } from './folder';

const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const TYPED = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };
const FETCHED = { 'sec-fetch-mode': 'no-cors' };

/** A build with one inline script, an entry chunk and a chunk that is loaded later. */
function build(version: string, hash: string): string {
  const files = [`assets/index-${hash}.js`, `assets/lazy-${hash}.js`];
  return folder({
    'index.html': `<script>version = ${version}</script><script type="module" src="/${files[0]}"></script>`,
    [files[0]!]: `entry ${version}`,
    [files[1]!]: `lazy ${version}`,
    'robots.txt': `robots ${version}`,
    '.vite/manifest.json': viteManifest(...files),
  });
}

const options = { name: 'guestbook-test', environmentName: 'test' } as const;
const first = deploy({ ...options, files: build('1', 'Aaaaaaa1'), releaseId: '1111111111111111' });
const second = deploy({ ...options, files: build('2', 'Bbbbbbb2'), releaseId: '2222222222222222' });

/** A bucket, a store and the edge in front of them. */
function world() {
  const bucket = new Map<string, StoredObject>();
  const edge = new Edge(new Map());
  return {
    bucket,
    edge,
    upload: (deployment: Deployment) => upload(bucket, deployment),
    point: (deployment: Deployment) => edge.store?.set(...deployment.pointer),
    get: async (uri: string, headers: Record<string, string> = TYPED) => {
      const key = await edge.route(uri, headers);
      const object = bucket.get(String(key).slice(1));
      return object ? { body: object.body, headers: edge.respond(object.headers) } : undefined;
    },
  };
}

function released(...deployments: Deployment[]) {
  const there = world();
  for (const deployment of deployments) {
    there.upload(deployment);
    there.point(deployment);
  }
  return there;
}

describe('two releases side by side', () => {
  test('show the first release until the pointer moves', async () => {
    const there = released(first);
    there.upload(second);
    expect((await there.get('/'))?.body).toContain('version = 1');
  });

  test('show the second release afterwards', async () => {
    const there = released(first, second);
    expect((await there.get('/'))?.body).toContain('version = 2');
  });

  test('show the first release again after a rollback, which writes one key', async () => {
    const there = released(first, second);
    const before = new Map(there.bucket);
    there.point(first);
    expect((await there.get('/'))?.body).toContain('version = 1');
    expect(there.bucket).toEqual(before);
  });

  test('each send their own policy, also after a rollback', async () => {
    const there = released(first);
    const policy = async () => (await there.get('/'))?.headers['content-security-policy'];
    expect(await policy()).toContain(sha('version = 1'));
    expect(await policy()).not.toContain(sha('version = 2'));
    there.upload(second);
    there.point(second);
    expect(await policy()).toContain(sha('version = 2'));
    expect(await policy()).not.toContain(sha('version = 1'));
    there.point(first);
    expect(await policy()).toContain(sha('version = 1'));
  });

  test('each have their own files without hash', async () => {
    const there = released(first, second);
    expect((await there.get('/robots.txt'))?.body).toBe('robots 2');
    there.point(first);
    expect((await there.get('/robots.txt'))?.body).toBe('robots 1');
  });

  test("keep serving the first release's chunks to an open page", async () => {
    const there = released(first, second);
    expect((await there.get('/assets/lazy-Aaaaaaa1.js', FETCHED))?.body).toBe('lazy 1');
  });

  test('never answer a missing chunk with a page', async () => {
    expect(await released(first).get('/assets/lazy-Ccccccc3.js', FETCHED)).toBeUndefined();
  });

  test('work if the store does not answer', async () => {
    const there = released(first, second);
    there.edge.store = undefined;
    const page = await there.get('/entries/42');
    expect(page?.body).toContain('version = 2');
    expect(page?.headers['content-security-policy']).toContain(sha('version = 2'));
  });

  test('name their environment', async () => {
    const config = await released(first).get('/config.json', FETCHED);
    expect(JSON.parse(config!.body)).toEqual({ environment: 'test' });
  });
});

test('a build with another policy has pages with another entity tag', () => {
  const files = folder({ 'index.html': '<p>page</p>' });
  const page = (sources: Record<string, string[]>) => {
    const deployment = deploy({
      ...options,
      files,
      releaseId: 'r',
      pages: { contentSecurityPolicy: { sources } },
    });
    const bucket = new Map<string, StoredObject>();
    upload(bucket, deployment);
    return bucket.get(`releases/${deployment.pointer[1]}/index.html`)!.body;
  };
  expect(page({})).not.toBe(page({ 'img-src': ['https://img.example'] }));
  expect(page({})).toBe(page({}));
});

test("users get the build's own config.json", async () => {
  const files = folder({ 'index.html': '', 'config.json': '{"mine":true}' });
  const config = await released(deploy({ ...options, files, releaseId: 'r' })).get('/config.json', FETCHED);
  expect(config?.body).toBe('{"mine":true}');
});

describe('an upload', () => {
  const kept = (deployment: Deployment, ending: string) =>
    deployment.uploads
      .flatMap(({ objects }) => [...objects])
      .filter(([key]) => key.endsWith(ending))
      .map(([, { headers }]) => headers['cache-control']);

  test('lets browsers keep hashed assets for a year', () => {
    expect(kept(first, 'index-Aaaaaaa1.js')).toEqual(['public, max-age=31536000, immutable']);
  });

  test('makes browsers revalidate all other files', () => {
    expect(new Set([...kept(first, 'index.html'), ...kept(first, 'robots.txt')])).toEqual(
      new Set(['no-cache']),
    );
  });

  test('of a font has its content type', () => {
    const files = folder({
      'index.html': '',
      'font.woff2': 'wOF2',
      'robots.txt': '',
    });
    const objects = deploy({ ...options, files, releaseId: 'r' }).uploads.flatMap((each) => [
      ...each.objects,
    ]);
    const fonts = objects.filter(([key]) => key.endsWith('.woff2'));
    expect(fonts.map(([, { headers }]) => headers['content-type'])).toEqual(['font/woff2', 'font/woff2']);
    expect(objects.find(([key]) => key.endsWith('robots.txt'))?.[1].headers).not.toHaveProperty(
      'content-type',
    );
  });

  test('of the same build with another policy is a new release', () => {
    const files = build('1', 'Aaaaaaa1');
    const strict = deploy({ ...options, files, releaseId: 'same' });
    const reporting = deploy({
      ...options,
      files,
      releaseId: 'same',
      pages: { contentSecurityPolicy: { reportOnly: true } },
    });
    expect(reporting.pointer[1]).not.toBe(strict.pointer[1]);
  });

  test('of the same build with the same settings is the same release', () => {
    const again = deploy({ ...options, files: build('1', 'Aaaaaaa1'), releaseId: '1111111111111111' });
    expect(again.pointer).toEqual(first.pointer);
  });
});

test('the functions are the same in every release', () => {
  const code = (deployment: Deployment) =>
    Object.values(deployment.template.findResources('AWS::CloudFront::Function')).map(
      ({ Properties }) => Properties.FunctionCode,
    );
  expect(code(second)).toEqual(code(first));
});
