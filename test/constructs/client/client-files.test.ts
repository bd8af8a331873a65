import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientFiles, urlPath } from '../../../constructs/client/client-files';
import { FIXTURE, folder, viteManifest } from './folder';

const PAGE = { 'index.html': '' };

describe('a build with Vite’s manifest', () => {
  const files = clientFiles(FIXTURE);

  test('has the files hashed that the manifest names', () => {
    expect(files.hashed).toEqual(
      expect.arrayContaining([
        'assets/app-BX3k9d2a.js',
        'assets/app-C0ffee42.css',
        'assets/entry-D9qWx_1z.js',
      ]),
    );
  });

  test('has a source map hashed when its script is', () => {
    expect(files.hashed).toContain('assets/app-BX3k9d2a.js.map');
  });

  test('has the assets hashed that a chunk brings along', () => {
    const path = 'assets/photo-abcdefgh.png';
    const manifest = JSON.stringify({ 'index.html': { file: 'assets/index-abcdefgh.js', assets: [path] } });
    expect(clientFiles(folder({ ...PAGE, [path]: '', '.vite/manifest.json': manifest })).hashed).toEqual([
      path,
    ]);
  });

  test('has a file unhashed that only looks it, and says so', () => {
    expect(files.unhashed).toContain('assets/team-IMG_1234.svg');
    expect(files.lookalikes).toEqual(['/assets/team-IMG_1234.svg']);
  });

  test('has copied files unhashed', () => {
    expect(files.unhashed).toEqual(expect.arrayContaining(['favicon.ico', 'robots.txt', 'site.webmanifest']));
  });

  test('is the same however its folder is written', () => {
    expect(clientFiles(`${FIXTURE}/../${basename(FIXTURE)}/`)).toEqual(files);
  });

  test('has HTML apart', () => {
    expect(files.html).toEqual(['index.html']);
  });

  test('does not publish the manifest', () => {
    expect([...files.hashed, ...files.unhashed].filter((path) => path.includes('manifest.json'))).toEqual([]);
  });

  test('has each file once', () => {
    const all = [...files.hashed, ...files.unhashed, ...files.html];
    expect(new Set(all).size).toBe(all.length);
  });

  test('has a hash of letters only for one where the manifest names it', () => {
    const path = 'assets/app-abcdefgh.js';
    const named = clientFiles(folder({ ...PAGE, [path]: '', '.vite/manifest.json': viteManifest(path) }));
    expect(named.hashed).toEqual([path]);
  });

  test('reads the manifest where Vite 4 put it', () => {
    const path = 'assets/app.abcdefgh.js';
    const named = clientFiles(folder({ ...PAGE, [path]: '', 'manifest.json': viteManifest(path) }));
    expect(named.hashed).toEqual([path]);
  });

  test('names hashed files that lie where hashed files are not looked for', () => {
    const path = 'static/app-BX3k9d2a.js';
    const named = clientFiles(folder({ ...PAGE, [path]: '', '.vite/manifest.json': viteManifest(path) }));
    expect(named.unrecognised).toEqual([path]);
    expect(named.unhashed).toEqual([path]);
  });
});

describe('a build without a manifest', () => {
  test.each(['assets/app-BX3k9d2a.js', 'assets/app.B1b2c3d4.css', 'assets/inter-Dx4kXJAl.woff2'])(
    'has %s hashed: a name like that is not a person’s',
    (path) => {
      expect(clientFiles(folder({ ...PAGE, [path]: '' })).hashed).toEqual([path]);
    },
  );

  test.each([
    'assets/vendor-polyfill.js',
    'assets/report-20240115.js',
    'assets/photo-IMG_1234.js',
    'assets/photo-IPhone15.jpg',
    'assets/logo.svg',
    'assets/app-BX3k9d2.js',
    'images/app-BX3k9d2a.js',
  ])('has %s unhashed, in doubt', (path) => {
    expect(clientFiles(folder({ ...PAGE, [path]: '' })).unhashed).toEqual([path]);
  });

  test('does not take a web application manifest for Vite’s', () => {
    const path = 'assets/vendor-polyfill.js';
    const files = clientFiles(
      folder({ ...PAGE, [path]: '', 'manifest.json': '{"name":"Guestbook","description":null}' }),
    );
    expect(files.unhashed).toEqual([path, 'manifest.json']);
  });
});

test('a path is encoded as the viewer-request function encodes it', () => {
  expect(urlPath('images/café (1).png')).toBe('/images/caf%C3%A9%20(1).png');
});
