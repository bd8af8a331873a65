// Writes the generated documents. A test fails if one is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import './build.mjs';

const dist = createRequire(import.meta.url);
const { checkDocument } = dist('../dist/scripts/docs/check.js');
const { configurationTable } = dist('../dist/scripts/docs/configuration.js');
const { monitoringDocument } = dist('../dist/scripts/docs/monitoring.js');
const { alarmDocuments } = dist('../dist/scripts/docs/runbook.js');
const { examplePage } = dist('../dist/scripts/docs/on-call.js');
const { costDocument } = dist('../dist/scripts/docs/cost.js');
const { designDocument } = dist('../dist/scripts/docs/house.js');
const { reviewDocument } = dist('../dist/scripts/docs/review.js');
const { dependenciesDocument } = dist('../dist/scripts/docs/dependencies.js');
const { policiesDocument } = dist('../dist/scripts/docs/policies.js');
const { securityDocument } = dist('../dist/scripts/docs/security.js');
const { withSection } = dist('../dist/scripts/docs/marked-section.js');
const path = (name) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
const read = (name) => readFileSync(path(name), 'utf8');

const { alarms, dashboard } = monitoringDocument();
const { runbook, paging } = alarmDocuments();
const documents = {
  'check.md': checkDocument(read('check.md')),
  'configuration.md': configurationTable(),
  'monitoring.md': withSection(read('monitoring.md'), 'alarms', alarms),
  'runbook.md': runbook,
  'on-call.md': withSection(read('on-call.md'), 'page', examplePage(paging)),
  'review.md': reviewDocument(read('review.md')),
  'cost.md': await costDocument(fileURLToPath(new URL('../examples/guestbook', import.meta.url))),
  'dependencies.md': dependenciesDocument(
    read('dependencies.md'),
    fileURLToPath(new URL('..', import.meta.url)),
  ),
  'policies.md': policiesDocument(),
  'security.md': withSection(read('security.md'), 'security', securityDocument()),
  'design.md': designDocument(read('design.md'), fileURLToPath(new URL('..', import.meta.url))),
  'images/dashboard.svg': dashboard,
};
for (const [name, text] of Object.entries(documents)) {
  writeFileSync(path(name), text);
  process.stdout.write(`wrote ${path(name)}\n`);
}
