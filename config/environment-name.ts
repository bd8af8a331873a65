import { ConfigError } from './config-error';

/** Names of an application's environments. */
export const ENVIRONMENTS = ['development', 'test', 'staging', 'production'] as const;

/** Name of an environment: development, test, staging or production. */
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/**
 * Validates the name of an environment.
 * @throws ConfigError that lists the allowed names
 */
export function environmentName(name: string): EnvironmentName {
  if ((ENVIRONMENTS as readonly string[]).includes(name)) return name as EnvironmentName;
  throw new ConfigError(`there is no environment '${name}'; allowed: ${ENVIRONMENTS.join(', ')}`);
}
