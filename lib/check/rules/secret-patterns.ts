/** A secret in a text. */
export interface SecretFound {
  readonly line: number;
  /** Kind of secret, such as `a key of AWS`. The value itself is never repeated. */
  readonly kind: string;
}

/** Secrets that the scanner's rules leave out, because they are too common or too new for it. */
const patterns: readonly (readonly [RegExp, kind: string])[] = [
  [/\b(?:AKIA|ASIA)(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}\b/g, 'an access key of AWS'],
  [/\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,}/g, 'a secret key of Stripe'],
  [/\bwhsec_[0-9A-Za-z]{24,}/g, 'a webhook secret'],
  [/\bsk-(?:proj|ant)-[\w-]{24,}/g, 'a key of an AI service'],
  [/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\\nr]+[A-Za-z0-9+/=]{40}/g, 'a private key'],
];

/** Signs of a secret. Most files have none, and the scanner is not loaded for them. */
const signs =
  /AKIA|ASIA|[sr]k_(live|test)_|whsec_|\bsk-|gh[pousr]_|github_pat_|xox[abpr]-|PRIVATE KEY|\bSG\.|npm_[A-Za-z0-9]{10}|glpat-|shp(at|ss|ca|pa)_|lin_api_|:\/\/[^\s:@/'"`]+:[^\s@/'"`]+@|hooks\.slack\.com|aws_?secret/i;

/** Places in a line that are written for people to fill in, and addresses of the machine itself. */
const placeholder =
  /\byour[-_ ]|example|placeholder|change[-_]?me|\bx{3,}\b|xxxx|\.\.\.|<[\w -]+>|:(\[[\w -]+\]|\{+[\w -]+\}+)@|@(localhost|127\.0\.0\.1|host|hostname)\b|\/\/user(name)?:pass(word)?@|postgres:postgres@|\$\{/i;

/** Finds secrets in a text with secretlint and the patterns above. One finding a line. */
export async function secretsIn(file: string, content: string): Promise<SecretFound[]> {
  if (!signs.test(content)) return [];
  const lines = content.split('\n');
  const found = new Map<number, string>();
  for (const [pattern, kind] of patterns)
    for (const { index } of content.matchAll(pattern)) found.set(lineAt(content, index), kind);
  const { lintSource } = await import('@secretlint/core');
  const { creator } = await import('@secretlint/secretlint-rule-preset-recommend');
  const result = await lintSource({
    source: { filePath: file, content, ext: '', contentType: 'text' },
    options: { config: { rules: [{ id: 'recommended', rule: creator }] }, noPhysicFilePath: true },
  });
  for (const { ruleId, loc } of result.messages)
    if (!found.has(loc.start.line)) found.set(loc.start.line, kindOf(ruleId));
  return [...found]
    .filter(([line]) => !placeholder.test(lines[line - 1] ?? ''))
    .map(([line, kind]) => ({ line, kind }))
    .sort((a, b) => a.line - b.line);
}

function kindOf(rule: string): string {
  return `a secret (${rule.replace(/^.*secretlint-rule-/, '')})`;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
