// @framework Framework 5.3
import type { Overrides } from './default';

const production: Overrides = {
  server: {
    port: Number(process.env.PORT || 8080),
    host: '0.0.0.0',
    trustProxy: true,
  },
  database: {
    connectionString: process.env.DATABASE_URL,
    poolSize: 20,
    ssl: true,
  },
  cache: { ttl: 3600, checkPeriod: 600 },
  session: {
    secret: process.env.SESSION_SECRET || '',
    secureCookie: true,
    idleTimeout: 30 * 60_000,
  },
  logging: { level: 'info', format: 'json' },
};

export default production;
