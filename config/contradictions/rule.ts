import type { EnvironmentName } from '../environment-name';
import type { Settings } from '../schema';

/** Settings to change, as dotted paths. Each has its allowed values and the setting that limits them. */
export type Problems = readonly (readonly [path: string, allowed: string])[];

/** A rule between settings that are valid by themselves. */
export interface Rule {
  /** Settings that the rule reads, as dotted paths. The rule is skipped if one of them is invalid by itself. */
  readonly reads: readonly string[];
  /** Returns the settings that break the rule. */
  problems(settings: Settings, environment: EnvironmentName): Problems;
}
