import type { EnvironmentName } from '../environment-name';
import type { Settings } from '../schema';
import { applicationRules } from './application';
import { clientRules } from './client';
import { databaseRules } from './database';
import { networkRules } from './network';
import type { Rule } from './rule';
import { serverRules } from './server';

/** A setting that is valid by itself, but conflicts with another setting. */
export interface Contradiction {
  /** Path of the setting to change. */
  readonly path: readonly PropertyKey[];
  /** Allowed values of the setting, and the setting that limits them. */
  readonly allowed: string;
}

const rules: readonly Rule[] = [
  ...networkRules,
  ...serverRules,
  ...databaseRules,
  ...clientRules,
  ...applicationRules,
];

/**
 * Returns all contradictions between settings.
 * @param wrong dotted paths of invalid settings; rules that read one of these are skipped
 */
export function contradictions(
  settings: Settings,
  environment: EnvironmentName,
  wrong: readonly string[] = [],
): Contradiction[] {
  const isWrong = (read: string) =>
    wrong.some((path) => `${path}.`.startsWith(`${read}.`) || `${read}.`.startsWith(`${path}.`));
  return rules
    .filter(({ reads }) => !reads.some(isWrong))
    .flatMap((rule) => rule.problems(settings, environment))
    .map(([path, allowed]) => ({ path: path.split('.'), allowed }));
}
