import { type CheckResult, parseChecks, runChecks } from '../verification/checks';
import { WARM_UP, type WarmUp } from './warm-up';

/** Fields of a lifecycle hook event that the handler uses. */
interface LifecycleEvent extends WarmUp {
  readonly lifecycleStage?: string;
  readonly hookDetails?: { readonly checks?: unknown } | string;
  readonly executionDetails?: { readonly targetServiceRevisionArn?: string };
}

interface HookAnswer {
  readonly hookStatus: 'SUCCEEDED' | 'FAILED';
}

/**
 * Runs the checks of a new release on the test listener. The handler always returns a status. If a hook throws, ECS
 * reports only that the hook returned no status, and drops the reason.
 */
export async function handler(event: LifecycleEvent | null): Promise<HookAnswer> {
  if (event?.[WARM_UP]) return { hookStatus: 'SUCCEEDED' };
  const about = {
    stage: event?.lifecycleStage,
    revision: event?.executionDetails?.targetServiceRevisionArn,
  };
  try {
    const results = await runChecks(testUrl(), checksOf(event), fetch, {
      // CloudFront sends the same headers. Some applications redirect every request that is not HTTPS.
      requestHeaders: { 'cloudfront-forwarded-proto': 'https', 'x-forwarded-proto': 'https' },
      deadlineMs: Number(process.env.DEADLINE_MS ?? 240_000),
      pauseMs: Number(process.env.PAUSE_MS ?? 2000),
    });
    for (const { passed, message, attempts } of results)
      log(passed ? 'info' : 'error', { ...about, passed, attempts, message });
    return { hookStatus: results.every(passedCheck) ? 'SUCCEEDED' : 'FAILED' };
  } catch (error) {
    log('error', { ...about, message: error instanceof Error ? error.message : String(error) });
    return { hookStatus: 'FAILED' };
  }
}

const passedCheck = ({ passed }: CheckResult): boolean => passed;

function testUrl(): string {
  const url = process.env.TEST_URL;
  if (!url) throw new Error('TEST_URL is not set');
  return url;
}

function checksOf(event: LifecycleEvent | null) {
  const { hookDetails } = event ?? {};
  const details = typeof hookDetails === 'string' ? JSON.parse(hookDetails) : hookDetails;
  const checks = parseChecks(details?.checks);
  if (checks.length === 0) throw new Error('the hook details contain no checks');
  return checks;
}

function log(level: 'info' | 'error', entry: object): void {
  console[level](JSON.stringify({ level, ...entry }));
}
