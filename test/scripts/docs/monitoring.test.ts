import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { monitoringDocument, withAlarms } from '../../../scripts/docs/monitoring';

const docs = join(__dirname, '../../../docs');
const written = readFileSync(join(docs, 'monitoring.md'), 'utf8');
const made = monitoringDocument();

test('the table of alarms in docs/monitoring.md is current; `npm run docs` writes it', () => {
  expect(written).toBe(withAlarms(written, made.alarms));
});

test('the picture of the dashboard is current; `npm run docs` draws it', () => {
  expect(readFileSync(join(docs, 'images/dashboard.svg'), 'utf8')).toBe(made.dashboard);
});

test('fails for a document without a place for the table', () => {
  expect(() => withAlarms('# Monitoring\n', '')).toThrow(/no marks/);
});
