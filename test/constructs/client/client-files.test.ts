import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientFiles, urlPath } from '../../../constructs/client/client-files';
import { FIXTURE, folder, viteManifest } from './folder';

const PAGE = { 'index.html': '' };

describe('a build with Vite’s manifest', () => {
  const files = clientFiles(FIXTURE);

  test('treats the files in the manifest as hashed', () => {
    expect(files.hashed).toEqual(
      expect.arrayContaining([
        'assets/app-BX3k9d2a.js',
        'assets/app-C0ffee42.css',
        'assets/entry-D9qWx_1z.js',
      ]),
    );
  });

  test('treats a source map as hashed if its script is', () => {
    expect(files.hashed).toContain('assets/app-BX3k9d2a.js.map');
  });

  test('treats assets of a chunk as hashed', () => {
    const path = 'assets/photo-abcdefgh.png';
    const manifest = JSON.stringify({ 'index.html': { file: 'assets/index-abcdefgh.js', assets: [path] } });
    expect(clientFiles(folder({ ...PAGE, [path]: '', '.vite/manifest.json': manifest })).hashed).toEqual([
      path,
    ]);
  });

  test('treats a file with only a hash-like name as not hashed, and reports it', () => {
    expect(files.unhashed).toContain('assets/team-IMG_1234.svg');
    expect(files.lookalikes).toEqual(['/assets/team-IMG_1234.svg']);
  });

  test('treats copied files as not hashed', () => {
    expect(files.unhashed).toEqual(expect.arrayContaining(['favicon.ico', 'robots.txt', 'site.webmanifest']));
  });

  test('does not depend on the form of the folder path', () => {
    expect(clientFiles(`${FIXTURE}/../${basename(FIXTURE)}/`)).toEqual(files);
  });

  test('lists HTML separately', () => {
    expect(files.html).toEqual(['index.html']);
  });

  test('does not publish the manifest', () => {
    expect([...files.hashed, ...files.unhashed].filter((path) => path.includes('manifest.json'))).toEqual([]);
  });

  test('lists each file once', () => {
    const all = [...files.hashed, ...files.unhashed, ...files.html];
    expect(new Set(all).size).toBe(all.length);
  });

  test('accepts a hash of letters only if the manifest names the file', () => {
    const path = 'assets/app-abcdefgh.js';
    const named = clientFiles(folder({ ...PAGE, [path]: '', '.vite/manifest.json': viteManifest(path) }));
    expect(named.hashed).toEqual([path]);
  });

  test('reads the manifest at the path of Vite 4', () => {
    const path = 'assets/app.abcdefgh.js';
    const named = clientFiles(folder({ ...PAGE, [path]: '', 'manifest.json': viteManifest(path) }));
    expect(named.hashed).toEqual([path]);
  });

  test('reports hashed files outside the folder of hashed assets', () => {
    const path = 'static/app-BX3k9d2a.js';
    const named = clientFiles(folder({ ...PAGE, [path]: '', '.vite/manifest.json': viteManifest(path) }));
    expect(named.unrecognised).toEqual([path]);
    expect(named.unhashed).toEqual([path]);
  });
});

describe('a build without a manifest', () => {
  test.each(['assets/app-BX3k9d2a.js', 'assets/app.B1b2c3d4.css', 'assets/inter-Dx4kXJAl.woff2'])(
    'treats %s as hashed, because people do not choose such names',
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
  ])('treats %s as not hashed if in doubt', (path) => {
    expect(clientFiles(folder({ ...PAGE, [path]: '' })).unhashed).toEqual([path]);
  });

  test("does not confuse a web application manifest with Vite's manifest", () => {
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
