import type { CheckResult } from '../../constructs/verification/checks';
import { verifyRelease } from '../../constructs/verification/verify-release';
import { type EnvironmentReleases, ReleaseError } from './environment-releases';
import { shortRevision } from './environment-state';
import type { RollbackPlan, RollbackStep } from './plan-rollback';

/** Describes a step. */
export function describeStep(step: RollbackStep): string {
  switch (step.do) {
    case 'stop-deployment':
      return `have ECS roll back the deployment of ${shortRevision(step.taskDefinition)}`;
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
      if (step.do === 'verify') results = await verifyBack(plan, verify);
      else await perform(step, plan, environment);
    } catch (error) {
      const { message } = error as Error;
      const before = done.length > 0 ? `; done before: ${done.join(', ')}` : '; nothing was done before';
      throw new ReleaseError(
        `${describeStep(step)} failed: ${message}${before}. Run the same command again to go on from here; framework53 status says what users have`,
        { cause: error },
      );
    }
    done.push(describeStep(step));
  }
  return results;
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
      return await environment.record(release, whatWasLeft(plan));
  }
}

/** The release that users had; of a stopped deployment only the revision is known. */
function whatWasLeft({ release, from, steps }: RollbackPlan): string {
  if (from !== release.releaseId) return from;
  const stopped = steps.find((step) => step.do === 'stop-deployment');
  return stopped ? shortRevision(stopped.taskDefinition) : from;
}

/** Runs the checks. A failed check does not fail the step: the record must say what users have. */
async function verifyBack({ release }: RollbackPlan, verify: typeof verifyRelease): Promise<CheckResult[]> {
  const { checks = [], pageDigest, url } = release;
  const promise = { checks, page: true, pageDigest };
  return await verify(url, promise, fetch, { pageAttempts: 30 });
}
