import { Client } from 'pg';
import { startPostgres as startTrusting } from '../../support/postgres';

/** The master user: as on RDS, it may create roles and owns the database, but is not a superuser. */
export const MASTER = { username: 'master', password: 'master-password' };

interface Login {
  readonly username: string;
  readonly password: string;
}

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  /** Runs each statement as `login`, on one connection, and returns the rows of the last. */
  query<Row>(login: Login, database: string, ...statements: string[]): Promise<Row[]>;
  /** A database that the master user owns. */
  createDatabase(name: string): Promise<void>;
  /** Runs something while the master user may not hand `pg_monitor` and `pg_signal_backend` on. */
  withoutOperatorRights(run: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** A real PostgreSQL that checks passwords, by SCRAM. */
export async function startPostgres(): Promise<PostgresServer> {
  const server = await startTrusting();
  const host = '127.0.0.1';
  const superuser = { username: 'postgres', password: 'superuser-password' };
  const query: PostgresServer['query'] = async ({ username, password }, database, ...statements) => {
    const client = new Client({ host, port: server.port, user: username, password, database });
    await client.connect();
    try {
      let rows: never[] = [];
      for (const sql of statements) ({ rows } = await client.query(sql));
      return rows;
    } finally {
      await client.end();
    }
  };
  const asSuperuser = (...statements: string[]) =>
    query<Record<string, string>>(superuser, 'postgres', ...statements);

  const [settings] = await asSuperuser(
    `ALTER ROLE postgres PASSWORD '${superuser.password}'`,
    `CREATE ROLE ${MASTER.username} LOGIN CREATEROLE CREATEDB PASSWORD '${MASTER.password}'`,
    `GRANT pg_monitor, pg_signal_backend TO ${MASTER.username} WITH ADMIN OPTION`,
    'SHOW hba_file',
  );
  await asSuperuser(
    `COPY (SELECT 'host all all 127.0.0.1/32 scram-sha-256') TO '${settings!['hba_file']}'`,
    'SELECT pg_reload_conf()',
  );
  await untilPasswordsCount(() => query({ ...MASTER, password: 'wrong' }, 'postgres', 'SELECT 1'));

  return {
    host,
    port: server.port,
    query,
    async createDatabase(name) {
      await asSuperuser(`CREATE DATABASE "${name.replaceAll('"', '""')}" OWNER ${MASTER.username}`);
    },
    async withoutOperatorRights(run) {
      const rights = `pg_monitor, pg_signal_backend`;
      await asSuperuser(`REVOKE ${rights} FROM ${MASTER.username} CASCADE`);
      await run().finally(() => asSuperuser(`GRANT ${rights} TO ${MASTER.username} WITH ADMIN OPTION`));
    },
    stop: () => server.stop(),
  };
}

/** The server reads its configuration again in its own time. */
async function untilPasswordsCount(logInWrongly: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await logInWrongly();
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('PostgreSQL still trusts everybody');
}
