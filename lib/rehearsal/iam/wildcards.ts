import { wildcard } from '../../files/wildcard';

/** Stand-ins for wildcards that a policy variable has made a plain character, as `${*}` does. */
const PLAIN: Readonly<Record<string, string>> = { '\ue000': '*', '\ue001': '?' };

/** The wildcard as a plain character of a pattern. */
export const plainWildcard = (wildcard: '*' | '?'): string => (wildcard === '*' ? '\ue000' : '\ue001');

/** A pattern as the text that takes the place of it where there are no wildcards. */
export const withoutWildcards = (pattern: string): string =>
  pattern.replace(/[\ue000\ue001]/g, (character) => PLAIN[character]!);

/** The text with stand-ins for its wildcards, as a pattern has them that means plain characters. */
const withStandIns = (text: string): string =>
  text.replace(/[*?]/g, (character) => plainWildcard(character as '*' | '?'));

/** True if a pattern with `*` and `?` takes the whole text. Upper and lower case differ. */
export function matches(pattern: string, text: string): boolean {
  if (pattern === '*' || pattern === text) return true;
  return wildcard(pattern).test(/[\ue000\ue001]/.test(pattern) ? withStandIns(text) : text);
}

/**
 * True if a pattern takes an ARN, segment by segment: `*` does not match across the first five colons.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const [wanted, given] = [segments(pattern), segments(arn)];
  if (given.length < 6) return matches(pattern, arn);
  // AWS completes a pattern with fewer segments by wildcards.
  return given.every((segment, index) => matches(wanted[index] ?? '*', segment));
}

function segments(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
