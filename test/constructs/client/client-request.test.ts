import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HASHED_PATH } from '../../../constructs/client/hashed-path';
import { Edge } from './edge';

const RELEASE = '0123456789abcdef-00c0ffee';
const edge = new Edge(new Map([['release', `${RELEASE} /assets/team-IMG_1234.svg`]]));
const own = (path: string) => `/releases/${RELEASE}${path}`;
const PAGE = own('/index.html');

const TYPED = { 'sec-fetch-mode': 'navigate', accept: 'text/html,*/*;q=0.8' };
const FETCHED = { 'sec-fetch-mode': 'cors', accept: '*/*' };
const OLD_BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const TOOL = { accept: '*/*' };

describe('navigations', () => {
  test.each([
    '/',
    '/entries',
    '/entries/',
    '/entries/42',
    '/users/john.doe',
    '/search/a%2Fb',
    '/%E4%BD%A0%E5%A5%BD',
    '/a/../b',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//evil.example.com',
    '/api',
    '/assets',
    '/%61pi/entries',
    '/%',
    '/%ff',
    '/a%00b',
    '/a%5Cb',
    `/${'x'.repeat(2000)}`,
  ])('to %j show the index of the release', async (uri) => {
    expect(await edge.route(uri, TYPED)).toBe(PAGE);
  });

  test('by a browser without fetch metadata show the index', async () => {
    expect(await edge.route('/users/john.doe', OLD_BROWSER)).toBe(PAGE);
  });

  test('by a tool that accepts any type show the index', async () => {
    expect(await edge.route('/entries', TOOL)).toBe(PAGE);
  });

  test('by a tool without an Accept header show the index', async () => {
    expect(await edge.route('/entries')).toBe(PAGE);
  });
});

describe('files', () => {
  test.each([
    ['/index.html', own('/index.html')],
    ['/robots.txt', own('/robots.txt')],
    ['/favicon.ico', own('/favicon.ico')],
    ['/images/caf%C3%A9.png', own('/images/caf%C3%A9.png')],
    ['/images/café.png', own('/images/caf%C3%A9.png')],
    ['/images/a%20b.png', own('/images/a%20b.png')],
    ['/report.pdf', own('/report.pdf')],
    ['/.well-known/apple-app-site-association', own('/.well-known/apple-app-site-association')],
    ['/.git', own('/.git')],
    ['/.env', own('/.env')],
    ['/wp-login.php', own('/wp-login.php')],
  ])('%s in the address bar come from the release', async (uri, expected) => {
    expect(await edge.route(uri, TYPED)).toBe(expected);
  });

  test.each([
    '/assets/app-BX3k9d2a.js',
    '/assets/app-BX3k9d2a.js.map',
    '/assets/app.a1b2c3d4.css',
    '/assets/fonts/inter-_-x9Yz12.woff2',
    '/assets/index-D-_k3d9x.js',
  ])('%s with a hash come from the shared folder of all releases', async (uri) => {
    expect(await edge.route(uri, FETCHED)).toBe(uri);
  });

  test.each([
    '/assets/logo.svg',
    '/assets/app-short12.js',
    '/assets/logo-transparent.png',
    '/assets/',
    '/images/app-BX3k9d2a.js',
  ])('%s without a hash, or elsewhere, come from the release', async (uri) => {
    expect(await edge.route(uri, FETCHED)).toBe(own(uri));
  });

  test('with hash-like names come from the release if its pointer lists them', async () => {
    expect(await edge.route('/assets/team-IMG_1234.svg', FETCHED)).toBe(own('/assets/team-IMG_1234.svg'));
  });

  test('in the asset folder do not become the index if they are missing', async () => {
    expect(await edge.route('/assets/missing', TYPED)).toBe(own('/assets/missing'));
  });

  test('that a script fetches do not become the index if they are missing', async () => {
    expect(await edge.route('/data/missing', FETCHED)).toBe(own('/data/missing'));
  });

  test('of unknown type are files for a tool', async () => {
    expect(await edge.route('/model.custom', TOOL)).toBe(own('/model.custom'));
  });

  test('of unknown type are files for a script', async () => {
    expect(await edge.route('/model.custom', FETCHED)).toBe(own('/model.custom'));
  });
});

describe('paths with a segment that begins with a dot', () => {
  test.each(['/.git/config', '/.env', '/a/.svn/entries', '/.well-known/security', '/.aws/credentials'])(
    '%s are files, even in a navigation',
    async (uri) => {
      for (const headers of [TYPED, TOOL]) expect(await edge.route(uri, headers)).toBe(own(uri));
    },
  );
});

describe('paths that no file can have', () => {
  test.each([
    '/%',
    '/a%2Fb.js',
    '/%2e%2e/x.js',
    '/../x.js',
    '//x.js',
    '/a%5C..%5Cb.js',
    '/%0d%0a.js',
    '/%7f',
  ])('%s are not found by a script', async (uri) => {
    expect(await edge.route(uri, FETCHED)).toBe(404);
  });

  test.each([`/${'x'.repeat(901)}.js`, `/${'a/'.repeat(4000)}x.js`, `/${'%41'.repeat(2700)}.js`])(
    'longer than any key are not found by a script: %.9s…',
    async (uri) => {
      expect(await edge.route(uri, FETCHED)).toBe(404);
    },
  );
});

describe('the store', () => {
  test('that does not answer leads to the fallback', async () => {
    expect(await new Edge(undefined).route('/entries', TYPED)).toBe('/fallback/index.html');
  });

  test('without a release leads to the fallback', async () => {
    expect(await new Edge(new Map()).route('/robots.txt', TYPED)).toBe('/fallback/robots.txt');
  });

  test('that does not answer does not affect hashed assets', async () => {
    const uri = '/assets/app-BX3k9d2a.js';
    expect(await new Edge(undefined).route(uri, FETCHED)).toBe(uri);
  });

  test.each(['', '../../etc', 'a/b', ' x', 'x'.repeat(65)])(
    'with %j as release leads to the fallback',
    async (value) => {
      expect(await new Edge(new Map([['release', value]])).route('/', TYPED)).toBe('/fallback/index.html');
    },
  );

  test('moves all paths of a release at once', async () => {
    const moving = new Edge(new Map([['release', 'one']]));
    expect(await moving.route('/', TYPED)).toBe('/releases/one/index.html');
    moving.store = new Map([['release', 'two']]);
    expect(await moving.route('/', TYPED)).toBe('/releases/two/index.html');
  });
});

/** Paths as they arrive: plain, encoded, encoded twice, broken, with dots, slashes and any Unicode. */
const segment = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'grapheme' }).map(encodeURIComponent),
  fc.constantFrom(
    '.',
    '..',
    '...',
    '%2e',
    '%2E%2e',
    '%252e',
    '%2f',
    '%5c',
    '\\',
    '%',
    '%zz',
    '%00',
    '%c3',
    '',
  ),
  fc.constantFrom('api', 'assets', 'index.html', 'app-BX3k9d2a.js', 'logo.svg', 'a.b', '.env'),
);
const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
const headers = fc.constantFrom(TYPED, FETCHED, OLD_BROWSER, TOOL, {});
const RUNS = { numRuns: 500 };

describe('any path', () => {
  test('leads into the release, to a hashed asset, or to no object', () =>
    fc.assert(
      fc.asyncProperty(path, headers, async (uri, sent) => {
        const result = await edge.route(uri, sent);
        expect(
          result === 404 || HASHED_PATH.test(String(result)) || String(result).startsWith(own('/')),
        ).toBe(true);
      }),
      RUNS,
    ));

  test('leads to a path without dots, empty parts, or separators hidden in one', () =>
    fc.assert(
      fc.asyncProperty(path, headers, async (uri, sent) => {
        const result = await edge.route(uri, sent);
        if (result === 404) return;
        const parts = String(result).slice(1).split('/').map(decodeURIComponent);
        expect(parts.slice(0, -1)).not.toContain('');
        expect(
          parts.filter(
            (part) =>
              part === '.' || part === '..' || (/[/\\\p{Cc}]/u.test(part) && !/[\u0080-\u009f]/.test(part)),
          ),
        ).toEqual([]);
      }),
      RUNS,
    ));

  test('leads to a key that S3 takes', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 3000, unit: 'grapheme' }), async (text) => {
        const result = await edge.route(`/${text}`, FETCHED);
        expect(result === 404 || Buffer.byteLength(String(result)) <= 1024).toBe(true);
      }),
      RUNS,
    ));

  test('leads to the same file in any encoding', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), headers, async (name, sent) => {
        fc.pre(!/[/\\%\p{Cc}]/u.test(name) && name !== '.' && name !== '..');
        const everyByte = [...Buffer.from(name)]
          .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
          .join('');
        expect(await edge.route(`/${everyByte}.txt`, sent)).toBe(await edge.route(`/${name}.txt`, sent));
      }),
      RUNS,
    ));

  test('of a navigation leads to an object', () =>
    fc.assert(
      fc.asyncProperty(path, async (uri) => {
        const result = await edge.route(uri, TYPED);
        expect(result).not.toBe(404);
      }),
      RUNS,
    ));
});
