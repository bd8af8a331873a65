import type { EnvironmentName } from '../environment-name';
import type { Settings } from '../schema';

/** Settings to change, as dotted paths, each with the values that are allowed there and the setting that decides so. */
export type Problems = readonly (readonly [path: string, allowed: string])[];

/** A rule about settings that are allowed one by one. */
export interface Rule {
  /** Settings that the rule reads, as dotted paths. The rule is not asked if one of them is wrong by itself. */
  readonly reads: readonly string[];
  /** Returns what the rule is broken by. */
  problems(settings: Settings, environment: EnvironmentName): Problems;
}
