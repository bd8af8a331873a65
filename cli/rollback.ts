import type { CheckResult } from '../constructs/verification/checks';
import { wrapped } from '../lib/findings/wrapped';
import type { RollbackPlan } from '../lib/releases/plan-rollback';
import { type Command, EXIT, optionValue, print, printJson, progress } from './command';
import { environmentOptions, selected } from './environment-options';
import { listed } from './verify';

export const rollback: Command = {
  summary: 'Roll server and client back to an earlier release',
  description: `Rolls the client back first, then the server, verifies both through CloudFront and records the rollback. Without
--to, the target is the previous release. If a later migration removed something that the earlier server may need, the
command refuses. If a deployment is in progress, the command stops it and ECS rolls it back. docs/releases.md describes
the steps and lists the permissions. Exits with 2 if a check fails after the rollback.`,
  options: {
    ...environmentOptions,
    to: { value: 'RELEASE', description: 'Release id, or its beginning (default: the previous release)' },
    'dry-run': { description: 'Print the steps without executing them' },
    json: { description: 'Print the steps and the results as JSON' },
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
    if (!given['json']) print(await described(plan, dry));
    const results = dry ? [] : await rollBack(plan, releases, progress);
    if (given['json']) {
      const { release, from, steps } = plan;
      printJson({ from, to: release.releaseId, steps, done: !dry, results, next: plan.next });
    } else print(`${outcome(plan, dry, results)}${next(plan)}`);
    return results.every(({ passed }) => passed) ? EXIT.done : EXIT.foundWanting;
  },
};

async function described({ release, from, steps }: RollbackPlan, dry: boolean): Promise<string> {
  const { describeStep } = await import('../lib/releases/roll-back.js');
  const direction =
    from === release.releaseId ? `to ${release.releaseId}` : `from ${from} to ${release.releaseId}`;
  const list = steps.map(
    (step, index) => `${wrapped(`  ${index + 1}. ${describeStep(step)}`, '', '     ')}\n`,
  );
  return `${wrapped(`${dry ? 'Would roll back' : 'Rolling back'} ${direction}`)}\n${list.join('')}`;
}

function outcome({ release }: RollbackPlan, dry: boolean, results: readonly CheckResult[]): string {
  if (dry) return 'Nothing was done.\n';
  if (results.length === 0) return `${wrapped(`Done: users have ${release.releaseId}.`)}\n`;
  const passed = results.every((result) => result.passed);
  return `${listed(results)}${wrapped(passed ? `Done: users have ${release.releaseId}.` : `Users have ${release.releaseId}, but a check failed.`)}\n`;
}

function next(plan: RollbackPlan): string {
  return `\nNext\n${plan.next.map((line) => `${wrapped(`- ${line}`, '  ', '    ')}\n`).join('')}`;
}
