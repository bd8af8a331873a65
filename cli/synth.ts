import { relative, resolve } from 'node:path';
import { type Command, progress } from './command';
import { target, targetOptions } from './target';

export const synth: Command = {
  summary: 'Show what would be deployed',
  description: `Builds the application, synthesises the CloudFormation of one environment and says what is in it. Needs
no AWS account. What it writes is the same as \`npx cdk synth\` writes.`,
  options: {
    ...targetOptions,
    out: { value: 'DIR', description: 'Where to write the templates (default: cdk.out)' },
    json: { description: 'Print the summary as JSON' },
  },
  examples: ['framework53 synth --env production', 'framework53 synth --app ../shop --env staging --json'],
  async run(given) {
    const { prepare } = await import('../lib/prepare/prepare.js');
    const prepared = await prepare({ ...target(given), out: undefined });
    progress(`synthesising ${prepared.environment}`);
    const { synthesize } = await import('../lib/synthesis/synthesize.js');
    const { summarize } = await import('../lib/synthesis/assembly-summary.js');
    const summary = summarize(
      synthesize(prepared, resolve((given['out'] as string | undefined) ?? 'cdk.out')),
    );
    if (given['json']) {
      process.stdout.write(`${JSON.stringify({ release: prepared.release, ...summary }, null, 2)}\n`);
      return 0;
    }

    const { release, environment, settings } = prepared;
    const lines = summary.stacks.flatMap((stack) => [
      `  ${stack.name}  ${stack.region}  ${stack.resources} resources`,
      ...wrap(Object.entries(stack.services).map(([service, count]) => `${service} ${count}`)),
    ]);
    const policies = summary.policies.map(
      ({ pack, violations, warnings, acknowledged }) =>
        `  ${pack}: ${violations} violations, ${warnings} warnings, ${acknowledged} acknowledged with a reason`,
    );
    process.stdout.write(`
${release.application}, ${environment}, release ${release.releaseId}, ${settings.region}

${lines.join('\n')}

Policies
${policies.join('\n')}
${release.warnings.length > 0 ? `\nWarnings\n${release.warnings.map((warning) => `  ! ${warning}\n`).join('')}` : ''}
Templates  ${relative(process.cwd(), summary.directory) || '.'}/*.template.json
Deploy     npx cdk deploy --all -c env=${environment}${given['app'] ? ` -c app=${given['app']}` : ''}
`);
    return 0;
  },
};

/** Words in lines of a readable length, indented. */
function wrap(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 96) lines[lines.length - 1] = `${last} · ${word}`;
    else lines.push(`      ${word}`);
  }
  return lines;
}
