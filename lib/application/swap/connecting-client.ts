import pg from 'pg';

/** Fields of a connecting client that the types of node-postgres do not have. */
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

/** Milliseconds that connecting may take in all where the pool sets no connectionTimeoutMillis. */
const defaultBudget = 10_000;
/**
 * Returns the time that connecting may take: more than the application asks for where the database has to resume first.
 * @param milliseconds time that the application asks for; 0 or undefined for no limit
 */
export function atLeast<T extends number | undefined>(milliseconds: T): T | number {
  const least = Number(process.env['FRAMEWORK53_LEAST_CONNECT_TIMEOUT_MS'] ?? 0);
  return milliseconds ? Math.max(milliseconds, least) : milliseconds;
}

/** Milliseconds; doubled at each attempt up to `longestDelay`, of which a random part is waited. */
const firstDelay = 100;
const longestDelay = 2_000;

const networkErrors = new Set(
  'ECONNREFUSED ECONNRESET ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN EPIPE'.split(' '),
);
/** Starting up, shutting down, too many connections, connection exceptions: all before any query. */
const passingStates = /^(57P0[123]|53300|08...)$/;

function isPassing(error: Error & { code?: string }): boolean {
  if (error.code) return networkErrors.has(error.code) || passingStates.test(error.code);
  return error.message.startsWith('Connection terminated unexpectedly');
}

/**
 * node-postgres' client, which tries to *connect* again while the database cannot be reached (§7.3).
 * A query is never sent twice. Bounded by the pool's connectionTimeoutMillis.
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

  /** A connection that failed cannot be used again; queries that wait for it are kept. */
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
