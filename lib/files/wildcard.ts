const patterns = new Map<string, RegExp>();

/**
 * Returns a regular expression for an AWS pattern: `*` for any characters, `?` for one. Paths, object keys and IAM
 * policies use such patterns.
 */
export function wildcard(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const made = new RegExp(`^${source}$`, 's');
  patterns.set(pattern, made);
  return made;
}
