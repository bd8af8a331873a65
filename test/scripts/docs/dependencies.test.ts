import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dependenciesDocument, isAllowed, licenceProblems } from '../../../scripts/docs/dependencies';

const root = join(__dirname, '../../..');

test('docs/dependencies.md is current; `npm run docs` writes it', () => {
  const written = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  expect(written).toBe(dependenciesDocument(written, root));
});

test('every package in production has a permissive licence', () => {
  expect(licenceProblems(root)).toEqual([]);
  expect(['MIT', '(MIT OR GPL-3.0-or-later)', 'BSD-2-Clause'].filter(isAllowed)).toHaveLength(3);
  expect(
    ['GPL-3.0', 'AGPL-3.0-only', 'MIT AND GPL-2.0', 'none', 'SEE LICENSE IN x'].filter(isAllowed),
  ).toEqual([]);
});
