import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { policiesDocument } from '../../../scripts/docs/policies';

test('docs/policies.md is current; `npm run docs` writes it', () => {
  expect(readFileSync(join(__dirname, '../../../docs/policies.md'), 'utf8')).toBe(policiesDocument());
});
