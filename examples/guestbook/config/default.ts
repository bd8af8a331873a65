// @framework Framework 5.3

const minutes = 60_000;
// Nothing that runs with production settings, whatever its environment, signs cookies with a known secret.
const knownSecret = process.env.NODE_ENV === 'production' ? '' : 'only-for-development-and-tests-0123';

/** What all environments share; their own files override it. */
const defaultConfig = {
  server: {
    port: Number(process.env.PORT || 8080),
    host: '0.0.0.0',
    /** Believe X-Forwarded-* of the proxy in front. */
    trustProxy: true,
    /** Requests that are under way may take this long after SIGTERM, in milliseconds. */
    shutdownTimeout: 20_000,
  },
  database: {
    connectionString: process.env.DATABASE_URL,
    /** Connections of one server process; db.ts has the same numbers, in the words of A.3. */
    poolSize: 5,
    ssl: false,
  },
  cache: {
    /** Browsers keep files without a content hash in their name for this long, in seconds. */
    ttl: 0,
    /** Expired sessions are deleted this often, in seconds. */
    checkPeriod: 600,
  },
  session: {
    secret: process.env.SESSION_SECRET || knownSecret,
    /** Whether the cookie is for HTTPS only; 'auto' follows the request. */
    secureCookie: 'auto' as boolean | 'auto',
    /** A session ends after this time without a request, in milliseconds. */
    idleTimeout: 60 * minutes,
    /** A session ends this long after signing in, whatever happens, in milliseconds. */
    absoluteTimeout: 12 * 60 * minutes,
  },
  client: {
    /** How long browsers keep files with a content hash in their name, in seconds. */
    assetMaxAge: 31_536_000,
  },
  logging: {
    level: 'info' as 'debug' | 'info' | 'warn' | 'error',
    format: 'json' as 'json' | 'text',
  },
};

export type Config = typeof defaultConfig;
/** What an environment's file may say. */
export type Overrides = { [Section in keyof Config]?: Partial<Config[Section]> };

export default defaultConfig;
