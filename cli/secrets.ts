import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { SecretEntry } from '../lib/secrets/secret-store';
import { type Command, EXIT, print, printJson, table, UsageError } from './command';
import { environmentOptions, selected } from './environment-options';

export const secrets: Command = {
  summary: "Set an environment's secrets, or list them without their values",
  description: `Manages the secrets that the application reads from environment variables. \`set\` reads the value from standard
input; on a terminal, it asks for the value. The value is never an argument, because the shell's history keeps
arguments. \`list\` prints names and ages, never values. After \`set\`, ECS replaces the running tasks within minutes.`,
  words: 'set NAME | list',
  options: { ...environmentOptions, json: { description: 'Print the list as JSON' } },
  examples: [
    'framework53 secrets set STRIPE_SECRET_KEY --env production < key.txt',
    'framework53 secrets list --env production',
  ],
  async run(given, words) {
    const selection = selected(given);
    const { SecretStore } = await import('../lib/secrets/secret-store.js');
    const [action, name, ...more] = words;
    if (action === 'list' && name === undefined) {
      const entries = await new SecretStore(selection).list();
      if (given['json']) printJson(entries);
      else print(listed(entries));
      return EXIT.done;
    }
    if (action === 'set' && name !== undefined && more.length === 0) {
      const store = new SecretStore(selection);
      store.check(name);
      await store.set(name, await readValue(name));
      print(`${name} is set; running tasks are replaced\n`);
      return EXIT.done;
    }
    throw new UsageError(
      "secrets takes 'set NAME' or 'list' and no further argument; set reads the value from standard input",
    );
  },
};

function listed(entries: readonly SecretEntry[]): string {
  if (entries.length === 0) return 'the application reads no secrets\n';
  return table(
    entries.map(({ name, kind, state, changed }) => [name, kind, age(state, changed)]),
    '',
  );
}

function age(state: SecretEntry['state'], changed: Date | undefined): string {
  if (state === 'missing') return 'not deployed yet';
  if (state === 'unset') return 'never set';
  if (!changed) return 'set';
  const days = Math.floor((Date.now() - changed.getTime()) / 86_400_000);
  return days === 0 ? 'set today' : `set ${days} ${days === 1 ? 'day' : 'days'} ago`;
}

/** Reads a line from the terminal without showing it, or all of standard input without its last line break. */
async function readValue(name: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stderr.write(`${name}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve) => {
      lines.question('', resolve);
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
