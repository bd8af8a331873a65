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
    const { result, html } = await verifyPage(baseUrl, promise, fetch, left(), limits.pageAttempts ?? 30);
    results.push(result);
    // Of another release's page the assets are no news.
    if (!result.passed || html === undefined) return results;
    results.push(...(await runChecks(baseUrl, assetChecks(html, pageUrl(baseUrl)), fetch, left())));
  }
  return [...results, ...(await runChecks(baseUrl, promise.checks, fetch, left()))];
}

const PAGE: Check = { path: '/', headers: { 'content-type': '^text/html' } };
const pageUrl = (baseUrl: string): string => new URL('/', baseUrl).href;

/** Asks for the page until it is the one that is expected. */
async function verifyPage(
  baseUrl: string,
  { pageDigest: digest }: ReleasePromise,
  fetch: Fetch,
  limits: CheckLimits,
  attempts: number,
): Promise<{ result: CheckResult; html?: string }> {
  let html: string | undefined;
  let foreign = false;
  // The page that was checked is the one that is read, not a second one.
  const reading: Fetch = async (url, init) => {
    const response = await fetch(url, init);
    const body = await response.text();
    html = body;
    foreign = digest !== undefined && response.status === 200 && pageDigest(body) !== digest;
    if (foreign) throw new Error('not yet');
    return { status: response.status, headers: response.headers, text: async () => body };
  };
  const [result] = await runChecks(baseUrl, [PAGE], reading, {
    ...limits,
    attempts: digest === undefined ? limits.attempts : attempts,
  });
  if (!foreign || !result) return { result: result as CheckResult, html };
  const title = /<title[^>]*>([^<]*)/i.exec(html ?? '')?.[1]?.trim();
  const message = `GET /: expected the index.html of this release (SHA-256 ${digest?.slice(0, 12)}…), got another${title ? `, titled '${title}'` : ''} (${pageDigest(html ?? '').slice(0, 12)}…), ${result.attempts} times`;
  return { result: { ...result, message } };
}
