import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '../../../lib/review/rules';
import { reviewDocument } from '../../../scripts/docs/review';

const written = readFileSync(join(__dirname, '../../../docs/review.md'), 'utf8');

test('docs/review.md is current; `npm run docs` writes its tables', () => {
  expect(written).toBe(reviewDocument(written));
});

test('every rule is in docs/review.md', () => {
  for (const { name } of RULES) expect(written).toMatch(new RegExp(`^\\| \\[?\`${name}\``, 'm'));
});

test('fails for a document without a place for the tables', () => {
  expect(() => reviewDocument('# Review\n')).toThrow("the document has no marks for the section 'rules'");
});
