import pg from 'pg';
import { ConnectingClient } from './connecting-client';

/** Options of a query or a transaction, with Neon's names. */
export interface QueryOptions {
  arrayMode?: boolean;
  fullResults?: boolean;
  types?: pg.CustomTypesConfig;
  isolationLevel?: 'ReadUncommitted' | 'ReadCommitted' | 'RepeatableRead' | 'Serializable';
  readOnly?: boolean;
  deferrable?: boolean;
  authToken?: unknown;
}

interface ParameterizedQuery {
  query: string;
  params: unknown[];
}
type QueryData = SqlTemplate | ParameterizedQuery;
type Execute = (query: QueryData, options?: QueryOptions) => Promise<unknown>;

/** Fields that a `NeonDbError` copies from the error of PostgreSQL. */
export const errorFields: readonly string[] = (
  'severity code detail hint position internalPosition internalQuery where schema table column ' +
  'dataType constraint file line routine'
).split(' ');

/** The error of a query made by `neon()`. */
export class NeonDbError extends Error {
  override name = 'NeonDbError' as const;
  sourceError?: Error;

  static of(error: unknown): NeonDbError {
    const source = error as Error & Record<string, unknown>;
    const result = new NeonDbError(source.message);
    for (const field of errorFields) (result as unknown as Record<string, unknown>)[field] = source[field];
    // Neon sets the source error only if the database did not answer, as after a network error.
    if (!(source instanceof pg.DatabaseError)) result.sourceError = source;
    return result;
  }
}

/** SQL that a template contains unchanged. */
export class UnsafeRawSql {
  constructor(readonly sql: string) {}
}

/** A tagged template. A template inside another becomes part of its SQL. Any other value becomes a parameter. */
export class SqlTemplate {
  constructor(
    readonly strings: readonly string[],
    readonly values: unknown[],
  ) {}

  toParameterizedQuery(result: ParameterizedQuery = { query: '', params: [] }): ParameterizedQuery {
    this.strings.forEach((text, index) => {
      result.query += text;
      if (index >= this.values.length) return;
      const value = this.values[index];
      if (value instanceof UnsafeRawSql) result.query += value.sql;
      else if (value instanceof NeonQueryPromise) {
        if (!(value.queryData instanceof SqlTemplate)) throw new Error('This query is not composable');
        value.queryData.toParameterizedQuery(result);
      } else {
        result.params.push(value);
        result.query += `$${result.params.length}`;
      }
    });
    return result;
  }
}

/** A query that runs when the code awaits it. A query inside another query or a transaction does not run by itself. */
export class NeonQueryPromise<T = unknown> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'NeonQueryPromise';

  constructor(
    private readonly execute: Execute,
    readonly queryData: QueryData,
    readonly opts?: QueryOptions,
  ) {}

  // biome-ignore lint/suspicious/noThenProperty: it is a promise, made late
  then<A = T, B = never>(
    resolve?: ((value: T) => A | PromiseLike<A>) | null,
    reject?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return (this.execute(this.queryData, this.opts) as Promise<T>).then(resolve, reject);
  }

  catch<B = never>(reject?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, reject);
  }

  finally(done?: (() => void) | null): Promise<T> {
    return this.then().finally(done) as Promise<T>;
  }
}

/** One pool for each address. With HTTP, Neon's own proxy pools the connections. */
const pools = new Map<string, pg.Pool>();

function poolFor(connectionString: string): pg.Pool {
  let pool = pools.get(connectionString);
  if (!pool) {
    pool = new pg.Pool({
      connectionString,
      Client: ConnectingClient,
      allowExitOnIdle: true,
    } as pg.PoolConfig);
    // Without a listener, the process would end when the database closes an idle connection.
    pool.on('error', () => {});
    pools.set(connectionString, pool);
  }
  return pool;
}

async function run(
  client: pg.Pool | pg.ClientBase,
  data: QueryData,
  options: QueryOptions,
): Promise<unknown> {
  const { query, params } = data instanceof SqlTemplate ? data.toParameterizedQuery() : data;
  const result = await client.query({
    text: query,
    values: params,
    // Neon's proxy allows one statement in a query. The simple protocol would run several statements in a query without
    // parameters.
    queryMode: 'extended',
    ...(options.types && { types: options.types }),
    ...(options.arrayMode && { rowMode: 'array' as const }),
  } as pg.QueryConfig);
  if (!options.fullResults) return result.rows;
  const { fields, rows, command, rowCount } = result;
  return { fields, rows, command, rowCount, rowAsArray: Boolean(options.arrayMode), viaNeonFetch: true };
}

const isolationLevels = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
};

function beginOf({ isolationLevel, readOnly, deferrable }: QueryOptions): string {
  return [
    'BEGIN',
    isolationLevel && `ISOLATION LEVEL ${isolationLevels[isolationLevel]}`,
    readOnly !== undefined && (readOnly ? 'READ ONLY' : 'READ WRITE'),
    deferrable !== undefined && (deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE'),
  ]
    .filter(Boolean)
    .join(' ');
}

/** Returns Neon's query function. The queries use a small pool instead of HTTP. */
export function neon(connectionString: string | QueryOptions, defaults: QueryOptions = {}) {
  if (!connectionString)
    throw new Error(
      'No database connection string was provided to `neon()`. Perhaps an environment variable has not been set?',
    );
  if (typeof connectionString !== 'string')
    throw new Error(
      'neon() needs a connection string as its first argument, such as process.env.DATABASE_URL',
    );
  const pool = poolFor(connectionString);
  const execute: Execute = async (data, options) => {
    try {
      return await run(pool, data, { ...defaults, ...options });
    } catch (error) {
      throw NeonDbError.of(error);
    }
  };
  const query = (text: string, params: unknown[] = [], options?: QueryOptions) =>
    new NeonQueryPromise(execute, { query: text, params }, options);
  const sql = (strings: TemplateStringsArray | string, ...values: unknown[]) =>
    typeof strings === 'string'
      ? // Before version 1.0, code also called the function with a text, parameters and options.
        query(strings, values[0] as unknown[] | undefined, values[1] as QueryOptions | undefined)
      : new NeonQueryPromise(execute, new SqlTemplate(strings, values));

  const transaction = async (
    queries: NeonQueryPromise[] | ((txn: typeof sql) => NeonQueryPromise[]),
    options: QueryOptions = {},
  ) => {
    const list = typeof queries === 'function' ? queries(tagged) : queries;
    if (!Array.isArray(list) || !list.every((item) => item instanceof NeonQueryPromise))
      throw new Error(
        'transaction() expects an array of queries, or a function returning an array of queries',
      );
    const client = await pool.connect().catch((error) => {
      throw NeonDbError.of(error);
    });
    try {
      await client.query(beginOf({ ...defaults, ...options }));
      const results: unknown[] = [];
      for (const { queryData, opts } of list)
        results.push(await run(client, queryData, { ...defaults, ...options, ...defined(opts) }));
      await client.query('COMMIT');
      client.release();
      return results;
    } catch (error) {
      // If even the rollback fails, the pool must not use the connection again.
      await client.query('ROLLBACK').then(
        () => client.release(),
        (broken) => client.release(broken),
      );
      throw NeonDbError.of(error);
    }
  };
  const tagged = Object.assign(sql, { query, unsafe: (raw: string) => new UnsafeRawSql(raw), transaction });
  return tagged;
}

function defined(options: QueryOptions = {}): QueryOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
