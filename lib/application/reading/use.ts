import { type Value, valuesOf } from '../source/value';

/** The effect of a missing variable on the code that uses it. */
export type Need =
  /** The server does not start: it throws, or ends the process. */
  | 'ends'
  /** It throws where the value is used: for a request, or at some later time. */
  | 'fails'
  /** It uses nothing in place of the value. */
  | 'plain'
  /** It has a value of its own. */
  | 'fallback'
  /** It asks first, and leaves out what needs the variable. */
  | 'guarded'
  /** It writes to its log, and goes on. */
  | 'logged';

/** One use of a variable of the environment. */
export interface Use {
  readonly need: Need;
  /** Other variables that are asked in place of it. */
  readonly alternatives: readonly string[];
}

/** Uses that count more come first. */
const order: readonly Need[] = ['ends', 'fails', 'plain', 'guarded', 'fallback', 'logged'];

/** A use without alternatives. */
export function use(need: Need): Use {
  return { need, alternatives: [] };
}

/** The use that counts most; a value that nobody uses is as good as logged. */
export function strongest(uses: readonly Use[]): Use {
  return uses.reduce<Use>(
    (most, each) => (order.indexOf(each.need) < order.indexOf(most.need) ? each : most),
    use('logged'),
  );
}

/** Variables that a value may be. */
export function variablesOf(value: Value): string[] {
  return valuesOf(value).flatMap((each) =>
    each.kind === 'variable' && each.name !== 'NODE_ENV' ? each.name : [],
  );
}
