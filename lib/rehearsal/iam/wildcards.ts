import { wildcard } from '../../files/wildcard';

/** Placeholders for literal wildcard characters, as `${*}` inserts them. */
const PLAIN: Readonly<Record<string, string>> = { '\ue000': '*', '\ue001': '?' };

/** Returns a literal wildcard character for a pattern. */
export const plainWildcard = (wildcard: '*' | '?'): string => (wildcard === '*' ? '\ue000' : '\ue001');

/** Returns a pattern as literal text, for comparisons without wildcards. */
export const withoutWildcards = (pattern: string): string =>
  pattern.replace(/[\ue000\ue001]/g, (character) => PLAIN[character]!);

/** Returns a text with placeholders for its wildcard characters. */
const withStandIns = (text: string): string =>
  text.replace(/[*?]/g, (character) => plainWildcard(character as '*' | '?'));

/** Returns true if a pattern with `*` and `?` matches the whole text. Case-sensitive. */
export function matches(pattern: string, text: string): boolean {
  if (pattern === '*' || pattern === text) return true;
  return wildcard(pattern).test(/[\ue000\ue001]/.test(pattern) ? withStandIns(text) : text);
}

/**
 * Returns true if a pattern matches an ARN, segment by segment: `*` does not match across the first five colons.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const [wanted, given] = [segments(pattern), segments(arn)];
  if (given.length < 6) return matches(pattern, arn);
  // AWS extends a pattern with fewer segments by wildcards.
  return given.every((segment, index) => matches(wanted[index] ?? '*', segment));
}

function segments(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
