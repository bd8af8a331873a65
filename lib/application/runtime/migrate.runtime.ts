// Runs as image/migrate.mjs. It migrates the database to the release's schema once, before any server starts. The build
// inlines node-postgres and drizzle's migrator for each application, and passes them in. The migrator has the version
// that the application installs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, ClientConfig } from 'pg';
import { LOGIN_REFUSED } from '../../../constructs/migrations/migration-run.properties';
import { adoptBaseline, digestOfSql } from './adopt-baseline';
import { placeOfStatement, watchStatements } from './last-statement';

/** The parts that the build bundles for each application. */
export interface Driver {
  readonly Client: new (config: ClientConfig) => Client;
  /** Drizzle's migrator. Undefined if the application has no migration journal. */
  readonly migrate?: (client: Client, folder: string) => Promise<void>;
}

/** Contents of migrations/plan.json, which the build writes. */
interface Plan {
  readonly kind: 'journal' | 'baseline' | 'none';
  /** Session table that the application would create itself. The application's database role lacks the privilege. */
  readonly sessionTable?: string;
}

/** Key of the advisory lock that keeps two releases from migrating at once. All releases must use the same number. */
const lockKey = 5_353_530_053;
const passingStates = /^(57P0[123]|53300|08...)$/;
const networkErrors = /^(ECONN(REFUSED|RESET)|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE)$/;

const milliseconds = (name: string, fallback: number) => Number(process.env[name] || fallback);

function log(level: 'info' | 'error', event: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}

/**
 * Brings the schema up to date and sets the exit code: 0 if the schema is up to date, 77 if the database refused the
 * password, 1 for any other error.
 */
export async function main(driver: Driver, directory: string): Promise<void> {
  const start = Date.now();
  const plan = JSON.parse(readFileSync(join(directory, 'migrations', 'plan.json'), 'utf8')) as Plan;
  try {
    if (plan.kind === 'none' && !plan.sessionTable) log('info', 'migrations.none');
    else await withLock(driver, (client) => apply(client, driver, plan, directory));
    log('info', 'migrations.done', { kind: plan.kind, durationMs: Date.now() - start });
  } catch (error) {
    const failed = error as Error & Record<string, unknown>;
    const source = failed.cause as (Error & Record<string, unknown>) | undefined;
    const ofPostgres = (field: string) => failed[field] ?? source?.[field];
    const isOfPostgres = ofPostgres('severity') !== undefined;
    log('error', 'migrations.failed', {
      message: failed.message,
      ...(source && { cause: source.message }),
      ...(isOfPostgres &&
        placeOfStatement(join(directory, 'migrations'), Number(ofPostgres('position')) || 1)),
      ...Object.fromEntries(
        ['code', 'detail', 'hint', 'position', 'where'].map((field) => [field, ofPostgres(field)]),
      ),
    });
    process.exitCode = isRefused(failed) ? LOGIN_REFUSED : 1;
  }
}

/** True if the database refused the password. A rotation may have changed the password after this task started. */
function isRefused({ code, severity }: Record<string, unknown>): boolean {
  return code === '28P01' && severity === 'FATAL';
}

async function apply(client: Client, driver: Driver, plan: Plan, directory: string): Promise<void> {
  const folder = join(directory, 'migrations');
  if (plan.kind === 'journal') {
    const before = await applied(client);
    const adopted = await inTransaction(client, () => adoptBaseline(client, folder));
    if (adopted) log('info', 'migrations.baseline-adopted', { count: adopted });
    await driver.migrate!(client, folder);
    log('info', 'migrations.applied', { count: (await applied(client)) - before - adopted });
  }
  if (plan.kind === 'baseline') await baseline(client, readFileSync(join(folder, 'baseline.sql'), 'utf8'));
  const sessions = join(folder, 'session.sql');
  if (plan.sessionTable && existsSync(sessions)) {
    const { rows } = await client.query('SELECT to_regclass($1) IS NULL AS missing', [
      `"${plan.sessionTable}"`,
    ]);
    if (rows[0].missing) {
      await inTransaction(client, () => client.query(readFileSync(sessions, 'utf8')));
      log('info', 'migrations.session-table', { table: plan.sessionTable });
    }
  }
}

/** Returns the number of migrations in drizzle's table. */
async function applied(client: Client): Promise<number> {
  const { rows } = await client.query(
    `SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS known`,
  );
  if (!rows[0].known) return 0;
  return Number(
    (await client.query('SELECT count(*) AS count FROM drizzle.__drizzle_migrations')).rows[0].count,
  );
}

/**
 * Applies the DDL of a pushed schema to an empty database. If the database is not empty, the same DDL must have
 * created its tables.
 */
async function baseline(client: Client, sql: string): Promise<void> {
  const digest = digestOfSql(sql);
  await client.query('CREATE SCHEMA IF NOT EXISTS framework53');
  await client.query(
    'CREATE TABLE IF NOT EXISTS framework53.baseline (digest text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  const known = await client.query('SELECT digest FROM framework53.baseline');
  if (known.rows.some((row) => row.digest === digest)) return log('info', 'migrations.applied', { count: 0 });
  const tables = await client.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'framework53')
     AND tablename <> 'session' ORDER BY 1 LIMIT 5`,
  );
  if (tables.rows.length > 0)
    throw new Error(
      `The schema has changed and the database is not empty (${tables.rows.map(({ name }) => name).join(', ')}): ` +
        'a pushed schema is applied to an empty database only. Run `npx drizzle-kit generate` in the application ' +
        'to create a migration with the change, and build again.',
    );
  await inTransaction(client, async () => {
    // PostgreSQL runs all statements in one query. Drizzle-kit's breakpoints are SQL comments.
    if (sql.trim()) await client.query(sql);
    await client.query('INSERT INTO framework53.baseline (digest) VALUES ($1)', [digest]);
  });
  log('info', 'migrations.applied', { count: 1 });
}

async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/**
 * Runs the work while this session has the advisory lock. PostgreSQL releases the lock when the session ends, even
 * after a crash.
 */
async function withLock(driver: Driver, work: (client: Client) => Promise<void>): Promise<void> {
  const client = await connect(driver);
  try {
    await client.query('SELECT set_config($1, $2, false)', [
      'statement_timeout',
      String(milliseconds('MIGRATION_LOCK_WAIT_MS', 600_000)),
    ]);
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    for (const [name, value] of [
      ['statement_timeout', milliseconds('MIGRATION_STATEMENT_TIMEOUT_MS', 900_000)],
      ['lock_timeout', milliseconds('MIGRATION_LOCK_TIMEOUT_MS', 10_000)],
    ] as const)
      await client.query('SELECT set_config($1, $2, false)', [name, String(value)]);
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Connects, and retries while the database cannot be reached. No other step is retried. */
async function connect({ Client }: Driver): Promise<Client> {
  const deadline = Date.now() + milliseconds('MIGRATION_CONNECT_TIMEOUT_MS', 60_000);
  for (let delay = 200; ; delay = Math.min(delay * 2, 5_000)) {
    const client = new Client({
      connectionString: process.env['DATABASE_URL'],
      connectionTimeoutMillis: 10_000,
      application_name: 'migrate',
    });
    // If the connection is lost later, the running query fails.
    client.on('error', () => {});
    try {
      await client.connect();
      watchStatements(client);
      return client;
    } catch (error) {
      // After a failed login, the connection stays open until the server closes it. Until then, it would keep the
      // process alive.
      void client.end().catch(() => {});
      const { code = '', message } = error as Error & { code?: string };
      const passing =
        networkErrors.test(code) || passingStates.test(code) || (!code && /terminated|timeout/.test(message));
      const wait = delay * (0.5 + Math.random() / 2);
      if (!passing || Date.now() + wait > deadline) throw error;
      log('info', 'migrations.connecting-again', { message, waitMs: Math.round(wait) });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
