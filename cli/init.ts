import { readFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { writeInside } from '../lib/files/write-inside';
import { wrapped } from '../lib/findings/wrapped';
import type { ConfigFile } from '../lib/init/config-file';
import type { InitReport } from '../lib/init/init-application';
import { type Command, EXIT, optionValue, print, printJson, progress, table, UsageError } from './command';
import { confirm } from './confirm';
import { environmentOptions, sameApplication } from './environment-options';
import { verboseOption, warningsText } from './warnings';

export const init: Command = {
  summary: 'Set up an application: run it and write framework53.config.ts',
  description: `Reads and builds an application, then runs its server in production mode against a real PostgreSQL on this machine.
The command observes the server's ports, routes, WebSockets, pages, programs and files, and the variables without which
the server does not start. It writes the settings that differ from the defaults to framework53.config.ts. If that file
exists and differs, the command shows the difference and asks before it overwrites the file; --yes skips the question.
Exits with 2 if the server does not start, or if you do not agree to overwrite the file. Needs no AWS account.`,
  options: {
    app: environmentOptions.app,
    values: {
      value: 'FILE',
      description:
        'File with values of variables for the trial, as an .env file; the command makes up the others (default: none)',
    },
    yes: { description: 'Overwrite framework53.config.ts without asking' },
    json: { description: 'Print the observations and decisions as JSON; write no file' },
    verbose: verboseOption,
  },
  examples: ['framework53 init', 'framework53 init --app ../shop --yes'],
  async run(given) {
    const { resolveEnvironment } = await import('../lib/prepare/resolve-environment.js');
    const { initApplication } = await import('../lib/init/init-application.js');
    const { configFile } = await import('../lib/init/config-file.js');
    const { application, settings } = resolveEnvironment({ application: optionValue(given, 'app') });
    const values = valuesOf(optionValue(given, 'values'));
    const report = await initApplication(application, settings, progress, values);
    if (given['json']) {
      const { experiment, observed, pages, decisions, log } = report;
      printJson({ experiment, observed, pages, decisions, log });
      return report.experiment.comesUp ? EXIT.done : EXIT.foundWanting;
    }
    print(described(report, given['verbose'] === true));
    const file = configFile(application, report.decisions);
    const isWritten = await write(file, given['yes'] === true);
    const here = sameApplication(given, '--app ');
    if (!report.experiment.comesUp) {
      print(failureText(report, here));
      return EXIT.foundWanting;
    }
    if (isWritten)
      print(`\nNext: deploy the release on this machine, without AWS\n  npx framework53 rehearse${here}\n`);
    return isWritten ? EXIT.done : EXIT.foundWanting;
  },
};

/**
 * Reads a file with values of variables.
 * @throws UsageError if the file cannot be read
 */
function valuesOf(file: string | undefined): Record<string, string> {
  if (file === undefined) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    throw new UsageError(`--values must be a readable file, got '${file}': ${(error as Error).message}`);
  }
}

/** Explains why the server does not start, and how to give it other values. */
function failureText({ experiment: { reason, refused }, log }: InitReport, here: string): string {
  const lines = refused.map(({ name, said }) =>
    wrapped(`${name} has a value that the server refuses: ${said}`, '  ', '    '),
  );
  const names = refused.length
    ? refused.map(({ name }) => `${name}=…`).join(' and ')
    : 'the variables that the server needs';
  const again = `npx framework53 init${here} --values FILE`;
  return `
${wrapped(`The server does not start: ${reason}`)}
${lines.map((line) => `${line}\n`).join('')}  log of the server   ${log}
${wrapped(`→ write ${names} to a file, and run \`${again}\`; if no value helps, fix the server and run init again`, '  ', '    ')}
`;
}

/** Writes the file if it is new or the user confirm. */
async function write(file: ConfigFile, isAgreed: boolean): Promise<boolean> {
  const name = relative(process.cwd(), file.path) || file.path;
  if (file.state === 'same') {
    print(`\n${name}: up to date\n`);
    return true;
  }
  const { differenceOf } = await import('../lib/files/difference.js');
  if (file.state === 'changed') print(`\n${await differenceOf({ ...file, path: name })}`);
  const agreed = file.state === 'new' || isAgreed || (await confirm(`Write ${name}?`));
  if (agreed) writeInside(dirname(file.path), basename(file.path), file.text);
  print(
    agreed
      ? `\n${name}: written\n${file.state === 'new' ? `\n${file.text}` : ''}`
      : `\n${name}: not written, because it differs; --yes overwrites it\n`,
  );
  return agreed;
}

/** The errors that a browser reported, one row each. */
function browserRows(pages: InitReport['pages']): (readonly [string, string])[] {
  const lines = pages?.flatMap(({ path, complaints }) => [
    `${path} ${complaints.length === 0 ? 'has no errors' : 'has errors:'}`,
    ...complaints.map((line) => `- ${line}`),
  ]) ?? [
    'Chromium is missing or does not start, so init did not open the pages; install Chromium and run init again to check them',
  ];
  return lines.map((line, index) => [index === 0 ? 'browser' : '', line]);
}

function described(
  { application, release, experiment, observed, pages, decisions, migrationError }: InitReport,
  verbose: boolean,
): string {
  const list = (items: readonly string[]) => (items.length ? [...new Set(items)].join(', ') : 'none');
  const seen = (items: readonly string[] | undefined, none = 'none') =>
    items ? (items.length ? list(items) : none) : 'unknown';
  const { secrets } = release.server;
  const ports = observed?.listening.map(({ port, host }) => `${port}${host ? ` at ${host}` : ''}`);
  const page = {
    built: 'the server sends the built page; CloudFront serves the page without the server',
    rendered: 'the server renders the page from the built page',
    own: 'the server has a page of its own',
    none: 'the server sends no page; CloudFront serves the built page',
  };
  const kinds = { generated: 'AWS generates the value', provided: 'you provide the value' };
  const schema = { journal: 'files of drizzle-kit', baseline: 'the pushed schema', none: 'none' };
  const migrations = schema[release.migrations.kind];
  const rows: readonly (readonly [string, string])[] = [
    [
      'server',
      `${application.server.entry}, started ${experiment.starts === 1 ? 'once' : `${experiment.starts} times`}`,
    ],
    ['port', seen(ports)],
    ['health', observed ? `${release.server.healthPath} answers ${observed.health.status}` : 'unknown'],
    ['paths', `${release.server.paths.join(' ')} go to the server`],
    ['routes', observed ? String(observed.routes.length) : 'unknown'],
    ['WebSockets', seen(observed?.webSockets)],
    ['page at /', observed ? page[observed.page] : 'unknown'],
    ...(observed ? browserRows(pages) : [['browser', 'unknown'] as const]),
    ['secrets', list(secrets.map(({ name, kind }) => `${name} (${kinds[kind]})`))],
    ['programs', seen(observed?.programs, 'the server starts none')],
    ...(observed?.providers.length
      ? [
          [
            'logins',
            `${list(observed.providers)} cannot be reached from here; init simulated its answers`,
          ] as const,
        ]
      : []),
    ['files', seen(observed?.written, 'the server writes none')],
    ['migrations', migrationError ? `${migrations}, failed: ${migrationError}` : migrations],
  ];
  const decided = decisions.map(
    ({ path, value, because }) =>
      `${wrapped(`${path.join('.')} = ${JSON.stringify(value)}`, '  ', '    ')}\n${wrapped(because, '    ')}\n`,
  );
  const warnings = warningsText(release.warnings, verbose);
  return `
Observed
${table(rows)}
Decided
${decided.join('') || '  nothing: the defaults fit\n'}${warnings && `\nWarnings\n${warnings}`}`;
}
