import { partsOf } from './builtins';
import { constantOf, either, literal, text, textOf, truthOf, unknown, type Value } from './value';

/** Evaluates `||`, `&&` and `??`. Evaluates the right side only if the result depends on it. */
export function logical(operator: string, left: Value, right: () => Value): Value {
  const truth = truthOf(left);
  if (operator === '??') {
    if (left.kind === 'literal' && (left.value === null || left.value === undefined)) return right();
    const mayBeMissing =
      left.kind === 'unknown' || left.kind === 'either' || (left.kind === 'variable' && truth !== true);
    return mayBeMissing ? either([left, right()]) : left;
  }
  if (truth === undefined && operator === '||') {
    const other = right();
    // The result is true if either side is.
    return left.kind === 'unknown' && other.kind === 'literal' && other.value === true
      ? other
      : either([left, other]);
  }
  if (truth === undefined) {
    // The result is falsy if either side is.
    const other = right();
    return truthOf(other) === false ? other : either([unknown, other]);
  }
  return truth === (operator === '||') ? left : right();
}

/** Evaluates unary operators, such as `!x`, `+x` and `void x`. */
export function unary(operator: string, argument: Value): Value {
  if (operator === '!') {
    const truth = truthOf(argument);
    return truth === undefined ? unknown : literal(!truth);
  }
  if (operator === 'void') return literal(undefined);
  const known = constantOf(argument);
  if (operator === '+') return known === undefined ? argument : literal(Number(known));
  return operator === '-' && typeof known === 'number' ? literal(-known) : unknown;
}

/** Evaluates comparisons, concatenation and arithmetic of known values. */
export function binary(operator: string, left: Value, right: Value): Value {
  const [a, b] = [comparable(left), comparable(right)];
  if (/^[!=]==?$/.test(operator)) {
    if (a === undefined || b === undefined) return unknown;
    return literal((a.value === b.value) === operator.startsWith('='));
  }
  if (operator === '+' && (left.kind === 'text' || right.kind === 'text'))
    return text(...partsOf(left), ...partsOf(right));
  const [x, y] = [a?.value, b?.value];
  if (typeof x !== 'number' || typeof y !== 'number') return unknown;
  if (operator === '+') return literal(x + y);
  if (operator === '-') return literal(x - y);
  if (operator === '*') return literal(x * y);
  return operator === '/' ? literal(x / y) : unknown;
}

/** Returns the value if it is known completely. Of the environment variables, only NODE_ENV is known. */
function comparable(value: Value): { readonly value: unknown } | undefined {
  const known = textOf(value);
  if (known !== undefined) return { value: known };
  return value.kind === 'literal' ? { value: value.value } : undefined;
}
