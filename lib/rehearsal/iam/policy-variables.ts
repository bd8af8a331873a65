import type { RequestContext } from './request-context';
import { plainWildcard } from './wildcards';

/** A text with its variables replaced, or the reason why the text matches nothing. */
export type Substituted = { readonly text: string } | 'absent' | 'unknown';

/**
 * Replaces policy variables, such as `${aws:PrincipalAccount}` or `${aws:username, 'nobody'}`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function substitute(text: string, context: RequestContext): Substituted {
  if (!text.includes('${')) return { text };
  let problem: 'absent' | 'unknown' | undefined;
  const filled = text.replace(
    /\$\{\s*([^,}]+?)\s*(?:,\s*'([^']*)'\s*)?\}/g,
    (_, key: string, other?: string) => {
      if (key === '*' || key === '?') return plainWildcard(key);
      if (key === '$') return key;
      const values = context.get(key);
      if (values?.length === 1) return values[0]!;
      if (values?.length === 0 && other !== undefined) return other;
      problem = values === undefined || values.length > 1 ? 'unknown' : 'absent';
      return '';
    },
  );
  return problem ?? { text: filled };
}
