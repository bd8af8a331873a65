// @framework Framework 5.3
import connectPgSimple from 'connect-pg-simple';
import session from 'express-session';
import config from '../config';
import { pool } from './db';
import { logger } from './logger';

const PgStore = connectPgSimple(session);
type PgStoreOptions = NonNullable<ConstructorParameters<typeof PgStore>[0]>;

/** Sessions are in PostgreSQL, so they survive a deployment and all servers share them. */
export const createSessionStore = () =>
  new PgStore({
    // The store only calls query(), which Neon's pool has as well, though its types differ from pg's.
    pool: pool as unknown as PgStoreOptions['pool'],
    createTableIfMissing: false,
    pruneSessionInterval: config.cache.checkPeriod,
    errorLog: (...text) => logger.error({ event: 'session.store-failed', error: text.join(' ') }),
  });
