import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDocument } from '../../../scripts/docs/check';

test('docs/check.md is current; `npm run docs` writes it', () => {
  const written = readFileSync(join(__dirname, '../../../docs/check.md'), 'utf8');
  expect(written).toBe(checkDocument(written));
});
