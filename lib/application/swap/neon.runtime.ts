// Replaces @neondatabase/serverless in a built server. It has the same exports and connects to PostgreSQL directly.
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { atLeast, ConnectingClient } from './connecting-client';
import { neonConfig } from './neon-config';

export { errorFields, NeonDbError, NeonQueryPromise, neon, SqlTemplate, UnsafeRawSql } from './neon-http';
export { neonConfig, parseIntoClientConfig };

/** Neon's client: a node-postgres client with the field `neonConfig`. */
export class Client extends ConnectingClient {
  neonConfig = neonConfig;
}

/** Default pool size of node-postgres. */
const usualSize = 10;

/** Returns the size of a pool, limited by the connection budget of the database. */
function withinBudget(size: number = usualSize): number {
  return Math.min(size, Number(process.env['DATABASE_POOL_SIZE']) || size);
}

/** Neon's pool: a node-postgres pool with Neon's client. */
export class Pool extends pg.Pool {
  Client = Client;

  constructor(options?: string | pg.PoolConfig) {
    const config = typeof options === 'string' ? { connectionString: options } : options;
    const connectionTimeoutMillis = atLeast(config?.connectionTimeoutMillis);
    super({ ...config, max: withinBudget(config?.max), connectionTimeoutMillis, Client } as pg.PoolConfig);
  }
}

export const { Connection, DatabaseError, Query, defaults, escapeIdentifier, escapeLiteral, types } = pg;
export { pg as ClientBase };
export function warnIfBrowser(): void {}
export default { Client, Pool, neonConfig, types, DatabaseError, defaults };
