import type { LiveCode } from '../source/live-code';
import type { CallNode, Node } from '../source/syntax';
import { type Value, valuesOf } from '../source/value';

/** A call of something that comes from a package or from Node.js. */
export interface PackageCall {
  readonly call: CallNode;
  /** `fs.writeFile`, `express-session`, `express().listen`. */
  readonly path: string;
  /** An argument's value. */
  argument(position: number): Value | undefined;
}

const known = new WeakMap<LiveCode, readonly PackageCall[]>();

/** Every call of something that comes from a package or from Node.js. */
export function packageCalls(code: LiveCode): readonly PackageCall[] {
  const before = known.get(code);
  if (before) return before;
  const found = code.calls.flatMap((call) =>
    valuesOf(code.evaluator.value(call.callee as Node)).flatMap((callee): PackageCall[] => {
      if (callee.kind !== 'package' && callee.kind !== 'made') return [];
      const argument = (position: number) => {
        const node = call.arguments[position] as Node | undefined;
        return node && code.evaluator.value(node);
      };
      return [{ call, path: callee.kind === 'package' ? callee.path : callee.by, argument }];
    }),
  );
  known.set(code, found);
  return found;
}

/** A property of options that are written out; undefined where it is not given. */
export function option(code: LiveCode, options: Value | undefined, name: string): Value | undefined {
  if (!options) return undefined;
  return valuesOf(options)
    .flatMap((value) => (value.kind === 'object' ? code.evaluator.member(value, name) : []))
    .find((value) => !(value.kind === 'literal' && value.value === undefined));
}
