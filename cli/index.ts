import { parseArgs } from 'node:util';
import { ownVersion } from '../lib/files/own-package';
import { wrapped } from '../lib/findings/wrapped';
import { type Command, EXIT, type Given, print, printError, table, UsageError } from './command';

/** The commands. Each module is loaded only when its command runs. */
const commands = {
  init: async () => (await import('./init.js')).init,
  check: async () => (await import('./check.js')).check,
  build: async () => (await import('./build.js')).build,
  synth: async () => (await import('./synth.js')).synth,
  rehearse: async () => (await import('./rehearse.js')).rehearse,
  review: async () => (await import('./review.js')).review,
  plan: async () => (await import('./plan.js')).plan,
  approve: async () => (await import('./approve.js')).approve,
  deploy: async () => (await import('./deploy.js')).deploy,
  pipeline: async () => (await import('./pipeline.js')).pipeline,
  verify: async () => (await import('./verify.js')).verify,
  status: async () => (await import('./status.js')).status,
  rollback: async () => (await import('./rollback.js')).rollback,
  secrets: async () => (await import('./secrets.js')).secrets,
  oncall: async () => (await import('./oncall.js')).oncall,
} satisfies Record<string, () => Promise<Command>>;

/** The next step after an error whose message names none, by the name of the error. */
const UNEXPECTED =
  '; framework53 does not know the form of a file or of an answer; run the command again with --debug, and report the output as an issue of this package';
const HINTS: Readonly<Record<string, string | undefined>> = {
  CredentialsProviderError: '; set AWS_PROFILE, or log in with `aws sso login`',
  TypeError: UNEXPECTED,
  RangeError: UNEXPECTED,
  ReferenceError: UNEXPECTED,
};

const common = {
  debug: { description: 'Print the stack trace of an error' },
  help: { description: 'Show this help' },
};

/**
 * Runs the command line.
 *
 * @param args the words after `framework53`
 * @returns the exit code: one of `EXIT`
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    printError(args.includes('--debug') ? stack! : `framework53: ${message}${HINTS[name] ?? ''}`);
    return error instanceof UsageError ? EXIT.wrongArguments : EXIT.failed;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    print(await overview());
    return name === undefined ? EXIT.wrongArguments : EXIT.done;
  }
  if (name === '--version') {
    print(`${ownVersion()}\n`);
    return EXIT.done;
  }
  if (!Object.hasOwn(commands, name)) {
    throw new UsageError(
      `there is no command '${name}'; commands: ${Object.keys(commands).join(', ')}; see framework53 --help`,
    );
  }
  const command: Command = await commands[name as keyof typeof commands]();
  if (rest.includes('--help') || rest.includes('-h')) {
    print(help(name, command));
    return EXIT.done;
  }
  const { values, positionals } = parse(name, command, rest);
  // An unset shell variable gives an empty value.
  const empty = Object.keys(values).find((key) => values[key] === '');
  if (empty !== undefined)
    throw new UsageError(`Option '--${empty}' has an empty value; see framework53 ${name} --help`);
  return (await command.run(values as Given, positionals)) ?? EXIT.done;
}

function parse(name: string, command: Command, args: readonly string[]) {
  const options = Object.entries({ ...command.options, ...common }).map(
    ([key, option]) =>
      [key, { type: 'value' in option ? 'string' : 'boolean', multiple: 'repeatable' in option }] as const,
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
Help for a command: framework53 COMMAND --help
Exit codes: 0 success, 1 error, 2 negative verdict, 64 wrong arguments
Deployment without approvals: npx cdk deploy --all -c env=development
`;
}

function help(name: string, { description, options, words, examples }: Command): string {
  const rows = Object.entries({ ...options, ...common }).map(
    ([key, option]) =>
      [`--${key}${'value' in option ? ` ${option.value}` : ''}`, option.description] as const,
  );
  return `${wrapped(description)}

Usage: framework53 ${name}${words ? ` ${words}` : ''} [options]

Options:
${table(rows)}
Examples:
${examples.map((example) => `  ${example}`).join('\n')}
`;
}
