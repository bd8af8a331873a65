import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';

/** Most characters of a statement in a log line. */
const longest = 300;
const ofTransactions = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)\b/i;

let last = '';

/** Records the text of the last statement that a client sends, except statements that begin or end transactions. */
export function watchStatements(client: Client): void {
  const { query } = client;
  client.query = function (this: Client, ...args: unknown[]) {
    const [first] = args as [string | { text?: string }];
    const text = typeof first === 'string' ? first : (first?.text ?? '');
    if (!ofTransactions.test(text)) last = text;
    return Reflect.apply(query, this, args) as unknown;
  } as typeof query;
}

/**
 * Returns the migration file and the line of the last statement.
 * @param position character of the statement at which PostgreSQL found the error, from 1
 */
export function placeOfStatement(
  folder: string,
  position = 1,
): { file?: string; line?: number; statement?: string } {
  const sent = last.trim();
  if (!sent) return {};
  const at = last.indexOf(sent[0]!);
  const before = sent.slice(0, Math.max(0, position - 1 - at));
  const statement = sent
    .slice(before.lastIndexOf(';') + 1)
    .trim()
    .slice(0, longest);
  for (const file of readdirSync(folder, { recursive: true }).map(String).sort()) {
    if (!file.endsWith('.sql')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    const start = text.indexOf(sent);
    if (start >= 0) return { file, line: text.slice(0, start + before.length).split('\n').length, statement };
  }
  return { statement };
}
