// Stands in for @neondatabase/serverless in a built server: the same exports, spoken to PostgreSQL directly.
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { atLeast, ConnectingClient } from './connecting-client';
import { neonConfig } from './neon-config';

export { errorFields, NeonDbError, NeonQueryPromise, neon, SqlTemplate, UnsafeRawSql } from './neon-http';
export { neonConfig, parseIntoClientConfig };

/** Neon's client: node-postgres' with a configuration of its own. */
export class Client extends ConnectingClient {
  neonConfig = neonConfig;
}

/** Connections of a pool in node-postgres that does not say how many. */
const usualSize = 10;

/** The size of a pool, which the connection budget of the database limits. */
function withinBudget(size: number = usualSize): number {
  return Math.min(size, Number(process.env['DATABASE_POOL_SIZE']) || size);
}

/** Neon's pool: node-postgres' over that client. */
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
