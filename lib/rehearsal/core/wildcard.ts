const patterns = new Map<string, RegExp>();

/** A path pattern of a load balancer, of CloudFront, or of `aws s3 sync`: `*` for any characters, `?` for one. */
export function wildcard(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const made = new RegExp(`^${source}$`);
  patterns.set(pattern, made);
  return made;
}
