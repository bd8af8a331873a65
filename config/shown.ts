import { inspect } from 'node:util';

/** Characters of a value that a message repeats. */
const LONGEST = 200;

/** A value as a person would write it, on one line. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, {
          depth: 1,
          breakLength: Infinity,
          compact: true,
          maxArrayLength: 10,
          maxStringLength: LONGEST,
        });
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** True for an object that is neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
