import { type Command, EXIT, optionValue, UsageError } from './command';
import { productionOptions, selected } from './environment-options';

export const check: Command = {
  summary: 'Compare the application with Framework 5.3',
  description: `Reads the application's folder and reports each violation of Framework 5.3 with its file and line, the section of
the framework, the reason and the fix. Builds and runs nothing, and writes nothing unless you
add --fix. Without --env, the command uses the settings of
production, because errors block deployments to production only. Exits with 2 if there is an error. docs/check.md
lists the rules.`,
  options: {
    ...productionOptions,
    format: { value: 'FORMAT', description: 'text (default), md for a pull request, or json' },
    fix: { description: 'Repair dependency groups, .env.example and annotations; shows a difference first' },
    yes: { description: 'With --fix: write without asking for confirmation' },
    force: { description: 'With --fix: write although files would not come back from git' },
  },
  examples: [
    'framework53 check --app ../shop',
    'framework53 check --format md > check.md',
    'framework53 check --fix',
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
    const { resolveEnvironment } = await import('../lib/prepare/resolve-environment.js');
    const { checkApplication } = await import('../lib/check/check-application.js');
    const { application, settings } = resolveEnvironment(selected(given, 'production'));
    if (given['fix']) {
      const { fix } = await import('./check-fix.js');
      return fix(application, settings, { yes: given['yes'] === true, force: given['force'] === true });
    }
    const report = await checkApplication(application, settings);
    process.stdout.write(formatReport(report, format));
    return report.findings.some(({ severity }) => severity === 'error') ? EXIT.foundWanting : EXIT.done;
  },
};
