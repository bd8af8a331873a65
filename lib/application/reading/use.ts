import { type Value, valuesOf } from '../source/value';

/** The effect of a missing environment variable on the code that uses the variable. */
export type Need =
  /** The server does not start: the code throws or ends the process. */
  | 'ends'
  /** The code throws when it uses the value, for example in a request. */
  | 'fails'
  /** The code uses the missing value like any other value. */
  | 'plain'
  /** The code has a default value. */
  | 'fallback'
  /** The code checks the variable first, and skips the work that needs it. */
  | 'guarded'
  /** The code only writes the value to the log. */
  | 'logged';

/** One use of an environment variable. */
export interface Use {
  readonly need: Need;
  /** Other variables that the code reads if this variable has no value. */
  readonly alternatives: readonly string[];
}

/** All needs, the strongest first. */
const order: readonly Need[] = ['ends', 'fails', 'plain', 'guarded', 'fallback', 'logged'];

/** Returns a use without alternatives. */
export function use(need: Need): Use {
  return { need, alternatives: [] };
}

/** Returns the strongest use. A value without uses counts as logged. */
export function strongest(uses: readonly Use[]): Use {
  return uses.reduce<Use>(
    (most, each) => (order.indexOf(each.need) < order.indexOf(most.need) ? each : most),
    use('logged'),
  );
}

/** Returns the environment variables that a value may be. */
export function variablesOf(value: Value): string[] {
  return valuesOf(value).flatMap((each) =>
    each.kind === 'variable' && each.name !== 'NODE_ENV' ? each.name : [],
  );
}
