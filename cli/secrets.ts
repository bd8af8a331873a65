import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { SecretEntry } from '../lib/secrets/secret-store';
import { type Command, UsageError } from './command';
import { target, targetOptions } from './target';

export const secrets: Command = {
  summary: "Provide an environment's secrets, or list them without their values",
  description: `Secrets the application reads from its environment. \`set\` takes the value from standard input, never from
an argument, where the shell would remember it; on a terminal it asks. \`list\` shows names and ages only.
Running tasks are replaced, a new value reaches the application within minutes.`,
  words: 'set NAME | list',
  options: { ...targetOptions, json: { description: 'Print the list as JSON' } },
  examples: [
    'framework53 secrets set STRIPE_SECRET_KEY --env production < key.txt',
    'framework53 secrets list --env production',
  ],
  async run(given, words) {
    const { SecretStore } = await import('../lib/secrets/secret-store.js');
    const [action, name, ...more] = words;
    if (action === 'list' && name === undefined) {
      const entries = await new SecretStore(target(given)).list();
      process.stdout.write(given['json'] ? `${JSON.stringify(entries, null, 2)}\n` : table(entries));
      return 0;
    }
    if (action === 'set' && name !== undefined && more.length === 0) {
      const store = new SecretStore(target(given));
      store.check(name);
      await store.set(name, await readValue(name));
      process.stdout.write(`${name} is set; running tasks are replaced\n`);
      return 0;
    }
    throw new UsageError(
      "secrets takes 'set NAME' or 'list', and nothing after it; a value is read from standard input",
    );
  },
};

function table(entries: readonly SecretEntry[]): string {
  if (entries.length === 0) return 'the application reads no secrets\n';
  const rows = entries.map(({ name, kind, state, changed }) => [name, kind, age(state, changed)]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]!.length)) + 2;
  return rows
    .map(([name, kind, when]) => `${name!.padEnd(width(0))}${kind!.padEnd(width(1))}${when}\n`)
    .join('');
}

function age(state: SecretEntry['state'], changed: Date | undefined): string {
  if (state === 'missing') return 'not deployed yet';
  if (state === 'unset') return 'never set';
  if (!changed) return 'set';
  const days = Math.floor((Date.now() - changed.getTime()) / 86_400_000);
  return days === 0 ? 'set today' : `set ${days} ${days === 1 ? 'day' : 'days'} ago`;
}

/** One line from a person without showing it, or all of standard input without its last line break. */
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
