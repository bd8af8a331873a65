import { DEEPEST, depthOf } from './json-depth';
import { readText } from './read-text';

/**
 * Reads a JSON object from a file.
 * @throws Error that names the file, if it is missing, too large, not a file, not a JSON object, or nested too deeply
 */
export function readObject(path: string): Record<string, unknown> {
  const fail = (why: string): never => {
    throw new Error(`${path} cannot be read: ${why}`);
  };
  const text = readText(path);
  if (depthOf(text) > DEEPEST) fail(`it is nested over ${DEEPEST} deep`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    fail((error as Error).message);
  }
  return isObject(value) ? value : fail('it is not a JSON object');
}

/** Returns true for an object that is neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
