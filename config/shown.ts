import { inspect } from 'node:util';

/** Maximum number of characters of a value in a message. */
const LONGEST = 200;

/** Returns a value in readable form, on one line. */
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

/** Returns true for an object that is neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
