import { createHash } from 'node:crypto';
import { type Check, type CheckLimits, type CheckResult, type Fetch, runChecks } from './checks';
import { assetChecks } from './page-assets';

/** What a release promises to whoever comes to its address. */
export interface ReleasePromise {
  readonly checks: readonly Check[];
  /** Whether the page and what its HTML names are verified, too. */
  readonly page: boolean;
  /**
   * SHA-256 of the release's `index.html`, in hex: the page has to be this one.
   * @default any page
   */
  readonly pageDigest?: string;
  /**
   * The same of the release before it, which the edge may still have.
   * @default any other page may be the former one
   */
  readonly formerPageDigest?: string;
}

export interface ReleaseLimits extends CheckLimits {
  /**
   * How often the page is asked for until it is the release's: the edge learns of a release within seconds.
   * @default 30
   */
  readonly pageAttempts?: number;
}

/** So that the log of requests tells these from people. */
export const USER_AGENT = 'framework53-verification';

/** SHA-256 of a page, in hex. */
export function pageDigest(html: string | Buffer): string {
  return createHash('sha256').update(html).digest('hex');
}

/**
 * Verifies a release through its address: the page, every asset its HTML names, then the checks. Never
 * throws; a result says what was expected and what came.
 */
export async function verifyRelease(
  baseUrl: string,
  promise: ReleasePromise,
  fetch: Fetch,
  limits: ReleaseLimits = {},
): Promise<CheckResult[]> {
  const deadline = Date.now() + (limits.deadlineMs ?? 240_000);
  const left = (): CheckLimits => ({
    ...limits,
    requestHeaders: { 'user-agent': USER_AGENT, ...limits.requestHeaders },
    deadlineMs: Math.max(deadline - Date.now(), 0),
  });
  const results: CheckResult[] = [];
  if (promise.page) {
    const { result, html } = await verifyPage(baseUrl, promise, fetch, left, limits.pageAttempts ?? 30);
    results.push(result);
    // Of another release's page the assets are no news.
    if (html === undefined) return results;
    results.push(...(await runChecks(baseUrl, assetChecks(html, pageUrl(baseUrl)), fetch, left())));
  }
  return [...results, ...(await runChecks(baseUrl, promise.checks, fetch, left()))];
}

const PAGE: Check = { path: '/', headers: { 'content-type': '^text/html' } };
const pageUrl = (baseUrl: string): string => new URL('/', baseUrl).href;

/**
 * Asks for the page until it is the one that is expected. That takes patience while it is the former one, or
 * none is known; a page that is neither is not going to change.
 */
async function verifyPage(
  baseUrl: string,
  { pageDigest: digest, formerPageDigest: former }: ReleasePromise,
  fetch: Fetch,
  limits: () => CheckLimits,
  mostAttempts: number,
): Promise<{ result: CheckResult; html?: string }> {
  const { attempts = 3, pauseMs = 2000 } = limits();
  let failures = 0;
  for (let attempt = 1; ; attempt += 1) {
    const { result, html } = await askForPage(baseUrl, fetch, limits());
    const actual = html === undefined ? undefined : pageDigest(html);
    if (result.passed && (digest === undefined || actual === digest))
      return { result: { ...result, attempts: attempt }, html };
    const waiting = digest !== undefined && (former === undefined || actual === former);
    if (!waiting) failures += 1;
    if (failures >= attempts || attempt >= mostAttempts || limits().deadlineMs === 0) {
      const message = result.passed ? otherPage(digest, html ?? '', attempt) : result.message;
      return { result: { ...result, passed: false, attempts: attempt, message } };
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Asks once, and keeps what was checked. */
async function askForPage(
  baseUrl: string,
  fetch: Fetch,
  limits: CheckLimits,
): Promise<{ result: CheckResult; html?: string }> {
  let html: string | undefined;
  const reading: Fetch = async (url, init) => {
    const response = await fetch(url, init);
    const body = await response.text();
    html = body;
    return { status: response.status, headers: response.headers, text: async () => body };
  };
  const [result] = await runChecks(baseUrl, [PAGE], reading, { ...limits, attempts: 1 });
  return { result: result as CheckResult, html };
}

function otherPage(digest: string | undefined, html: string, attempts: number): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.trim();
  return `GET /: expected the index.html of this release (SHA-256 ${digest?.slice(0, 12)}…), got another${title ? `, titled '${title}'` : ''} (${pageDigest(html).slice(0, 12)}…), ${attempts} times`;
}
