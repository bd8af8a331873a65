import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command';

/** The commands, loaded when they are asked for. */
const commands = {
  build: async () => (await import('./build.js')).build,
  rehearse: async () => (await import('./rehearse.js')).rehearse,
  secrets: async () => (await import('./secrets.js')).secrets,
  synth: async () => (await import('./synth.js')).synth,
  verify: async () => (await import('./verify.js')).verify,
  status: async () => (await import('./status.js')).status,
  review: async () => (await import('./review.js')).review,
  rollback: async () => (await import('./rollback.js')).rollback,
  oncall: async () => (await import('./oncall.js')).oncall,
} satisfies Record<string, () => Promise<Command>>;

const common = {
  debug: { description: 'Show where an error comes from' },
  help: { description: 'Show this help' },
};

/**
 * Runs the command line.
 *
 * @param args the words after `framework53`
 * @returns the exit code: 0 done, 1 failed, 2 not understood, or what the command says
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const hint =
      name === 'CredentialsProviderError' ? '; set AWS_PROFILE, or log in with `aws sso login`' : '';
    process.stderr.write(`${args.includes('--debug') ? stack : `framework53: ${message}${hint}`}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(await overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${(require('../../package.json') as { version: string }).version}\n`);
    return 0;
  }
  if (!Object.hasOwn(commands, name)) {
    throw new UsageError(
      `there is no command '${name}'; those there are: ${Object.keys(commands).join(', ')} (framework53 --help tells more)`,
    );
  }
  const command: Command = await commands[name as keyof typeof commands]();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(help(name, command));
    return 0;
  }
  const { values, positionals } = parse(name, command, rest);
  // Such as of a variable of the shell that is not set.
  const empty = Object.keys(values).find((key) => values[key] === '');
  if (empty !== undefined)
    throw new UsageError(`Option '--${empty}' is given an empty value; see framework53 ${name} --help`);
  return (await command.run(values, positionals)) ?? 0;
}

function parse(name: string, command: Command, args: readonly string[]) {
  const options = Object.entries({ ...command.options, ...common }).map(
    ([key, option]) => [key, { type: 'value' in option ? 'string' : 'boolean' }] as const,
  );
  try {
    return parseArgs({
      args: [...args],
      options: Object.fromEntries(options),
      allowPositionals: command.words !== undefined,
    });
  } catch (error) {
    const [reason] = (error as Error).message.split(/\. (?:To specify|This command)/);
    throw new UsageError(`${reason}; see framework53 ${name} --help`);
  }
}

async function overview(): Promise<string> {
  const loaded = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => [name, (await load()).summary] as const),
  );
  return `Takes a Framework 5.3 application to production on AWS, unchanged.

Usage: framework53 COMMAND [options]

Commands:
${table(loaded)}

Each command explains itself: framework53 COMMAND --help
Stacks are deployed with the CDK's own command: npx cdk deploy --all -c env=production
`;
}

function help(name: string, { description, options, words, examples }: Command): string {
  const rows = Object.entries({ ...options, ...common }).map(
    ([key, option]) =>
      [`--${key}${'value' in option ? ` ${option.value}` : ''}`, option.description] as const,
  );
  return `${description}

Usage: framework53 ${name}${words ? ` ${words}` : ''} [options]

Options:
${table(rows)}

Examples:
${examples.map((example) => `  ${example}`).join('\n')}
`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n');
}
