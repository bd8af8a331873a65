import type { CheckResult } from '../constructs/verification';
import type { RollbackPlan } from '../lib/releases/plan-rollback';
import { type Command, progress } from './command';
import { target, targetOptions } from './target';
import { listed } from './verify';

export const rollback: Command = {
  summary: 'Take server and client back to an earlier release, together',
  description: `Moves the client back first, then the server, verifies both through CloudFront and records it. Without --to it
goes to the release before the current one; an earlier or a later one can be named by the beginning of its
id. It refuses when a migration since then took something away that the earlier server may need. While a
deployment is under way, it has ECS take that one back instead. docs/releases.md says more, and lists the
permissions it needs.`,
  options: {
    ...targetOptions,
    to: { value: 'RELEASE', description: 'Release id, or its beginning (default: the one before)' },
    'dry-run': { description: 'Say what would be done, and do nothing' },
    json: { description: 'Print plan and outcome as JSON' },
  },
  examples: [
    'framework53 rollback --env production --dry-run',
    'framework53 rollback --env production',
    'framework53 rollback --env production --to 0123abcd',
  ],
  async run(given) {
    const { EnvironmentReleases } = await import('../lib/releases/environment-releases.js');
    const { planRollback } = await import('../lib/releases/plan-rollback.js');
    const { rollBack } = await import('../lib/releases/roll-back.js');
    const environment = new EnvironmentReleases(target(given), progress);
    progress(`reading ${environment.name} in ${environment.region}`);
    const plan = planRollback(await environment.read(), given['to'] as string | undefined);
    const dry = given['dry-run'] === true;
    if (!given['json']) process.stdout.write(await described(plan, dry));
    const results = dry ? [] : await rollBack(plan, environment, progress);
    const passed = results.every((result) => result.passed);
    process.stdout.write(
      given['json'] ? json(plan, dry, results) : `${outcome(plan, dry, results)}${next(plan)}`,
    );
    return passed ? 0 : 1;
  },
};

async function described({ release, from, steps }: RollbackPlan, dry: boolean): Promise<string> {
  const { describeStep } = await import('../lib/releases/roll-back.js');
  const way = from === release.releaseId ? `to ${release.releaseId}` : `from ${from} to ${release.releaseId}`;
  const list = steps.map((step, index) => `  ${index + 1}. ${describeStep(step)}\n`).join('');
  return `${dry ? 'Would go back' : 'Going back'} ${way}\n${list}`;
}

function outcome({ release }: RollbackPlan, dry: boolean, results: readonly CheckResult[]): string {
  if (dry) return 'Nothing was done.\n';
  if (results.length === 0) return `Done: users have ${release.releaseId}.\n`;
  const passed = results.every((result) => result.passed);
  return `${listed(results)}${passed ? `Done: users have ${release.releaseId}.` : `Users have ${release.releaseId}, which does not answer as it should.`}\n`;
}

function next(plan: RollbackPlan): string {
  return `\nWhat comes next\n${plan.next.map((line) => `  - ${line}\n`).join('')}`;
}

function json(plan: RollbackPlan, dry: boolean, results: readonly CheckResult[]): string {
  const { release, from, steps } = plan;
  return `${JSON.stringify({ from, to: release.releaseId, steps, done: !dry, results, next: plan.next }, null, 2)}\n`;
}
