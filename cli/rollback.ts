import type { CheckResult } from '../constructs/verification/checks';
import type { RollbackPlan } from '../lib/releases/plan-rollback';
import { type Command, EXIT, optionValue, printJson, progress } from './command';
import { environmentOptions, selected } from './environment-options';
import { listed } from './verify';

export const rollback: Command = {
  summary: 'Take server and client back to an earlier release, together',
  description: `Moves the client back first, then the server, verifies both through CloudFront and records the rollback.
Without --to the rollback goes to the release before the current one; --to takes the beginning of any release
id. The command refuses if a migration since then removed something that the earlier server may need. If a
deployment is under way, the command has ECS roll that deployment back instead. docs/releases.md says more, and
lists the permissions the command needs. Exits with 2 if the release that users have now fails a check.`,
  options: {
    ...environmentOptions,
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
    const { placeOf } = await import('../lib/releases/environment-place.js');
    const { planRollback } = await import('../lib/releases/plan-rollback.js');
    const { rollBack } = await import('../lib/releases/roll-back.js');
    const releases = new EnvironmentReleases(placeOf(selected(given)), progress);
    progress(`reading ${releases.name} in ${releases.region}`);
    const plan = planRollback(await releases.read(), optionValue(given, 'to'));
    const dry = given['dry-run'] === true;
    if (!given['json']) process.stdout.write(await described(plan, dry));
    const results = dry ? [] : await rollBack(plan, releases, progress);
    if (given['json']) {
      const { release, from, steps } = plan;
      printJson({ from, to: release.releaseId, steps, done: !dry, results, next: plan.next });
    } else process.stdout.write(`${outcome(plan, dry, results)}${next(plan)}`);
    return results.every(({ passed }) => passed) ? EXIT.done : EXIT.foundWanting;
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
