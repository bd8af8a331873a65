import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Workspace } from '../core/workspace';
import type { Identity } from './authority';
import { postgresBinaries } from './postgres-binaries';
import { createCluster, giveToOwner, runProgram, SUPERUSER } from './postgres-cluster';

export interface PostgresOptions {
  readonly major: string;
  readonly identity: Identity;
  readonly forceTls: boolean;
  readonly maxConnections: number;
  readonly database: string;
  readonly master: { readonly username: string; readonly password: string };
  /** Further settings, by name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Options of the superuser's sessions. Some of their statements have a password, which must not reach the log. */
const UNLOGGED = '-c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic';

/** A real PostgreSQL server. Its master user has exactly the permissions of an RDS master user. */
export class Postgres {
  port = 0;
  private readonly password = randomBytes(16).toString('hex');
  private binaries = '';
  private readonly data: string;

  constructor(
    workspace: Workspace,
    readonly options: PostgresOptions,
  ) {
    this.data = workspace.folder('postgres');
  }

  async start(): Promise<void> {
    await this.initialise();
    await this.restart('start');
    const { database, master } = this.options;
    for (const sql of [
      `CREATE ROLE "${master.username}" LOGIN CREATEROLE CREATEDB PASSWORD '${master.password}'`,
      `GRANT pg_monitor, pg_signal_backend TO "${master.username}" WITH ADMIN OPTION`,
      `CREATE DATABASE "${database}" OWNER "${master.username}"`,
    ])
      await this.query(sql, 'postgres');
  }

  /** Runs SQL as the superuser. */
  async query<Row>(sql: string, database = this.options.database): Promise<Row[]> {
    const { port, password } = this;
    const client = new Client({
      ...{ host: '127.0.0.1', port, user: SUPERUSER, password, database },
      options: UNLOGGED,
    });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Counts the rows of the application's tables, by table name. */
  async rows(): Promise<Record<string, number>> {
    const tables = await this.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables ORDER BY 1",
    );
    const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM ${name}`);
    const rows = counts.length
      ? await this.query<{ name: string; rows: number }>(counts.join(' UNION ALL '))
      : [];
    return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
  }

  async restart(how: 'start' | 'restart' = 'restart'): Promise<void> {
    await this.pgCtl('-w', '-t', '30', '-m', 'fast', '-l', join(this.data, 'log'), how);
  }

  async stop(): Promise<void> {
    if (existsSync(join(this.data, 'postmaster.pid')))
      await this.pgCtl('-w', '-t', '10', '-m', 'immediate', 'stop').catch(() => {});
  }

  private async initialise(): Promise<void> {
    const { major, identity, maxConnections, forceTls, parameters } = this.options;
    this.binaries = await postgresBinaries(major);
    await createCluster(this.binaries, this.data, `ALTER ROLE ${SUPERUSER} PASSWORD '${this.password}'`);
    this.port = await freePort();
    const settings = {
      // The data need not survive a power failure.
      fsync: 'off',
      ...parameters,
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: maxConnections,
      shared_buffers: '32MB',
      ssl: 'on',
    };
    this.write(
      'postgresql.conf',
      Object.entries(settings).map(([name, value]) => `${name} = '${value}'`),
    );
    const kind = forceTls ? 'hostssl' : 'host';
    this.write('pg_hba.conf', [
      `host all ${SUPERUSER} 127.0.0.1/32 scram-sha-256`,
      `${kind} all all 127.0.0.1/32 scram-sha-256`,
    ]);
    this.write('server.crt', [identity.certificate]);
    this.write('server.key', [identity.key]);
  }

  private write(name: string, lines: readonly string[]): void {
    const path = join(this.data, name);
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
    giveToOwner(path);
  }

  private async pgCtl(...words: string[]): Promise<void> {
    try {
      await runProgram(this.binaries, 'pg_ctl', ['-D', this.data, ...words]);
    } catch (error) {
      const log = join(this.data, 'log');
      (error as Error).message += existsSync(log) ? readFileSync(log, 'utf8').slice(-1000) : '';
      throw error;
    }
  }
}

/** Finds a free port of this machine. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
