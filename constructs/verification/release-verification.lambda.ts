import { customResource } from '../handler/custom-resource';
import { isRollingBack } from '../handler/stack-status';
import { parseChecks } from './checks';
import { ANY_PAGE, type ReleaseVerificationProperties } from './release-verification.properties';
import { verifyRelease } from './verify-release';

/**
 * Verifies a release at its URL. A failed check fails the stack, and CloudFormation rolls the release back. During
 * that rollback, the handler logs the results and succeeds, because a failure would leave the stack in
 * UPDATE_ROLLBACK_FAILED.
 */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  const { Url, Checks, PageDigest } = event.ResourceProperties as ReleaseVerificationProperties;
  // If the stack status is unknown, assume that the stack is not rolling back: the verification may fail.
  const rollingBack = event.RequestType === 'Update' && ((await isRollingBack(event.StackId)) ?? false);
  const previous = event.RequestType === 'Update' ? event.OldResourceProperties.PageDigest : undefined;
  const promise = {
    checks: parseChecks(Checks),
    page: PageDigest !== undefined,
    pageDigest: digestOf(PageDigest),
    previousPageDigest: digestOf(previous),
  };
  const results = await verifyRelease(Url, promise, fetch, {
    deadlineMs: rollingBack ? 60_000 : Number(process.env.DEADLINE_MS ?? 480_000),
    pauseMs: Number(process.env.PAUSE_MS ?? 2000),
    pageAttempts: Number(process.env.PAGE_ATTEMPTS ?? 30),
  });
  for (const { passed, message, attempts } of results)
    console[passed ? 'info' : 'error'](
      JSON.stringify({ level: passed ? 'info' : 'error', passed, attempts, message }),
    );
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length === 0 || rollingBack) return undefined;
  throw new Error(
    `${failed.length} of ${results.length} checks failed at ${Url}\n${failed.map(({ message }) => message).join('\n')}`,
  );
});

function digestOf(pageDigest: string | undefined): string | undefined {
  return pageDigest === ANY_PAGE ? undefined : pageDigest;
}
