import { type Command, EXIT, optionValue, print, UsageError } from './command';
import { productionOptions, selected } from './environment-options';

export const check: Command = {
  summary: 'Compare the application with Framework 5.3',
  description: `Reads the application's folder and reports each violation of Framework 5.3 with its file and line, the section of
the framework, the reason and the fix. Builds and runs nothing unless you add --ready, and writes nothing unless you
add --fix. Without --env, the command uses the settings of production, because errors block deployments to production
only. Exits with 2 if there is an error. docs/check.md lists the rules. With --ready, the command prints the checklist
before a deployment, and exits with 2 if an item failed.`,
  options: {
    ...productionOptions,
    format: { value: 'FORMAT', description: 'text (default), md for a pull request, or json' },
    fix: { description: 'Repair dependency groups, .env.example and annotations; shows a difference first' },
    yes: { description: 'With --fix: write without asking for confirmation' },
    force: { description: 'With --fix: write although files would not come back from git' },
    ready: {
      description: 'Print the checklist before a deployment; asks the npm registry for vulnerabilities',
    },
    test: { value: 'COMMAND', description: "With --ready: run the application's tests with this command" },
    plan: {
      value: 'DIR',
      description: 'With --ready: cloud assembly that is to be deployed, such as cdk.out',
    },
    rehearsal: {
      value: 'FILE',
      description:
        'With --ready: report of the rehearsal of that plan (default: the last one of the environment)',
    },
  },
  examples: [
    'framework53 check --app ../shop',
    'framework53 check --format md > check.md',
    'framework53 check --fix',
    "framework53 check --ready --test 'npm test' --plan cdk.out",
  ],
  async run(given) {
    const { CHECK_FORMATS, formatReport } = await import('../lib/check/format.js');
    const format = CHECK_FORMATS.find((each) => each === (optionValue(given, 'format') ?? 'text'));
    if (!format)
      throw new UsageError(
        `--format must be ${CHECK_FORMATS.join(', ')}, got '${optionValue(given, 'format')}'`,
      );
    if (given['fix'] ? given['format'] !== undefined : given['yes'] || given['force'])
      throw new UsageError(given['fix'] ? '--fix takes no --format' : '--yes and --force need --fix');
    if (given['fix'] && given['ready']) throw new UsageError('--fix and --ready exclude each other');
    const { READY_OPTIONS, ready } = await import('./check-ready.js');
    const misplaced = READY_OPTIONS.filter((name) => given[name] !== undefined);
    if (!given['ready'] && misplaced.length > 0)
      throw new UsageError(`--${misplaced.join(', --')} needs --ready`);
    const { resolveEnvironment } = await import('../lib/prepare/resolve-environment.js');
    const { checkApplication } = await import('../lib/check/check-application.js');
    const resolved = resolveEnvironment(selected(given, 'production'));
    const { application, settings } = resolved;
    if (given['fix']) {
      const { fix } = await import('./check-fix.js');
      return fix(application, settings, { yes: given['yes'] === true, force: given['force'] === true });
    }
    const report = await checkApplication(application, settings);
    if (given['ready']) return ready(report, resolved, given, format);
    print(formatReport(report, format));
    return report.findings.some(({ severity }) => severity === 'error') ? EXIT.foundWanting : EXIT.done;
  },
};
