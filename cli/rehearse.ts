import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../lib/files/cache-folder';
import type { Summary } from '../lib/rehearsal/report';
import { type Command, type Given, progress, UsageError } from './command';
import { target, targetOptions } from './target';

export const rehearse: Command = {
  summary: 'Play the plan on this machine, with a real database, server and client',
  description: `Synthesises an environment and plays its plan on this machine, without account and without Docker: a first
release, then a second one on top of it, blue/green, under a small load. Says what is real, what is
emulated and what is not rehearsed. On a terminal the application stays up, to be looked at, until Ctrl-C.`,
  options: {
    app: targetOptions.app,
    env: { value: 'NAME', description: 'development, test, staging or production (default)' },
    fault: {
      value: 'NAME',
      description: 'What goes wrong, in a release each (NAME,NAME); `list` shows them',
    },
    'release-from': {
      value: 'DIR',
      description: 'Cloud assembly of the release before (default: a copy of this one)',
    },
    port: { value: 'NUMBER', description: 'Port of the application on this machine (default: a free one)' },
    json: { description: 'Print the report as JSON' },
  },
  examples: [
    'framework53 rehearse',
    'framework53 rehearse --app ../shop --env staging',
    'framework53 rehearse --fault migration-fails',
  ],
  async run(given) {
    const { FAULTS } = await import('../lib/rehearsal/fault.js');
    if (given['fault'] === 'list') {
      const width = Math.max(...FAULTS.map(({ name }) => name.length));
      for (const { name, description } of FAULTS)
        process.stdout.write(`${name.padEnd(width)}  ${description}\n`);
      return 0;
    }
    const faults = given['fault'] === undefined ? [] : String(given['fault']).split(',');
    const unknown = faults.find((fault) => !FAULTS.some(({ name }) => name === fault));
    if (unknown !== undefined)
      throw new UsageError(`there is no fault '${unknown}'; framework53 rehearse --fault list names them`);
    const port = portOf(given);
    const environment = (given['env'] as string | undefined) ?? 'production';
    const { prepare } = await import('../lib/prepare/prepare.js');
    const { synthesize } = await import('../lib/synthesis/synthesize.js');
    const { rehearse: play } = await import('../lib/rehearsal/rehearsal.js');
    const { ROLLBACK_MODULE } = await import('../lib/releases/rehearsed-rollback.js');
    const prepared = await prepare({ ...target(given), environment });
    progress(`synthesising ${environment}`);
    const assembly = mkdtempSync(join(tmpdir(), 'framework53-plan-'));
    try {
      synthesize(prepared, assembly);
      const summary = await play({
        assembly,
        faults,
        afterwards:
          faults.length > 0
            ? undefined
            : { name: 'rollback', module: ROLLBACK_MODULE, event: { ...target(given), environment } },
        releaseFrom: given['release-from'] === undefined ? undefined : resolve(String(given['release-from'])),
        port,
        progress,
        until: interrupted(),
        beforeEnd: (result) => present(result, environment, given),
      });
      return summary.verdict === 'passed' ? 0 : 1;
    } finally {
      rmSync(assembly, { recursive: true, force: true });
    }
  },
};

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
async function present(summary: Summary, environment: string, given: Given): Promise<void> {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `rehearsal-${environment}.json`);
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  writeFileSync(file, text);
  if (given['json']) return void process.stdout.write(text);
  const { describeSummary } = await import('../lib/rehearsal/report.js');
  process.stdout.write(`${describeSummary(summary)}Report: ${file}\n`);
  if (!process.stdout.isTTY || !summary.url) return;
  process.stdout.write(`
The application is up until Ctrl-C. Next:
  open     ${summary.url}
  review   npx framework53 review --env ${environment}${given['app'] ? ` --app ${given['app']}` : ''}
  deploy   npx cdk deploy --all -c env=${environment}${given['app'] ? ` -c app=${given['app']}` : ''}
`);
  await interrupted();
}
