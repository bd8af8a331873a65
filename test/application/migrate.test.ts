import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportBaseline } from '../../lib/application/image/export-baseline';
import { bundleMigrate } from '../../lib/application/image/migrate-bundle';
import { readApplication } from '../../lib/application/read-application';
import { freePort } from '../../lib/rehearsal/rds/postgres';
import { sharedPostgres, startPostgres } from '../support/postgres';
import { guestbook, installedGuestbook, makeApplication, migrate, temporaryFolder } from './support';

const folder = temporaryFolder();
let journal: string;
let pushed: string;
let ddl: string;

/** A folder that holds what an image holds for its migrations. */
function imageOf(script: string, plan: object, files: Record<string, string>, from?: string): string {
  const out = join(folder, `${Math.random()}`);
  const migrations = join(out, 'image', 'migrations');
  mkdirSync(migrations, { recursive: true });
  if (from) cpSync(from, migrations, { recursive: true });
  writeFileSync(join(out, 'image', 'migrate.mjs'), script);
  for (const [name, text] of Object.entries({ 'plan.json': JSON.stringify(plan), ...files }))
    writeFileSync(join(migrations, name), text);
  return out;
}

async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  const result = await client.query(sql);
  await client.end();
  return result.rows as Record<string, unknown>[];
}

beforeAll(async () => {
  installedGuestbook();
  journal = await bundleMigrate(readApplication(guestbook, {}));
  const application = readApplication(makeApplication(folder), {});
  pushed = await bundleMigrate(application);
  ddl = await exportBaseline(application);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newDatabase = async () => (await sharedPostgres()).createDatabase();

describe('a journal of migrations', () => {
  const journalImage = (files = {}) =>
    imageOf(journal, { kind: 'journal' }, files, join(guestbook, 'migrations'));

  test('is applied once, by drizzle’s own migrator, with no node_modules around', async () => {
    const url = await newDatabase();
    const out = journalImage();
    expect(migrate(out, { DATABASE_URL: url })).toMatchObject({
      code: 0,
      lines: [
        { event: 'migrations.applied', count: 1 },
        { event: 'migrations.done', kind: 'journal' },
      ],
    });
    expect(migrate(out, { DATABASE_URL: url }).lines[0]).toMatchObject({
      event: 'migrations.applied',
      count: 0,
    });
    expect(await rows(url, 'SELECT count(*)::int AS n FROM drizzle.__drizzle_migrations')).toEqual([
      { n: 1 },
    ]);
  });

  test('waits for another release that migrates, and then has nothing to do', async () => {
    const url = await newDatabase();
    const out = journalImage();
    const run = () =>
      new Promise<string>((resolve, reject) =>
        execFile(
          process.execPath,
          ['migrate.mjs'],
          { cwd: join(out, 'image'), env: { ...process.env, DATABASE_URL: url } },
          (error, stdout) => (error ? reject(error) : resolve(stdout)),
        ),
      );
    const outputs = await Promise.all([run(), run(), run()]);
    expect(outputs.map((output) => /"count":(\d)/.exec(output)![1]).sort()).toEqual(['0', '0', '1']);
  });

  test('fails with what PostgreSQL says and exit code 1, and leaves nothing half-done', async () => {
    const url = await newDatabase();
    const out = journalImage({
      '0000_initial.sql':
        'CREATE TABLE half (id int);\n--> statement-breakpoint\nCREATE TABEL done (id int);',
    });
    const { code, lines } = migrate(out, { DATABASE_URL: url });
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', event: 'migrations.failed', code: '42601' });
    expect(JSON.stringify(lines.at(-1))).toContain('TABEL');
    expect(await rows(url, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  });

  test('gives up a table that others hold, after lock_timeout', async () => {
    const url = await newDatabase();
    migrate(journalImage(), { DATABASE_URL: url });
    const holder = new Client(url);
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE users');
    const entries = [{ idx: 0, version: '7', when: 9e12, tag: '0000_late', breakpoints: true }];
    const out = journalImage({
      '0000_late.sql': 'ALTER TABLE users ADD COLUMN late int;',
      'meta/_journal.json': JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    });
    const { code, lines } = migrate(out, { DATABASE_URL: url, MIGRATION_LOCK_TIMEOUT_MS: '300' });
    await holder.end();
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ code: '55P03' });
  });
});

describe('the DDL of a pushed schema', () => {
  test('comes from the application’s own drizzle-kit, without a database', () => {
    expect(ddl).toContain('CREATE TABLE "notes"');
  });

  test('is applied to an empty database, once; a changed one is refused with the way out', async () => {
    const url = await newDatabase();
    const first = imageOf(pushed, { kind: 'baseline' }, { 'baseline.sql': ddl });
    expect(migrate(first, { DATABASE_URL: url }).lines[0]).toMatchObject({
      event: 'migrations.applied',
      count: 1,
    });
    expect(migrate(first, { DATABASE_URL: url }).lines[0]).toMatchObject({
      event: 'migrations.applied',
      count: 0,
    });
    const changed = imageOf(
      pushed,
      { kind: 'baseline' },
      { 'baseline.sql': `${ddl}CREATE TABLE more (id int);\n` },
    );
    const { code, lines } = migrate(changed, { DATABASE_URL: url });
    expect(code).toBe(1);
    expect(lines.at(-1)!['message']).toMatch(/public\.notes.*npx drizzle-kit generate/);
    expect(await rows(url, "SELECT to_regclass('more') AS more")).toEqual([{ more: null }]);
  });

  test('that fails leaves the database empty', async () => {
    const url = await newDatabase();
    const out = imageOf(
      pushed,
      { kind: 'baseline' },
      { 'baseline.sql': 'CREATE TABLE a (id int); CREATE TABLE a (id int);' },
    );
    expect(migrate(out, { DATABASE_URL: url }).code).toBe(1);
    expect(await rows(url, "SELECT to_regclass('a') AS a")).toEqual([{ a: null }]);
  });
});

test('the table of sessions is made, for a server that may not', async () => {
  const url = await newDatabase();
  const out = imageOf(
    pushed,
    { kind: 'none', sessionTable: 'session' },
    { 'session.sql': 'CREATE TABLE "session" (sid varchar PRIMARY KEY);' },
  );
  expect(migrate(out, { DATABASE_URL: url })).toMatchObject({
    code: 0,
    lines: [{ event: 'migrations.session-table' }, {}],
  });
  expect(migrate(out, { DATABASE_URL: url })).toMatchObject({
    code: 0,
    lines: [{ event: 'migrations.done' }],
  });
});

test('nothing to do needs no database', () => {
  const out = imageOf(pushed, { kind: 'none' }, {});
  expect(migrate(out, { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })).toMatchObject({
    code: 0,
    lines: [{ event: 'migrations.none' }, {}],
  });
});

test('connecting is tried again, with user and password beside the address, verified by TLS', async () => {
  const port = await freePort();
  const out = imageOf(pushed, { kind: 'baseline' }, { 'baseline.sql': ddl });
  const environment = {
    DATABASE_URL: `postgresql://localhost:${port}/postgres?sslmode=verify-full`,
    PGUSER: 'postgres',
    PGPASSWORD: 'any',
  };
  const output = new Promise<string>((resolve) =>
    execFile(
      process.execPath,
      ['migrate.mjs'],
      {
        cwd: join(out, 'image'),
        env: { PATH: process.env['PATH'], ...environment, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
      },
      (_, stdout) => resolve(stdout),
    ),
  );
  // Read when the process starts to use TLS, which is later than this.
  const server = await startPostgres({ port, tls: true });
  writeFileSync(join(folder, 'ca.pem'), server.ca!);
  const first = await output;
  expect(first).toContain('migrations.connecting-again');
  const { lines } = migrate(out, { ...environment, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });
  expect(lines.at(-1)).toMatchObject({ event: 'migrations.done' });
  const unknown = migrate(out, environment);
  expect([unknown.code, unknown.lines.at(-1)!['message']]).toEqual([1, expect.stringMatching(/certificate/)]);
  await server.stop();
}, 40_000);

test('ends when it may not log in, though the database leaves the connection open', async () => {
  const message = (kind: number, text: string) => {
    const body = Buffer.concat([Buffer.from([0, 0, 0, kind]), Buffer.from(text)]);
    return Buffer.concat([Buffer.from('R'), Buffer.from([0, 0, 0, body.length + 4]), body]);
  };
  const database = createServer((socket) => {
    const answers = [message(10, 'SCRAM-SHA-256\0\0'), message(11, 'r=any,s=any,i=4096')];
    socket.on('data', () => socket.write(answers.shift() ?? '')).on('error', () => {});
  });
  await new Promise<void>((resolve) => database.listen(0, resolve));
  const { port } = database.address() as AddressInfo;
  const out = imageOf(pushed, { kind: 'baseline' }, { 'baseline.sql': ddl });
  const env = { PATH: process.env['PATH'], DATABASE_URL: `postgresql://any@localhost:${port}/postgres` };
  const options = { cwd: join(out, 'image'), env, timeout: 15_000 };
  const [code, output] = await new Promise<[unknown, string]>((resolve) =>
    execFile(process.execPath, ['migrate.mjs'], options, (error, stdout) => resolve([error?.code, stdout])),
  );
  database.close();
  expect([code, output]).toEqual([1, expect.stringContaining('password must be a string')]);
});
