import { ENVIRONMENTS, type EnvironmentName } from '../config/environment-name';
import type { PrepareOptions } from '../lib/prepare/prepare-environment';
import { type Given, type Option, optionValue, progress, UsageError } from './command';

const app: Option = {
  value: 'DIR',
  description:
    "The application's folder (default: the current folder; in a checkout of this package, examples/guestbook)",
};

/** `--app` and `--env` of commands whose default environment is development. */
export const environmentOptions = { app, env: envOption('development') };

/** `--app` and `--env` of commands that judge or deploy a change, whose default environment is production. */
export const productionOptions = { app, env: envOption('production') };

function envOption(fallback: EnvironmentName): Option {
  const names = ENVIRONMENTS.map((name) => (name === fallback ? `${name} (default)` : name));
  return { value: 'NAME', description: `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` };
}

/**
 * Returns the environment that the options select.
 * @throws UsageError if no environment has the name
 */
export function selected(given: Given, fallback: EnvironmentName = 'development') {
  const environment = optionValue(given, 'env') ?? fallback;
  if (!(ENVIRONMENTS as readonly string[]).includes(environment))
    throw new UsageError(`--env must be ${ENVIRONMENTS.join(', ')}, got '${environment}'`);
  return { environment: environment as EnvironmentName, application: optionValue(given, 'app') };
}

/** Returns the selected environment with the options that build its release. */
export function prepareOptions(given: Given, fallback?: EnvironmentName): PrepareOptions {
  return { ...selected(given, fallback), progress };
}

/** Returns the option that selects the same application in a suggested command, with a leading space. */
export function sameApplication(given: Given, flag: '--app ' | '-c app='): string {
  return given['app'] ? ` ${flag}${given['app']}` : '';
}
