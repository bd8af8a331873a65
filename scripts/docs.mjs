// Writes the documents that are made from the sources; a test fails when one is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import './build.mjs';

const dist = createRequire(import.meta.url);
const { configurationTable } = dist('../dist/scripts/docs/configuration.js');
const { monitoringDocument, withAlarms } = dist('../dist/scripts/docs/monitoring.js');
const { alarmDocuments } = dist('../dist/scripts/docs/runbook.js');
const { withPage } = dist('../dist/scripts/docs/on-call.js');
const { costDocument } = dist('../dist/scripts/docs/cost.js');
const { reviewDocument } = dist('../dist/scripts/docs/review.js');
const { securityDocument, withSecurity } = dist('../dist/scripts/docs/security.js');
const path = (name) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

const { alarms, dashboard } = monitoringDocument();
const { runbook, paging } = alarmDocuments();
const documents = {
  'configuration.md': configurationTable(),
  'monitoring.md': withAlarms(readFileSync(path('monitoring.md'), 'utf8'), alarms),
  'runbook.md': runbook,
  'on-call.md': withPage(readFileSync(path('on-call.md'), 'utf8'), paging),
  'review.md': reviewDocument(readFileSync(path('review.md'), 'utf8')),
  'cost.md': await costDocument(fileURLToPath(new URL('../examples/guestbook', import.meta.url))),
  'security.md': withSecurity(readFileSync(path('security.md'), 'utf8'), securityDocument()),
  'images/dashboard.svg': dashboard,
};
for (const [name, text] of Object.entries(documents)) {
  writeFileSync(path(name), text);
  process.stdout.write(`wrote ${path(name)}\n`);
}
