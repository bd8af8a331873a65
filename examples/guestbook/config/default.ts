// @framework Framework 5.3

const minutes = 60_000;
// A server with production settings never signs cookies with a known secret, in any environment.
const knownSecret = process.env.NODE_ENV === 'production' ? '' : 'only-for-development-and-tests-0123';

/** Settings of all environments. Each environment's file overrides some of them. */
const defaultConfig = {
  server: {
    port: Number(process.env.PORT || 8080),
    host: '0.0.0.0',
    /** Trust X-Forwarded-* headers of the proxy. */
    trustProxy: true,
    /** Maximum time for requests in progress after SIGTERM, in milliseconds. */
    shutdownTimeout: 20_000,
  },
  database: {
    connectionString: process.env.DATABASE_URL,
    /** Connections of one server process; db.ts has the same numbers, in the words of A.3. */
    poolSize: 5,
    ssl: false,
  },
  cache: {
    /** Time for which browsers cache files without a content hash in their name, in seconds. */
    ttl: 0,
    /** Interval between deletions of expired sessions, in seconds. */
    checkPeriod: 600,
  },
  session: {
    secret: process.env.SESSION_SECRET || knownSecret,
    /** True if the cookie is for HTTPS only; 'auto' depends on the request. */
    secureCookie: 'auto' as boolean | 'auto',
    /** Idle timeout of a session, in milliseconds. */
    idleTimeout: 60 * minutes,
    /** Absolute timeout of a session after signing in, in milliseconds. */
    absoluteTimeout: 12 * 60 * minutes,
  },
  client: {
    /** Time for which browsers cache files with a content hash in their name, in seconds. */
    assetMaxAge: 31_536_000,
  },
  logging: {
    level: 'info' as 'debug' | 'info' | 'warn' | 'error',
    format: 'json' as 'json' | 'text',
  },
};

export type Config = typeof defaultConfig;
/** Settings that an environment's file may override. */
export type Overrides = { [Section in keyof Config]?: Partial<Config[Section]> };

export default defaultConfig;
