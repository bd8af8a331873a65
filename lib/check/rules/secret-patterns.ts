/** A secret in a text. */
export interface SecretFound {
  readonly line: number;
  /** Kind of secret, such as `an AWS access key`. Findings never contain the value. */
  readonly kind: string;
}

/** Patterns of secrets that the scanner's rules lack. */
const patterns: readonly (readonly [RegExp, kind: string])[] = [
  [/\b(?:AKIA|ASIA)(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}\b/g, 'an AWS access key'],
  [/\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,}/g, 'a Stripe secret key'],
  [/\bwhsec_[0-9A-Za-z]{24,}/g, 'a webhook secret'],
  [/\bsk-(?:proj|ant)-[\w-]{24,}/g, 'an AI service key'],
  [/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\\nr]+[A-Za-z0-9+/=]{40}/g, 'a private key'],
];

const token = /\beyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{10,}/g;

/** Matches possible secrets. The scanner is loaded only for files with a match. */
const signs =
  /AKIA|ASIA|[sr]k_(live|test)_|whsec_|\bsk-|gh[pousr]_|github_pat_|xox[abpr]-|PRIVATE KEY|\bSG\.|npm_[A-Za-z0-9]{10}|glpat-|shp(at|ss|ca|pa)_|lin_api_|\beyJ[\w-]{10,4000}\.eyJ|:\/\/[^\s:@/'"`]+:[^\s@/'"`]+@|hooks\.slack\.com|aws_?secret/i;

/** Matches placeholders for people to fill in, and local addresses. */
const placeholder =
  /\byour[-_ ]|example|placeholder|change[-_]?me|\bx{3,}\b|xxxx|\.\.\.|<[\w -]+>|:(\[[\w -]+\]|\{+[\w -]+\}+)@|@(localhost|127\.0\.0\.1|host|hostname)\b|\/\/user(name)?:pass(word)?@|postgres:postgres@|:\/\/mailto:|\$\{/i;

/** Finds secrets in a text with secretlint and the patterns above. Reports one finding for each line. */
export async function secretsIn(file: string, content: string): Promise<SecretFound[]> {
  if (!signs.test(content)) return [];
  const found = new Map<number, { kind: string; value: string }>();
  for (const [pattern, kind] of patterns)
    for (const { 0: value, index } of content.matchAll(pattern))
      found.set(lineAt(content, index), { kind, value });
  for (const { 0: value, index } of content.matchAll(token))
    if (isServiceToken(value)) found.set(lineAt(content, index), { kind: 'a service token', value });
  const { lintSource } = await import('@secretlint/core');
  const { creator } = await import('@secretlint/secretlint-rule-preset-recommend');
  const result = await lintSource({
    source: { filePath: file, content, ext: '', contentType: 'text' },
    options: { config: { rules: [{ id: 'recommended', rule: creator }] }, noPhysicFilePath: true },
  });
  for (const { ruleId, loc, range } of result.messages)
    if (!found.has(loc.start.line))
      found.set(loc.start.line, { kind: kindOf(ruleId), value: valueAround(content, range) });
  return [...found]
    .filter(([, { value }]) => !placeholder.test(value))
    .map(([line, { kind }]) => ({ line, kind }))
    .sort((a, b) => a.line - b.line);
}

/** The text without spaces and quotes around the place at which the scanner found something. */
function valueAround(content: string, [from, to]: readonly [number, number] | readonly number[]): string {
  const before = /[^\s'"`]*$/.exec(content.slice(Math.max(0, from! - 200), from))![0];
  const after = /^[^\s'"`]*/.exec(content.slice(to, to! + 200))![0];
  return `${before}${content.slice(from, to)}${after}`;
}

/** Returns true for a JSON web token whose role is for servers, such as the service role of Supabase. */
function isServiceToken(value: string): boolean {
  const payload = Buffer.from(value.split('.')[1]!, 'base64url').toString('utf8');
  return /"role"\s*:\s*"(service_role|supabase_admin)"/.test(payload);
}

function kindOf(rule: string): string {
  return `a secret (${rule.replace(/^.*secretlint-rule-/, '')})`;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
