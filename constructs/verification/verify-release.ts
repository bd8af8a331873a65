import { createHash } from 'node:crypto';
import { bodyOf, type Check, type CheckLimits, type CheckResult, type Fetch, runChecks } from './checks';
import { assetChecks } from './page-assets';

/** Expected responses of a release. */
export interface ReleasePromise {
  /** Checks that the release must pass. */
  readonly checks: readonly Check[];
  /** True to verify the page at `/`, and the files that its HTML refers to. */
  readonly page: boolean;
  /**
   * SHA-256 of the page, in hexadecimal digits.
   * @default - any page
   */
  readonly pageDigest?: string;
  /**
   * SHA-256 of the previous release's page, which an edge location may still serve.
   * @default - any other page may be the previous one
   */
  readonly previousPageDigest?: string;
}

/** Limits of the verification of a release. */
export interface ReleaseLimits extends CheckLimits {
  /**
   * Maximum number of requests until the response is the page of the release. Edge locations serve a new release
   * within seconds.
   * @default 30
   */
  readonly pageAttempts?: number;
}

/** User agent of the verification, so that access logs distinguish it from people. */
export const USER_AGENT = 'framework53-verification';

/** Returns the SHA-256 of a page, in hexadecimal digits. */
export function pageDigest(html: string | Buffer): string {
  return createHash('sha256').update(html).digest('hex');
}

/**
 * Verifies a release at its URL: first the page, then the files that its HTML refers to, then the checks. Never
 * throws. Each result describes the expectation and the response.
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
    // Files of another page prove nothing about this release.
    if (html === undefined) return results;
    results.push(...(await runChecks(baseUrl, assetChecks(html, pageUrl(baseUrl)), fetch, left())));
  }
  return [...results, ...(await runChecks(baseUrl, promise.checks, fetch, left()))];
}

const PAGE: Check = { path: '/', headers: { 'content-type': '^text/html' } };
const pageUrl = (baseUrl: string): string => new URL('/', baseUrl).href;

/**
 * Requests the page until the response is the expected page. If the response is the previous page, or no previous page
 * is known, the edge location may not serve the release yet, so the function tries again. Any other page counts as a
 * failure.
 */
async function verifyPage(
  baseUrl: string,
  { pageDigest: digest, previousPageDigest: previous }: ReleasePromise,
  fetch: Fetch,
  limits: () => CheckLimits,
  mostAttempts: number,
): Promise<{ result: CheckResult; html?: string }> {
  const { attempts = 3, pauseMs = 2000 } = limits();
  let failures = 0;
  for (let attempt = 1; ; attempt += 1) {
    const { result, html } = await requestPage(baseUrl, fetch, limits());
    const actual = html === undefined ? undefined : pageDigest(html);
    if (result.passed && (digest === undefined || actual === digest))
      return { result: { ...result, attempts: attempt }, html };
    const waiting = digest !== undefined && (previous === undefined || actual === previous);
    if (!waiting) failures += 1;
    if (failures >= attempts || attempt >= mostAttempts || limits().deadlineMs === 0) {
      const message = result.passed ? otherPage(digest, html ?? '', attempt) : result.message;
      return { result: { ...result, passed: false, attempts: attempt, message } };
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Requests the page once, and keeps the checked HTML. */
async function requestPage(
  baseUrl: string,
  fetch: Fetch,
  limits: CheckLimits,
): Promise<{ result: CheckResult; html?: string }> {
  let html: string | undefined;
  const reading: Fetch = async (url, init) => {
    const response = await fetch(url, init);
    const body = await bodyOf(response);
    html = body;
    return { status: response.status, headers: response.headers, text: async () => body };
  };
  const [result] = await runChecks(baseUrl, [PAGE], reading, { ...limits, attempts: 1 });
  return { result: result as CheckResult, html };
}

function otherPage(digest: string | undefined, html: string, attempts: number): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html.slice(0, 10_000))?.[1]?.trim().slice(0, 100);
  return `GET /: expected the index.html of this release (SHA-256 ${digest?.slice(0, 12)}…), got another page${title ? `, titled '${title}'` : ''} (${pageDigest(html).slice(0, 12)}…), ${attempts} times`;
}
