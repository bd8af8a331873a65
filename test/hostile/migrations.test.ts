import { expect, test } from 'vitest';
import { parseFile } from '../../lib/migration-lint/statements';

const MIGRATIONS: Readonly<Record<string, readonly [sql: string, told: RegExp]>> = {
  'operators in a row, for which the parser takes the square of the time': [
    '/*'.repeat(100_000),
    /over 5,000 operators/,
  ],
  'data instead of a schema': ['INSERT INTO t VALUES (1);\n'.repeat(250_000), /over 5 MB/],
  'a text without an end': [`SELECT '${'x'.repeat(100_000)}`, /PostgreSQL: unterminated quoted string/],
  'a quote of dollars without an end': [`DO $a$${'$b$'.repeat(50_000)}`, /PostgreSQL: /],
  'parentheses in parentheses': [`SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`, /./],
  'bytes that are no text': [Buffer.from([0xff, 0xfe, 1, 2, 3]).toString('utf8'), /PostgreSQL: syntax error/],
  'commands of psql': ["\\! touch x\nCOPY t FROM PROGRAM 'touch x';", /PostgreSQL: syntax error/],
};

test.each(Object.entries(MIGRATIONS))('%s', async (_, [sql, told]) => {
  const { problems } = await parseFile(sql);
  expect(problems.map(({ why }) => why).join('\n')).toMatch(told);
  for (const { text, why } of problems) expect(text.length + why.length).toBeLessThan(700);
});
