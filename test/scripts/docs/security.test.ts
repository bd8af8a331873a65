import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSection } from '../../../scripts/docs/marked-section';
import { securityDocument } from '../../../scripts/docs/security';

const written = readFileSync(join(__dirname, '../../../docs/security.md'), 'utf8');
const made = securityDocument();

test('the tables in docs/security.md are current; `npm run docs` writes them', () => {
  expect(written).toBe(withSection(written, 'security', made));
});

test('list every security group and every secret', () => {
  expect(made).toContain('| the proxy of the database | 5432 | clients of the database |');
  expect(made).toContain('| Server/Task/Resource/ExecutionRole | the active login of the server |');
  expect(made).not.toMatch(/\banother\b|undefined/);
});
