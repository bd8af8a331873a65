// Reviews two changes of the guestbook's production environment: a harmless and a dangerous one.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './prepare.mjs';

const dist = createRequire(import.meta.url);
const { cacheFolder } = dist('../dist/lib/files/cache-folder.js');
const { prepareEnvironment } = dist('../dist/lib/prepare/prepare-environment.js');
const { readPlan } = dist('../dist/lib/review/read-plan.js');
const { review } = dist('../dist/lib/review/review.js');
const { htmlReport } = dist('../dist/lib/review/report/html.js');
const { textReport } = dist('../dist/lib/review/report/text.js');
const { synthesize } = dist('../dist/lib/synthesis/synthesize.js');

const application = fileURLToPath(new URL('../examples/guestbook', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'demo-review-'));
const pages = join(cacheFolder(), 'review');

/** Synthesises a plan with other settings, and then edits its templates. */
async function plan(
  name,
  prepared,
  { settings = (given) => given, templates = (text) => text, applied = 'all', database } = {},
) {
  const directory = join(scratch, name);
  synthesize({ ...prepared, settings: settings(prepared.settings) }, directory);
  for (const file of readdirSync(directory).filter((entry) => entry.endsWith('.template.json'))) {
    const path = join(directory, file);
    writeFileSync(path, templates(readFileSync(path, 'utf8'), { database }));
  }
  return readPlan(directory, { applied });
}

const changes = {
  harmless: {
    title: 'two more tasks at most, and a longer bake time',
    settings: (given) => ({ ...given, server: { ...given.server, maximumTasks: 12, bakeMinutes: 20 } }),
  },
  dangerous: {
    title: 'no reader and fewer backups, to save money, and a renamed database construct',
    settings: (given) => ({
      ...given,
      database: { ...given.database, readers: 0, backupRetentionDays: 1 },
    }),
    // Simulates renaming the construct to `Postgres`: CloudFormation creates a new, empty database.
    templates: (text, { database }) => text.replaceAll(database, 'DatabasePostgres7A3C10D2'),
  },
};

try {
  const prepared = await prepareEnvironment({ environment: 'production', application });
  const before = await plan('base', prepared);
  const resources = before.stacks.flatMap(({ template }) => Object.entries(template.Resources));
  const [database] = resources.find(([, { Type }]) => Type === 'AWS::RDS::DBCluster');
  mkdirSync(pages, { recursive: true });
  for (const [name, change] of Object.entries(changes)) {
    const after = await plan(name, prepared, { ...change, applied: before.migrations, database });
    const result = review(
      { label: 'main', plan: before },
      { label: change.title, plan: after },
      'production',
    );
    const page = join(pages, `${name}.html`);
    writeFileSync(page, htmlReport(result));
    const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
    process.stdout.write(
      `\n━━━ ${name}: ${change.title}\n\n${textReport(result, { colour })}\nAs a page: ${page}\n`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
