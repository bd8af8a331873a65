import pg from 'pg';

/** Internal fields of a client that the types of node-postgres leave out. */
interface Internals {
  connection: {
    removeAllListeners(): void;
    on(event: 'error', listener: () => void): void;
    stream: { destroy(): void };
  };
  connectionTimeoutHandle?: NodeJS.Timeout;
  _connecting: boolean;
  _connectionError: boolean;
  _ended: boolean;
  _ending: boolean;
  _connectionTimeoutMillis: number;
  _connect(callback: (error: Error | null) => void): void;
}

/** Most milliseconds for all attempts to connect, if the pool sets no connectionTimeoutMillis. */
const defaultBudget = 10_000;
/**
 * Returns the time limit for a connection. If the database may have to resume first, the limit is at least the time
 * that it needs.
 * @param milliseconds time limit that the application sets; 0 or undefined for none
 */
export function atLeast<T extends number | undefined>(milliseconds: T): T | number {
  const least = Number(process.env['FRAMEWORK53_LEAST_CONNECT_TIMEOUT_MS'] ?? 0);
  return milliseconds ? Math.max(milliseconds, least) : milliseconds;
}

/**
 * Most milliseconds before the first retry. The limit doubles with each attempt, up to `longestDelay`, and the wait is
 * a random part of it.
 */
const firstDelay = 100;
const longestDelay = 2_000;

const networkErrors = new Set(
  'ECONNREFUSED ECONNRESET ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN EPIPE'.split(' '),
);
/**
 * SQL states of a database that starts, shuts down or has too many connections, and of connection errors. All of them
 * occur before a query.
 */
const passingStates = /^(57P0[123]|53300|08...)$/;

function isPassing(error: Error & { code?: string }): boolean {
  if (error.code) return networkErrors.has(error.code) || passingStates.test(error.code);
  return error.message.startsWith('Connection terminated unexpectedly');
}

/**
 * A node-postgres client that retries the connection while the database cannot be reached (§7.3). The client never
 * repeats a query. The pool's connectionTimeoutMillis limits all attempts together.
 */
export class ConnectingClient extends pg.Client {
  private readonly clientConfig?: string | pg.ClientConfig;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const internals = this as unknown as Internals;
    internals._connectionTimeoutMillis = atLeast(internals._connectionTimeoutMillis);
    Object.defineProperty(this, 'clientConfig', { value: config, enumerable: false });
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error | null) => void): void;
  override connect(callback?: (error: Error | null) => void): Promise<this> | undefined {
    if (callback) {
      this.attempt(Date.now(), firstDelay, callback);
      return undefined;
    }
    return new Promise<this>((resolve, reject) => {
      this.attempt(Date.now(), firstDelay, (error) => (error ? reject(error) : resolve(this)));
    });
  }

  private attempt(start: number, delay: number, callback: (error: Error | null) => void): void {
    const internals = this as unknown as Internals;
    const budget = internals._connectionTimeoutMillis || atLeast(defaultBudget);
    internals._connect((error) => {
      const wait = Math.random() * delay;
      if (!error || internals._ending || !isPassing(error) || Date.now() - start + wait >= budget)
        return callback(error);
      this.renew();
      setTimeout(() => {
        if (internals._ending) callback(error);
        else this.attempt(start, Math.min(delay * 2, longestDelay), callback);
      }, wait);
    });
  }

  /**
   * Replaces the failed connection, which cannot be used again. Queries that wait for a connection stay in the queue.
   */
  private renew(): void {
    const internals = this as unknown as Internals;
    const failed = internals.connection;
    clearTimeout(internals.connectionTimeoutHandle);
    failed.removeAllListeners();
    failed.on('error', () => {});
    failed.stream.destroy();
    internals.connection = (new pg.Client(this.clientConfig) as unknown as Internals).connection;
    internals._connecting = false;
    internals._connectionError = false;
    internals._ended = false;
  }
}
