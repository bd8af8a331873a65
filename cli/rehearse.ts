import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../lib/files/cache-folder';
import type { Summary } from '../lib/rehearsal/report';
import {
  type Command,
  EXIT,
  type Given,
  optionValue,
  printJson,
  progress,
  table,
  UsageError,
} from './command';
import { productionOptions, sameApplication } from './environment-options';
import { planToPlay } from './plan-to-play';
import { replayed } from './replayed';

export const rehearse: Command = {
  summary: 'Play the plan on this machine, with a real database, server and client',
  description: `Synthesises an environment and plays its plan on this machine, without an AWS account and without Docker: a first
release, then a second one on top of it, blue/green, under a small load. Without --env the plan is production's,
because only production has all that can go wrong. The report lists what was real, emulated and not rehearsed. On a
terminal the application stays up until Ctrl-C. Exits with 2 if the plan failed the rehearsal.`,
  options: {
    ...productionOptions,
    fault: {
      value: 'NAME',
      description: 'What goes wrong, in a release each (NAME,NAME); `list` shows them',
    },
    'release-from': {
      value: 'DIR',
      description: 'Cloud assembly of the release before (default: a copy of this one)',
    },
    plan: {
      value: 'DIR',
      description: 'Cloud assembly to play instead, such as cdk.out. It needs no sources of the application',
    },
    trace: { value: 'FILE', description: 'Write each judged call and connection, as JSON' },
    replay: {
      value: 'FILE',
      description: 'Play nothing: judge the calls and connections of this trace by the plan, within a second',
    },
    port: { value: 'NUMBER', description: 'Port of the application on this machine (default: a free one)' },
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
      process.stdout.write(
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
      throw new UsageError(`there is no fault '${unknown}'; framework53 rehearse --fault list names them`);
    const port = portOf(given);
    if (given['replay'] !== undefined) return replayed(given);
    const former = optionValue(given, 'release-from');
    const { rehearse: play } = await import('../lib/rehearsal/rehearsal.js');
    const { rehearsalEvidence: bound } = await import('../lib/approval/evidence.js');
    const { digestOfPlan } = await import('../lib/review/plan-digest.js');
    const plan = await planToPlay(given);
    try {
      const { assembly, name } = plan;
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
        beforeEnd: (result) => present(bound(result, digest), name, given),
      });
      return summary.verdict === 'passed' ? EXIT.done : EXIT.foundWanting;
    } finally {
      plan.remove();
    }
  },
};

/** `framework53 rollback` of a plan's environment; nothing for a plan that records no releases. */
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

/** Settles when somebody wants the rehearsal to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** Shows the report, keeps it as a file, and on a terminal keeps the application up. */
async function present(summary: Summary, name: string, given: Given): Promise<void> {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `rehearsal-${name}.json`);
  writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`);
  if (given['json']) return printJson(summary);
  const { describeSummary } = await import('../lib/rehearsal/report.js');
  process.stdout.write(`${describeSummary(summary)}Report: ${file}\n`);
  if (!process.stdout.isTTY || !summary.url) return;
  process.stdout.write(`
The application is up until Ctrl-C. Next:
  open     ${summary.url}
${given['plan'] === undefined ? nextCommands(name, given) : ''}`);
  await interrupted();
}

function nextCommands(environment: string, given: Given): string {
  return `  review   npx framework53 review --env ${environment}${sameApplication(given, '--app ')}
  deploy   npx cdk deploy --all -c env=${environment}${sameApplication(given, '-c app=')}
`;
}
