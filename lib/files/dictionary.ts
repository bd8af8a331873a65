import { isObject } from './read-object';

/**
 * Returns the entries as an object that inherits nothing. Without the entry, a name such as `constructor` has no value.
 */
export function dictionary<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

/** Returns an object with the named parts as dictionaries. */
export function withDictionaries<T extends object>(value: T, parts: readonly (keyof T & string)[]): T {
  const found = parts.flatMap((part) => {
    const child: unknown = value[part];
    return isObject(child) ? [[part, dictionary(Object.entries(child))] as const] : [];
  });
  return { ...value, ...Object.fromEntries(found) };
}
