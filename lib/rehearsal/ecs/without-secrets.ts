/** Names of values that a secret holds beside the password, and that a log needs. */
const PUBLIC = /(HOST|PORT|USER|USERNAME|NAME|DATABASE|DB)$/i;

/** Shorter values are part of other words. */
const SHORTEST = 8;

/**
 * Returns a line of a log with the name of each secret instead of its value, such as `[SESSION_SECRET]`. The logs of
 * failed tasks are kept in the cache folder.
 */
export function withoutSecrets(line: string, secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets)
    .filter(([name, value]) => value.length >= SHORTEST && !PUBLIC.test(name))
    .sort(([, a], [, b]) => b.length - a.length)
    .reduce((text, [name, value]) => text.replaceAll(value, `[${name}]`), line);
}
