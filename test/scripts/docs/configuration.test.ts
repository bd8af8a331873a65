import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leaves } from '../../../config/describe';
import { configurationTable } from '../../../scripts/docs/configuration';

test('docs/configuration.md is current; `npm run docs` writes it', () => {
  const written = readFileSync(join(__dirname, '../../../docs/configuration.md'), 'utf8');
  expect(written).toBe(configurationTable());
});

test.each(leaves())('%s is described', (_, node) => {
  expect(node.description).toBeTruthy();
});
