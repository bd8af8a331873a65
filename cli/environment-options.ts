import { ENVIRONMENTS, type EnvironmentName } from '../config/environment-name';
import type { PrepareOptions } from '../lib/prepare/prepare-environment';
import { type Given, type Option, optionValue, progress, UsageError } from './command';

const app: Option = {
  value: 'DIR',
  description: "The application's folder (default: this folder; in a checkout of this package, its example)",
};

/** `--app` and `--env` of every command that works on an environment. */
export const environmentOptions = { app, env: envOption('development') };

/** The same for a command that is about a change to production before it is deployed; its help says so. */
export const productionOptions = { app, env: envOption('production') };

function envOption(fallback: EnvironmentName): Option {
  const names = ENVIRONMENTS.map((name) => (name === fallback ? `${name} (default)` : name));
  return { value: 'NAME', description: `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` };
}

/**
 * The environment that the options select.
 * @throws UsageError for a name that is no environment
 */
export function selected(given: Given, fallback: EnvironmentName = 'development') {
  const environment = optionValue(given, 'env') ?? fallback;
  if (!(ENVIRONMENTS as readonly string[]).includes(environment))
    throw new UsageError(`--env must be ${ENVIRONMENTS.join(', ')}, got '${environment}'`);
  return { environment: environment as EnvironmentName, application: optionValue(given, 'app') };
}

/** The environment that the options select, and how its release is built. */
export function prepareOptions(given: Given, fallback?: EnvironmentName): PrepareOptions {
  return { ...selected(given, fallback), progress };
}

/** The options that select the same environment in another command, with a space before them. */
export function sameApplication(given: Given, flag: '--app ' | '-c app='): string {
  return given['app'] ? ` ${flag}${given['app']}` : '';
}
