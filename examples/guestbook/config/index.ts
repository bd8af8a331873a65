// @framework Framework 5.3
import './env';
import defaultConfig, { type Config } from './default';
import development from './development';
import production from './production';
import staging from './staging';
import test from './test';

const environments = { development, test, staging, production };
type Environment = keyof typeof environments;

/**
 * Returns the defaults with the overrides of one environment.
 * @param name Environment. APP_ENV sets it if NODE_ENV cannot (staging runs with NODE_ENV=production).
 */
export function configFor(name: string): Config & { environment: Environment } {
  const overrides = environments[name as Environment];
  if (!overrides) {
    throw new Error(
      `There is no environment '${name}'; set APP_ENV or NODE_ENV to one of ${Object.keys(environments).join(', ')}.`,
    );
  }
  const config = {
    environment: name as Environment,
    server: { ...defaultConfig.server, ...overrides.server },
    database: { ...defaultConfig.database, ...overrides.database },
    cache: { ...defaultConfig.cache, ...overrides.cache },
    session: { ...defaultConfig.session, ...overrides.session },
    client: { ...defaultConfig.client, ...overrides.client },
    logging: { ...defaultConfig.logging, ...overrides.logging },
  };
  if (config.session.secret.length < 32) {
    throw new Error(
      `SESSION_SECRET must be set to at least 32 characters in ${name}; 'openssl rand -base64 48' makes one.`,
    );
  }
  return config;
}

export default configFor(process.env.APP_ENV || process.env.NODE_ENV || 'development');
