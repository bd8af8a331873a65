import type { LiveCode } from '../source/live-code';
import type { CallNode, Node } from '../source/syntax';
import { type Value, valuesOf } from '../source/value';

/** A call of a function from a package or from Node.js. */
export interface PackageCall {
  readonly call: CallNode;
  /** Path of the function, such as `fs.writeFile`, `express-session` or `express().listen`. */
  readonly path: string;
  /** Returns the value of an argument; undefined if the call does not have it. */
  argument(position: number): Value | undefined;
}

const known = new WeakMap<LiveCode, readonly PackageCall[]>();

/** Returns all calls of functions from packages and from Node.js. */
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

/** Returns a property of an options object; undefined if the property is not known or not set. */
export function option(code: LiveCode, options: Value | undefined, name: string): Value | undefined {
  if (!options) return undefined;
  return valuesOf(options)
    .flatMap((value) => (value.kind === 'object' ? code.evaluator.member(value, name) : []))
    .find((value) => !(value.kind === 'literal' && value.value === undefined));
}
