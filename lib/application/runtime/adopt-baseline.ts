import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';

/** Returns a digest of SQL statements. White space, comments and drizzle-kit's breakpoints do not change the digest. */
export function digestOfSql(sql: string): string {
  const statements = sql.replaceAll(/--[^\n]*/g, '').replaceAll(/\s+/g, '');
  return createHash('sha256').update(statements).digest('hex');
}

interface Entry {
  readonly tag: string;
  readonly when: number;
}

/**
 * Records as applied the migrations that a pushed schema already contains. The baseline is the DDL of the pushed
 * schema.
 * @returns the number of migrations that were recorded
 * @throws Error if the first migrations do not produce the baseline
 */
export async function adoptBaseline(client: Client, folder: string): Promise<number> {
  const journal = join(folder, 'meta', '_journal.json');
  if (!existsSync(journal)) return 0;
  const { rows } = await client.query(
    `SELECT to_regclass('framework53.baseline') IS NOT NULL AS pushed,
            to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS migrated`,
  );
  if (!rows[0].pushed) return 0;
  if (rows[0].migrated && (await client.query('SELECT 1 FROM drizzle.__drizzle_migrations LIMIT 1')).rowCount)
    return 0;
  const baselines = await client.query('SELECT digest FROM framework53.baseline');
  const known = new Set(baselines.rows.map(({ digest }) => String(digest)));
  const { entries } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: readonly Entry[] };
  const files = entries.map(({ tag }) => readFileSync(join(folder, `${tag}.sql`), 'utf8'));
  const count =
    files.findIndex((_, index) => known.has(digestOfSql(files.slice(0, index + 1).join('\n')))) + 1;
  if (count === 0)
    throw new Error(
      'The database has the schema that was pushed, and the migrations do not begin with that schema. Check out the ' +
        'commit of the release that is deployed, run `npx drizzle-kit generate` there, and commit its migration as the ' +
        'first; then run `npx drizzle-kit generate` for the changes since.',
    );
  await record(client, entries.slice(0, count), files);
  return count;
}

/** Records migrations in the same table and form as drizzle's own migrator. */
async function record(client: Client, entries: readonly Entry[], files: readonly string[]): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS drizzle');
  await client.query(
    'CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)',
  );
  for (const [index, { when }] of entries.entries())
    await client.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)', [
      createHash('sha256').update(files[index]!).digest('hex'),
      when,
    ]);
}
