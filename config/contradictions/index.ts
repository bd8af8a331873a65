import type { EnvironmentName } from '../environment-name';
import type { Settings } from '../schema';
import { applicationRules } from './application';
import { clientRules } from './client';
import { databaseRules } from './database';
import { networkRules } from './network';
import type { Rule } from './rule';
import { serverRules } from './server';

/** A setting that is allowed by itself and cannot be used with another one. */
export interface Contradiction {
  /** Path of the setting to change. */
  readonly path: readonly PropertyKey[];
  /** Values that are allowed there, and the setting that decides so. */
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
 * Returns what contradicts itself in settings, at once.
 *
 * @param wrong dotted paths of the settings that are wrong by themselves; rules that read one of them are not asked
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
