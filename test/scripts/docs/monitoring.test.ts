import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSection } from '../../../scripts/docs/marked-section';
import { monitoringDocument } from '../../../scripts/docs/monitoring';

const docs = join(__dirname, '../../../docs');
const written = readFileSync(join(docs, 'monitoring.md'), 'utf8');
const made = monitoringDocument();

test('the table of alarms in docs/monitoring.md is current; `npm run docs` writes it', () => {
  expect(written).toBe(withSection(written, 'alarms', made.alarms));
});

test('the picture of the dashboard is current; `npm run docs` draws it', () => {
  expect(readFileSync(join(docs, 'images/dashboard.svg'), 'utf8')).toBe(made.dashboard);
});
