import { type Command, EXIT, optionValue, UsageError } from './command';
import { productionOptions, selected } from './environment-options';

export const check: Command = {
  summary: 'Compare the application with Framework 5.3',
  description: `Reads the application's folder and reports each violation of Framework 5.3 with its file and line, the section of
the framework, the reason and the fix. Builds, runs and writes nothing. Without --env, the command uses the settings of
production, because errors block deployments to production only. Exits with 2 if there is an error. docs/check.md
lists the rules.`,
  options: {
    ...productionOptions,
    format: { value: 'FORMAT', description: 'text (default), md for a pull request, or json' },
  },
  examples: ['framework53 check --app ../shop', 'framework53 check --format md > check.md'],
  async run(given) {
    const { CHECK_FORMATS, formatReport } = await import('../lib/check/format.js');
    const format = CHECK_FORMATS.find((each) => each === (optionValue(given, 'format') ?? 'text'));
    if (!format)
      throw new UsageError(
        `--format must be ${CHECK_FORMATS.join(', ')}, got '${optionValue(given, 'format')}'`,
      );
    const { resolveEnvironment } = await import('../lib/prepare/resolve-environment.js');
    const { checkApplication } = await import('../lib/check/check-application.js');
    const { application, settings } = resolveEnvironment(selected(given, 'production'));
    const report = await checkApplication(application, settings);
    process.stdout.write(formatReport(report, format));
    return report.findings.some(({ severity }) => severity === 'error') ? EXIT.foundWanting : EXIT.done;
  },
};
