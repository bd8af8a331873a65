import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EnvironmentName, loadSettings } from '../../config';
import { lintReleaseMigrations } from '../../lib/prepare/lint-release-migrations';
import { release } from '../support/environment';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'migrations-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const CREATE = 'CREATE TABLE "notes" ("id" serial PRIMARY KEY, "text" text, "old" text);';
const DROP = 'ALTER TABLE "notes" DROP COLUMN "old";';
const ADD = 'ALTER TABLE "notes" ADD COLUMN "seen" boolean;';

function judge(environment: EnvironmentName, files: string[], applied?: 0 | string, source?: string) {
  const folder = join(directory, 'image', 'migrations');
  mkdirSync(join(folder, 'meta'), { recursive: true });
  const entries = files.map((sql, idx) => {
    writeFileSync(join(folder, `000${idx}_m.sql`), sql);
    return { idx, version: '7', when: 1000 + idx, tag: `000${idx}_m`, breakpoints: true };
  });
  writeFileSync(
    join(folder, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
  const settings = loadSettings(environment, directory);
  return lintReleaseMigrations({
    environment,
    settings: { ...settings, application: { migrations: { applied } } },
    release: { ...release, migrations: { ...release.migrations, folder: source } },
    directory,
  });
}

test('an additive migration passes', async () => {
  expect((await judge('production', [CREATE, ADD])).warnings).toEqual([]);
});

test('fails for production if the newest migration contracts the schema in use', async () => {
  await expect(judge('production', [CREATE, DROP])).rejects.toThrow(
    /0001_m\.sql:1[\s\S]*migrations\.applied in framework53/,
  );
});

test('only warns in other environments', async () => {
  expect((await judge('staging', [CREATE, DROP])).warnings).toMatchObject([
    { severity: 'caution', place: 'migrations/0001_m.sql:1' },
  ]);
});

test("names the application's own folder, not the copies in the image", async () => {
  const places = async (source: string) =>
    (await judge('staging', [CREATE, DROP], undefined, source)).warnings.map(({ place }) => place);
  expect(await places('server/drizzle')).toEqual(['server/drizzle/0001_m.sql:1']);
  expect(await places('drizzle')).toEqual(['drizzle/0001_m.sql:1']);
  await expect(judge('production', [CREATE, DROP], undefined, 'server/drizzle')).rejects.toThrow(
    /^ {2}server\/drizzle\/0001_m\.sql:1/m,
  );
});

test('warns once of each kind of statement in a migration', async () => {
  const { warnings } = await judge('staging', [
    CREATE,
    `${DROP}\nALTER TABLE "notes" DROP COLUMN "text";`,
    'DROP TABLE "notes";',
  ]);
  expect(warnings).toMatchObject([
    { place: 'migrations/0001_m.sql:1', what: 'drop-column, in 2 statements' },
    { place: 'migrations/0002_m.sql:1', what: 'drop-table' },
  ]);
});

test('only warns about earlier contracting migrations', async () => {
  expect((await judge('production', [CREATE, DROP, ADD])).warnings).toHaveLength(1);
});

test('has no findings while production is empty', async () => {
  expect((await judge('production', [CREATE, DROP], 0)).warnings).toEqual([]);
});

test('fails for every contracting migration that production does not have yet', async () => {
  await expect(judge('production', [CREATE, DROP, ADD], '0000_m')).rejects.toThrow('0001_m.sql');
});

test('lists the migrations that contract the schema', async () => {
  const { report } = await judge('test', [CREATE, DROP]);
  expect(report?.files.map(({ tag, contracts }) => [tag, contracts])).toEqual([
    ['0000_m', false],
    ['0001_m', true],
  ]);
});

test('does not load the parser for a schema without migration files', async () => {
  const migrations = { kind: 'baseline', digest: 'x' } as const;
  const settings = loadSettings('production', directory);
  expect(
    await lintReleaseMigrations({
      environment: 'production',
      settings,
      release: { ...release, migrations },
      directory,
    }),
  ).toEqual({ warnings: [] });
});
