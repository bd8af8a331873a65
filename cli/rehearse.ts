import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Warning } from '../lib/application/warning';
import { cacheFolder } from '../lib/files/cache-folder';
import type { Summary } from '../lib/rehearsal/report';
import {
  type Command,
  EXIT,
  type Given,
  optionValue,
  print,
  printJson,
  progress,
  table,
  UsageError,
} from './command';
import { productionOptions, sameApplication } from './environment-options';
import { type PlanToRehearse, planToRehearse } from './plan-to-rehearse';
import { runReplay } from './run-replay';
import { warningsText } from './warnings';

export const rehearse: Command = {
  summary: 'Deploy the plan on this machine: real database, server and client',
  description: `Synthesises an environment and deploys its plan on this machine, without an AWS account and without Docker. Deploys a
first release, and then a second release blue/green under a small load. Without --env, the command rehearses
production, because only production has every safeguard. The report says which parts were real, emulated and not
rehearsed. On a terminal, the application runs until you press Ctrl-C. Exits with 2 if the rehearsal fails.`,
  options: {
    ...productionOptions,
    fault: {
      value: 'NAME',
      description:
        'Inject a fault into a release; NAME,NAME injects each fault into a release of its own; `list` lists the faults',
    },
    'release-from': {
      value: 'DIR',
      description: 'Cloud assembly of the previous release (default: a copy of the same plan)',
    },
    plan: {
      value: 'DIR',
      description: "Rehearse this cloud assembly, such as cdk.out; the application's sources are not needed",
    },
    trace: { value: 'FILE', description: 'Write every judged call and connection to this file as JSON' },
    replay: {
      value: 'FILE',
      description:
        'Deploy nothing; judge the calls and connections in this trace against the plan, in about a second',
    },
    port: { value: 'NUMBER', description: 'Local port of the application (default: a free port)' },
    json: { description: 'Print the report as JSON' },
  },
  examples: [
    'framework53 rehearse',
    'framework53 rehearse --app ../shop --env staging',
    'framework53 rehearse --fault migration-fails',
    'framework53 rehearse --plan cdk.out --trace trace.json',
    'framework53 rehearse --plan changed.out --replay trace.json',
  ],
  async run(given) {
    const { FAULTS } = await import('../lib/rehearsal/fault.js');
    if (given['fault'] === 'list') {
      print(
        table(
          FAULTS.map(({ name, description }) => [name, description]),
          '',
        ),
      );
      return EXIT.done;
    }
    const faults = given['fault'] === undefined ? [] : String(given['fault']).split(',');
    const unknown = faults.find((fault) => !FAULTS.some(({ name }) => name === fault));
    if (unknown !== undefined)
      throw new UsageError(
        `there is no fault '${unknown}'; framework53 rehearse --fault list lists the faults`,
      );
    const port = portOf(given);
    if (given['replay'] !== undefined) return runReplay(given);
    const former = optionValue(given, 'release-from');
    const { rehearse: play } = await import('../lib/rehearsal/rehearsal.js');
    const { rehearsalEvidence: bound } = await import('../lib/approval/evidence.js');
    const { digestOfPlan } = await import('../lib/review/plan-digest.js');
    const plan = await planToRehearse(given);
    try {
      const { assembly } = plan;
      const digest = digestOfPlan(assembly);
      const summary = await play({
        assembly,
        faults,
        afterwards: faults.length > 0 ? undefined : await rollback(assembly),
        releaseFrom: former === undefined ? undefined : resolve(former),
        port,
        progress,
        trace: optionValue(given, 'trace'),
        until: interrupted(),
        beforeEnd: (result) => present(bound(result, digest), plan, given),
      });
      return summary.verdict === 'passed' ? EXIT.done : EXIT.foundWanting;
    } finally {
      plan.remove();
    }
  },
};

/** Returns the rehearsed `framework53 rollback` of the plan's environment; undefined if the plan records no releases. */
async function rollback(assembly: string) {
  const { Assembly } = await import('../lib/rehearsal/core/assembly.js');
  const { placeInPlan } = await import('../lib/releases/environment-place.js');
  const { rehearsedRollback } = await import('../lib/releases/rehearsed-rollback.js');
  const place = placeInPlan(new Assembly(assembly).stacks);
  return place && rehearsedRollback(place);
}

function portOf({ port }: Given): number | undefined {
  if (port === undefined) return undefined;
  const number = Number(port);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new UsageError(`--port must be 1 to 65535, got '${port}'`);
}

/** Resolves when a signal asks the rehearsal to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** Prints the report and writes it to a file. On a terminal, keeps the application running until Ctrl-C. */
async function present(
  summary: Summary,
  { name, warnings = [] }: PlanToRehearse,
  given: Given,
): Promise<void> {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `rehearsal-${name}.json`);
  writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`);
  if (given['json']) return printJson(summary);
  const { describeSummary } = await import('../lib/rehearsal/report.js');
  print(`${describeSummary(summary)}Rehearsal ${summary.verdict}; report: ${file}\n`);
  if (summary.verdict === 'failed') print(possibleReasons(warnings, given));
  if (!process.stdout.isTTY || !summary.url) return;
  print(`
The application runs until you press Ctrl-C. Next:
  open     ${summary.url}
${given['plan'] === undefined ? nextCommands(name, given) : ''}`);
  await interrupted();
}

/** Returns the build's warnings of danger, which often name the reason of a failure, and the command that finds settings. */
export function possibleReasons(warnings: readonly Warning[], given: Given): string {
  if (given['plan'] !== undefined) return '';
  const dangers = warnings.filter(({ severity }) => severity === 'danger');
  const listed = dangers.length > 0 ? `\nWarnings of the build\n${warningsText(dangers, false)}` : '';
  return `${listed}
Next
  init     npx framework53 init${sameApplication(given, '--app ')}
           runs the server alone, and writes the settings that it needs to framework53.config.ts
`;
}

function nextCommands(environment: string, given: Given): string {
  return `  review   npx framework53 review --env ${environment}${sameApplication(given, '--app ')}
  deploy   npx cdk deploy --all -c env=${environment}${sameApplication(given, '-c app=')}
`;
}
