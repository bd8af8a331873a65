/** Check of a release: a request and the expected response. */
export interface Check {
  /** Path and query of the request, beginning with `/`. */
  readonly path: string;
  /**
   * Expected status, from 100 to 599. Redirects are not followed.
   * @default 200
   */
  readonly status?: number;
  /**
   * Expected headers, by name. Each value is a regular expression.
   * @default - any headers
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Regular expression that the body must match.
   * @default - any body
   */
  readonly body?: string;
  /**
   * Maximum of the 95th percentile of the response times over `tries` requests, in milliseconds.
   * @default - response times are not measured
   */
  readonly p95Ms?: number;
  /**
   * Number of requests to measure for `p95Ms`, from 1 to 1000.
   * @default 20
   */
  readonly tries?: number;
}

/** Result of a check. */
export interface CheckResult {
  /** Check that ran. */
  readonly check: Check;
  /** True if the response was as expected. */
  readonly passed: boolean;
  /** Number of attempts. */
  readonly attempts: number;
  /** Description of the expectation and the response. */
  readonly message: string;
}

/** Limits of checks. */
export interface CheckLimits {
  /**
   * Headers to send with every request.
   * @default - no headers
   */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /**
   * Number of attempts after which a check fails.
   * @default 3
   */
  readonly attempts?: number;
  /**
   * Time between two attempts, in milliseconds.
   * @default 2000
   */
  readonly pauseMs?: number;
  /**
   * Timeout of one request, in milliseconds.
   * @default 10000
   */
  readonly timeoutMs?: number;
  /**
   * Timeout of all checks together, in milliseconds. Checks that have not run by then fail.
   * @default 240000
   */
  readonly deadlineMs?: number;
}

/** The part of `fetch` that checks use. */
export type Fetch = (
  url: string,
  init: {
    /** Headers of the request. */
    headers: Record<string, string>;
    /** Do not follow redirects. */
    redirect: 'manual';
    /** Signal that aborts the request. */
    signal: AbortSignal;
  },
) => Promise<Pick<Response, 'status' | 'headers' | 'text'> & Partial<Pick<Response, 'body'>>>;

/** Advice for an answer with status 429. */
const RATE_LIMITED =
  "a rate limit of the application refuses the request: exclude this path from the limit (option skip), and set 'trust proxy' to 1 so that users do not share one limit";

const MAX_TRIES = 1000;
/** Megabytes of an answer that are read. A longer answer could fill the memory of the handler. */
const LARGEST_BODY = 5;

/**
 * Returns the body of an answer.
 * @throws Error if the body has over 5 MB
 */
export async function bodyOf(response: Awaited<ReturnType<Fetch>>): Promise<string> {
  if (!response.body) return response.text();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (size > LARGEST_BODY * 1e6) throw new Error(`the body has over ${LARGEST_BODY} MB`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Returns the problems in the definition of checks. */
export function checkProblems(checks: readonly Check[]): string[] {
  return checks.flatMap((check) => {
    const where = `check '${check.path}'`;
    const problems: string[] = [];
    if (!check.path.startsWith('/')) problems.push(`${where}: 'path' must start with '/'`);
    if (check.status !== undefined && !(check.status >= 100 && check.status <= 599))
      problems.push(`${where}: 'status' must be 100 to 599, got ${check.status}`);
    if (check.p95Ms !== undefined && !(check.p95Ms > 0))
      problems.push(`${where}: 'p95Ms' must be more than 0, got ${check.p95Ms}`);
    if (check.tries !== undefined && !(check.tries >= 1 && check.tries <= MAX_TRIES))
      problems.push(`${where}: 'tries' must be 1 to ${MAX_TRIES}, got ${check.tries}`);
    for (const [what, source] of Object.entries({ body: check.body, ...check.headers })) {
      if (source === undefined) continue;
      try {
        new RegExp(source);
      } catch (error) {
        problems.push(`${where}: '${what}' is not a regular expression: ${(error as Error).message}`);
      }
    }
    return problems;
  });
}

/** Parses checks from a template or an event, in which numbers may have become strings. */
export function parseChecks(value: unknown): Check[] {
  const list = typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  if (!Array.isArray(list)) throw new Error(`checks must be a list, got ${JSON.stringify(value)}`);
  return list.map((item: Record<string, unknown> | null) => {
    if (typeof item !== 'object' || item === null)
      throw new Error(`a check must be an object with a path, got ${JSON.stringify(item)}`);
    return checkOf(item);
  });
}

function checkOf(item: Record<string, unknown>): Check {
  return {
    path: String(item.path),
    ...(item.status !== undefined && { status: Number(item.status) }),
    ...(item.headers !== undefined && { headers: item.headers as Record<string, string> }),
    ...(item.body !== undefined && { body: String(item.body) }),
    ...(item.p95Ms !== undefined && { p95Ms: Number(item.p95Ms) }),
    ...(item.tries !== undefined && { tries: Number(item.tries) }),
  };
}

/** Runs the checks one after the other, and returns the result of each. Never throws. */
export async function runChecks(
  baseUrl: string,
  checks: readonly Check[],
  fetch: Fetch,
  limits: CheckLimits = {},
): Promise<CheckResult[]> {
  const { attempts = 3, pauseMs = 2000, deadlineMs = 240_000 } = limits;
  const deadline = Date.now() + deadlineMs;
  const results: CheckResult[] = [];
  for (const check of checks) {
    let problem: string | undefined = 'no time was left for this check';
    let attempt = 0;
    while (attempt < attempts && problem !== undefined && Date.now() < deadline) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      attempt += 1;
      problem = await runCheck(baseUrl, check, fetch, limits, deadline);
    }
    results.push({
      check,
      passed: problem === undefined,
      attempts: attempt,
      message: `GET ${check.path}: ${problem ?? `as expected (${expectation(check)})`}`,
    });
  }
  return results;
}

async function runCheck(
  baseUrl: string,
  check: Check,
  fetch: Fetch,
  limits: CheckLimits,
  deadline: number,
): Promise<string | undefined> {
  const tries = check.p95Ms === undefined ? 1 : (check.tries ?? 20);
  const durations: number[] = [];
  for (let n = 0; n < tries; n += 1) {
    const left = deadline - Date.now();
    if (left <= 0) return `no time was left after ${n} of ${tries} requests`;
    const started = performance.now();
    try {
      const response = await fetch(new URL(check.path, baseUrl).href, {
        headers: { ...limits.requestHeaders },
        redirect: 'manual',
        signal: AbortSignal.timeout(Math.min(limits.timeoutMs ?? 10_000, left)),
      });
      const body = await bodyOf(response);
      durations.push(performance.now() - started);
      const problem = mismatch(check, response.status, response.headers, body);
      if (problem) return problem;
    } catch (error) {
      return `expected ${expectation(check)}, got no response: ${reason(error)}`;
    }
  }
  if (check.p95Ms === undefined) return undefined;
  const p95 = percentile95(durations);
  return p95 <= check.p95Ms
    ? undefined
    : `expected 95 % of ${tries} responses within ${check.p95Ms} ms, got ${Math.round(p95)} ms`;
}

function mismatch(check: Check, status: number, headers: Headers, body: string): string | undefined {
  const expected = check.status ?? 200;
  if (status !== expected) {
    const why = status === 429 ? `; ${RATE_LIMITED}` : '';
    return `expected status ${expected}, got ${status}: ${excerpt(body)}${why}`;
  }
  for (const [name, source] of Object.entries(check.headers ?? {})) {
    const value = headers.get(name);
    if (value === null) return `expected header ${name} to match /${source}/, got no such header`;
    if (!new RegExp(source).test(value))
      return `expected header ${name} to match /${source}/, got '${excerpt(value)}'`;
  }
  if (check.body !== undefined && !new RegExp(check.body).test(body))
    return `expected a body that matches /${check.body}/, got: ${excerpt(body)}`;
  return undefined;
}

function expectation(check: Check): string {
  return [
    `status ${check.status ?? 200}`,
    ...Object.keys(check.headers ?? {}).map((name) => `header ${name}`),
    ...(check.body === undefined ? [] : ['body']),
    ...(check.p95Ms === undefined ? [] : [`p95 within ${check.p95Ms} ms`]),
  ].join(', ');
}

/** Returns the 95th percentile by nearest rank: of 20 durations, the 19th. */
function percentile95(durations: readonly number[]): number {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line || '(empty)';
}

/** Returns the reason of a failed `fetch`. The network error is in `cause`. */
function reason(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'timed out';
  return cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : message;
}
