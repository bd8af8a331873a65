import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckReport } from '../lib/check/check-application';
import type { CheckFormat } from '../lib/check/format';
import type { ResolvedEnvironment } from '../lib/prepare/resolve-environment';
import { EXIT, type Given, optionValue, print, progress, UsageError } from './command';

/** Options of `framework53 check` that need `--ready`. */
export const READY_OPTIONS = ['test', 'plan', 'rehearsal'];

/** Prints the checklist before a deployment. */
export async function ready(
  check: CheckReport,
  { application, environment, settings }: ResolvedEnvironment,
  given: Given,
  format: CheckFormat,
): Promise<number> {
  const test = optionValue(given, 'test');
  const plan = optionValue(given, 'plan');
  if (plan !== undefined && !existsSync(join(plan, 'manifest.json')))
    throw new UsageError(`--plan must be a cloud assembly, such as cdk.out; '${plan}' has no manifest.json`);
  const { readiness } = await import('../lib/check/readiness/readiness.js');
  const { formatReadiness } = await import('../lib/check/readiness/format.js');
  const { auditProduction } = await import('../lib/check/readiness/audit.js');
  const { readRehearsal } = await import('../lib/check/readiness/rehearsed.js');
  const { runTestCommand } = await import('../lib/check/readiness/run-tests.js');
  const { cacheFolder } = await import('../lib/files/cache-folder.js');
  const { planFacts } = await import('../lib/check/readiness/planned.js');
  const { readPlan } = await import('../lib/review/read-plan.js');
  const { digestOfPlan } = await import('../lib/review/plan-digest.js');
  // `rehearse --env NAME` and `rehearse --plan DIR` write these reports.
  const last = [environment, 'plan'].map((name) => join(cacheFolder(), `rehearsal-${name}.json`));
  const reports = optionValue(given, 'rehearsal') ?? last;
  if (test !== undefined) progress(`running ${test}`);
  const items = readiness({
    check,
    tests: test === undefined ? undefined : runTestCommand(test, application),
    audit: auditProduction(application),
    rehearsal: readRehearsal([reports].flat(), plan === undefined ? undefined : digestOfPlan(plan)),
    plan: plan === undefined ? undefined : planFacts((await readPlan(plan)).stacks),
    escalation: settings.escalation.tiers.length > 0,
  });
  print(formatReadiness(environment, items, format));
  return items.some(({ state }) => state === 'failed') ? EXIT.foundWanting : EXIT.done;
}
