import { relative, resolve } from 'node:path';
import { wrapped } from '../lib/findings/wrapped';
import type { PreparedEnvironment } from '../lib/prepare/prepared-environment';
import type { PlanSummary } from '../lib/synthesis/assembly-summary';
import { type Command, EXIT, optionValue, print, printJson, progress } from './command';
import { environmentOptions, prepareOptions, sameApplication } from './environment-options';
import { verboseOption, warningsText } from './warnings';

export const synth: Command = {
  summary: 'Write the CloudFormation templates and list their resources',
  description: `Builds the application, synthesises the CloudFormation templates of one environment and counts their
resources. Also prints the results of the cdk-nag policies. Needs no AWS account. \`npx cdk synth\` writes the same
templates.`,
  options: {
    ...environmentOptions,
    out: { value: 'DIR', description: 'Where to write the templates (default: cdk.out)' },
    json: { description: 'Print the summary as JSON' },
    verbose: verboseOption,
  },
  examples: ['framework53 synth --env production', 'framework53 synth --app ../shop --env staging --json'],
  async run(given) {
    const { prepareEnvironment } = await import('../lib/prepare/prepare-environment.js');
    const prepared = await prepareEnvironment(prepareOptions(given));
    progress(`synthesising ${prepared.environment}`);
    const { synthesize } = await import('../lib/synthesis/synthesize.js');
    const { summarize } = await import('../lib/synthesis/assembly-summary.js');
    const summary = summarize(synthesize(prepared, resolve(optionValue(given, 'out') ?? 'cdk.out')));
    if (given['json']) printJson({ release: prepared.release, ...summary });
    else print(described(prepared, summary, sameApplication(given, '-c app='), given['verbose'] === true));
    return EXIT.done;
  },
};

function described(
  { release, environment, settings }: PreparedEnvironment,
  { stacks, policies, directory }: PlanSummary,
  application: string,
  verbose: boolean,
): string {
  const lines = stacks.flatMap((stack) => [
    `  ${stack.name}  ${stack.region}  ${stack.resources} resources`,
    wrapped(
      Object.entries(stack.services)
        // A no-break space keeps the count beside its service.
        .map(([service, count]) => `${service}\u00a0${count}`)
        .join(' · '),
      '      ',
    ).replaceAll('\u00a0', ' '),
  ]);
  const judged = policies.map(
    ({ pack, violations, warnings, acknowledged }) =>
      `  ${pack}: ${violations} violations, ${warnings} warnings, ${acknowledged} acknowledged with a reason`,
  );
  const warnings = warningsText(release.warnings, verbose);
  return `
${release.application}, ${environment}, release ${release.releaseId}, ${settings.region}

${lines.join('\n')}

Policies
${judged.join('\n')}
${warnings && `\nWarnings\n${warnings}`}
Templates  ${relative(process.cwd(), directory) || '.'}/*.template.json
Deploy     npx cdk deploy --all -c env=${environment}${application}
`;
}
