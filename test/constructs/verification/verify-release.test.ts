import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pageDigest, type ReleasePromise, verifyRelease } from '../../../constructs/verification';
import { startWebServer, type WebServer } from './web-server';

const PAGE = '<!doctype html><title>Shop</title><script src="/assets/a.js"></script>';
const FORMER = '<!doctype html><title>Former</title><script src="/assets/gone.js"></script>';
let web: WebServer;

beforeEach(async () => {
  web = await startWebServer({
    '/': { body: PAGE },
    '/assets/a.js': { type: 'text/javascript' },
    '/api/health': { type: 'application/json', body: '{"ok":true}' },
  });
});
afterEach(() => web.stop());

const verify = (promise: Partial<ReleasePromise> = {}, limits = {}) =>
  verifyRelease(web.url, { checks: [{ path: '/api/health', body: '"ok"' }], page: true, ...promise }, fetch, {
    attempts: 2,
    pauseMs: 1,
    pageAttempts: 4,
    ...limits,
  });
const failures = async (...given: Parameters<typeof verify>) =>
  (await verify(...given)).filter(({ passed }) => !passed).map(({ message }) => message);

describe('a release', () => {
  test('is verified by its page, the assets of the page, then its checks', async () => {
    expect(await failures({ pageDigest: pageDigest(PAGE) })).toEqual([]);
    expect(web.paths()).toEqual(['/', '/assets/a.js', '/api/health']);
  });

  test('is requested with a User-Agent of its own', async () => {
    await verify();
    expect(new Set(web.seen.map(({ userAgent }) => userAgent))).toEqual(
      new Set(['framework53-verification']),
    );
  });

  test('may be any page when no digest is given', async () => {
    expect(await failures({ pageDigest: undefined })).toEqual([]);
  });

  test('needs no page if only the server is verified', async () => {
    web.pages['/'] = { status: 404 };
    expect(await failures({ page: false })).toEqual([]);
    expect(web.paths()).toEqual(['/api/health']);
  });

  test('is awaited while CloudFront still has the previous one', async () => {
    let asked = 0;
    web.pages['/'] = () => ({ body: ++asked < 4 ? FORMER : PAGE });
    expect(await failures({ pageDigest: pageDigest(PAGE) })).toEqual([]);
    expect(web.paths().filter((path) => path === '/')).toHaveLength(4);
  });

  test('fails after a limited number of requests, and names the received page', async () => {
    web.pages['/'] = { body: FORMER };
    const [message, ...more] = await failures({ pageDigest: pageDigest(PAGE) });
    expect(message).toMatch(
      /^GET \/: expected the index\.html of this release \(SHA-256 [0-9a-f]{12}…\), got another page, titled 'Former' \([0-9a-f]{12}…\), 4 times$/,
    );
    expect(more).toEqual([]);
    expect(web.paths()).toEqual(['/', '/', '/', '/']);
  });

  test('is awaited while the previous page is served, but not for an unknown page', async () => {
    const promise = { pageDigest: pageDigest(PAGE), previousPageDigest: pageDigest(FORMER) };
    let asked = 0;
    web.pages['/'] = () => ({ body: ++asked < 4 ? FORMER : PAGE });
    expect(await failures(promise)).toEqual([]);
    web.seen.length = 0;
    web.pages['/'] = { body: '<!doctype html><title>Broken</title>' };
    expect(await failures(promise)).toEqual([expect.stringMatching(/titled 'Broken' .* 2 times$/)]);
    expect(web.paths()).toEqual(['/', '/']);
  });

  test('that is the first one is awaited while there is no page', async () => {
    let asked = 0;
    web.pages['/'] = () => (++asked < 4 ? { status: 404 } : { body: PAGE });
    expect(await failures({ pageDigest: pageDigest(PAGE) })).toEqual([]);
  });

  test('ends at its deadline, which page, assets and checks share', async () => {
    web.pages['/'] = { body: PAGE, afterMs: 2000 };
    expect(await failures({}, { deadlineMs: 200 })).toEqual([expect.stringContaining('timed out')]);
    web.pages['/'] = { body: PAGE };
    web.pages['/assets/a.js'] = { type: 'text/javascript', afterMs: 3000 };
    expect(await failures({}, { deadlineMs: 800, attempts: 1 })).toEqual([
      expect.stringMatching(/^GET \/assets\/a\.js: .*timed out$/),
      'GET /api/health: no time was left for this check',
    ]);
  });

  test('fails with the status if there is no page', async () => {
    web.pages['/'] = { status: 502, body: 'bad gateway' };
    expect(await failures({ pageDigest: pageDigest(PAGE) })).toEqual([
      'GET /: expected status 200, got 502: bad gateway',
    ]);
  });

  test('fails if an asset is missing', async () => {
    delete web.pages['/assets/a.js'];
    expect(await failures()).toEqual(['GET /assets/a.js: expected status 200, got 404: not found']);
  });

  test('fails if the response for an asset is the page', async () => {
    web.pages['/assets/a.js'] = { body: PAGE };
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^GET \/assets\/a\.js: expected header content-type to match .* got 'text\/html'$/,
      ),
    ]);
  });

  test('fails if a check fails, and describes the response', async () => {
    web.pages['/api/health'] = { body: 'starting' };
    expect(await failures()).toEqual(['GET /api/health: expected a body that matches /"ok"/, got: starting']);
  });

  test('fails at the common deadline', async () => {
    expect(await failures({}, { deadlineMs: 0 })).toEqual(['GET /: no time was left for this check']);
  });

  test('fails without an exception if no server answers', async () => {
    await web.stop();
    expect(await failures()).toEqual([expect.stringContaining('got no response')]);
    web = await startWebServer({});
  });
});
