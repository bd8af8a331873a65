import { expect, test } from 'vitest';
import { detectVariables } from '../../lib/application/detect-variables';

/** What kind of variable MAIL_API_KEY is to a module. */
function needs(code: string): string {
  const file = { file: 'server/index.ts', code, imports: new Map(), externals: [] };
  const variables = detectVariables('/nowhere', { files: [file], aliases: {} }, {});
  const { kind, optional } = variables.find(({ name }) => name === 'MAIL_API_KEY')!;
  return `${kind}${optional ? '?' : ''}`;
}

test.each([
  // A value of its own, or asked for first: the server runs without it.
  'start(process.env.MAIL_API_KEY ?? null);',
  "start(process.env.MAIL_API_KEY || process.env.MAIL_URL || 'none');",
  'start((process.env.MAIL_API_KEY as string) || 1);',
  'if (process.env.MAIL_API_KEY) start(process.env.MAIL_API_KEY);',
  'if (process.env.MAIL_URL && process.env.MAIL_API_KEY) { start(process.env.MAIL_API_KEY!); }',
  'if (!process.env.MAIL_API_KEY) { console.warn("no mail"); } else { start(process.env.MAIL_API_KEY); }',
  'function mail() { if (!process.env.MAIL_API_KEY) return false; start(process.env.MAIL_API_KEY); }',
  'if (process.env.MAIL_API_KEY === undefined) mail = null; else start(process.env.MAIL_API_KEY);',
  'if (process.env.MAIL_API_KEY) { const r = send(process.env.MAIL_API_KEY); if (!r) throw new Error(r); }',
  'const mail = process.env.MAIL_API_KEY ? start(process.env.MAIL_API_KEY) : null;',
  'const mail = process.env.MAIL_API_KEY && start(process.env.MAIL_API_KEY);',
  'status({ mail: Boolean(process.env.MAIL_API_KEY), really: !!process.env.MAIL_API_KEY });',
  'const key = process.env.MAIL_API_KEY;\nconst mail = key ? start(key) : undefined;',
  'const key: string | undefined = process.env["MAIL_API_KEY"]\nif (!key) { done(); mail = 1; }',
  'const { MAIL_API_KEY: key } = process.env;\nif (key) start(key);',
  "const { MAIL_API_KEY = 'x' } = process.env; start(MAIL_API_KEY);",
])('the code does without: %s', (code) => {
  expect(needs(code)).toBe('dispensable?');
});
test.each([
  'start(process.env.MAIL_API_KEY!);',
  'start({ key: process.env.MAIL_API_KEY });',
  'console.log(process.env.MAIL_API_KEY || "not set"); start(process.env.MAIL_API_KEY);',
  'if (!process.env.MAIL_API_KEY) { console.error("set it"); process.exit(1); }',
  "if (!process.env.MAIL_API_KEY)\n  throw new Error('set it; please');",
  'if (!process.env.MAIL_URL || !process.env.MAIL_API_KEY) { log(); throw new Error(); }',
  "if (typeof process.env.MAIL_API_KEY !== 'string') throw new Error();",
  'if (!process.env.MAIL_API_KEY) { console.warn("mail will fail"); }\nstart(process.env.MAIL_API_KEY!);',
  'const key = process.env.MAIL_API_KEY;\nif (!key) throw new Error();\nif (key) start(key);',
  'const key = process.env.MAIL_API_KEY;\nstart(key);',
  'const key = process.env.MAIL_API_KEY ?? (() => { throw new Error(); })();',
  'if (given === process.env.MAIL_API_KEY) start();',
  'if (process.env.MAIL_API_KEY !== given) refuse();',
  'if (isValid(process.env.MAIL_API_KEY)) start();',
  'const { MAIL_API_KEY } = process.env; start(MAIL_API_KEY);',
])('the code needs: %s', (code) => {
  expect(needs(code)).toBe('provided');
});
