import type { CheckResult } from '../../constructs/verification/checks';
import { verifyRelease } from '../../constructs/verification/verify-release';
import { type EnvironmentReleases, ReleaseError } from './environment-releases';
import { shortRevision } from './environment-state';
import type { RollbackPlan, RollbackStep } from './plan-rollback';

/** Describes a step for progress lines and errors. */
export function describeStep(step: RollbackStep): string {
  switch (step.do) {
    case 'stop-deployment':
      return `let ECS roll back the deployment of ${shortRevision(step.taskDefinition)}`;
    case 'await-deployment':
      return 'wait for the deployment in progress';
    case 'move-client':
      return `client: ${step.from ?? 'unknown'} → ${step.to}`;
    case 'deploy-server':
      return `server: ${shortRevision(step.from)} → ${shortRevision(step.to)}`;
    case 'verify':
      return `verify ${step.url}`;
    case 'record':
      return 'record the rollback';
  }
}

/**
 * Executes the steps of a plan in order. If a step fails, earlier steps stay done, and a new plan continues from there.
 *
 * @returns the results of the verification
 * @throws ReleaseError that names the failed step and the steps before it
 */
export async function rollBack(
  plan: RollbackPlan,
  environment: EnvironmentReleases,
  progress: (line: string) => void,
  verify: typeof verifyRelease = verifyRelease,
): Promise<CheckResult[]> {
  let results: CheckResult[] = [];
  const done: string[] = [];
  for (const step of plan.steps) {
    progress(describeStep(step));
    try {
      if (step.do === 'verify') results = await verifyRolledBack(plan, verify);
      else await perform(step, plan, environment);
    } catch (error) {
      const { message } = error as Error;
      const before =
        done.length > 0 ? `; completed steps: ${done.join(', ')}` : '; no step was completed before';
      throw new ReleaseError(
        `${describeStep(step)} failed: ${message}${before}. Run the same command again to continue from here; framework53 status shows the server and the client that users have`,
        { cause: error },
      );
    }
    done.push(`${describeStep(step)}${step.do === 'verify' ? verdict(results) : ''}`);
  }
  return results;
}

/** Describes the results of the checks, because an error of a later step is all that the user then sees. */
function verdict(results: readonly CheckResult[]): string {
  const failed = results.filter(({ passed }) => !passed).map(({ message }) => message);
  return failed.length > 0 ? ` (failed: ${failed.join('; ')})` : ` (${results.length} checks passed)`;
}

async function perform(
  step: Exclude<RollbackStep, { do: 'verify' }>,
  plan: RollbackPlan,
  environment: EnvironmentReleases,
): Promise<void> {
  const { release } = plan;
  switch (step.do) {
    case 'stop-deployment':
      return await environment.stop(step.deployment);
    case 'await-deployment':
      return await environment.awaitSuccess(step.deployment);
    case 'move-client':
      return await environment.moveClient(release.keyValueStore, step.to);
    case 'deploy-server':
      return await environment.deployServer(release);
    case 'record':
      return await environment.record(release, abandonedRelease(plan));
  }
}

/**
 * Returns the release that users had before the rollback; for a stopped deployment, its revision, because nothing else
 * is known.
 */
function abandonedRelease({ release, from, steps }: RollbackPlan): string {
  if (from !== release.releaseId) return from;
  const stopped = steps.find((step) => step.do === 'stop-deployment');
  return stopped ? shortRevision(stopped.taskDefinition) : from;
}

/**
 * Runs the checks. A failed check does not fail the step, because the next step must still record the release that
 * users have.
 */
async function verifyRolledBack(
  { release }: RollbackPlan,
  verify: typeof verifyRelease,
): Promise<CheckResult[]> {
  const { checks = [], pageDigest, url } = release;
  const promise = { checks, page: true, pageDigest };
  return await verify(url, promise, fetch, { pageAttempts: 30 });
}
