import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Application } from '../../lib/application/application';
import { exportSchema, hasUngenerated } from '../../lib/application/image/drizzle-kit';
import { bundleMigrate } from '../../lib/application/image/migrate-bundle';
import { writeMigrations } from '../../lib/application/image/write-migrations';
import { readApplication } from '../../lib/application/read-application';
import { freePort } from '../../lib/rehearsal/rds/postgres';
import { startPostgres as startWithPasswords } from '../constructs/database/postgres-server';
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
  for (const [name, text] of Object.entries({ 'plan.json': JSON.stringify(plan), ...files })) {
    mkdirSync(dirname(join(migrations, name)), { recursive: true });
    writeFileSync(join(migrations, name), text);
  }
  return out;
}

/** Puts a drizzle-kit into an application that has no `export`, and generates as the installed one does. */
function installOldKit(application: string, version: string, command: string): void {
  const kit = join(application, 'node_modules', 'drizzle-kit');
  const real = join(guestbook, 'node_modules', 'drizzle-kit', 'bin.cjs');
  rmSync(kit, { recursive: true });
  mkdirSync(kit);
  const files = {
    'package.json': JSON.stringify({
      name: 'drizzle-kit',
      version,
      main: 'index.cjs',
      bin: { 'drizzle-kit': 'bin.cjs' },
    }),
    'index.cjs': 'exports.defineConfig = (config) => config;',
    'bin.cjs': `const [given, ...rest] = process.argv.slice(2);
      if (given !== '${command}') { console.error("error: unknown command '" + given + "'"); process.exit(1); }
      require('node:child_process').execFileSync(process.execPath, ['${real}', 'generate', ...rest], { stdio: 'inherit' });`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(kit, name), text);
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
  journal = await bundleMigrate(guestbook, 'journal');
  const application = readApplication(makeApplication(folder), {});
  pushed = await bundleMigrate(application.directory, 'baseline');
  ddl = await exportSchema(application, join(folder, 'work'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newDatabase = async () => (await sharedPostgres()).createDatabase();

describe('the migrations of a journal', () => {
  const journalImage = (files = {}) =>
    imageOf(journal, { kind: 'journal' }, files, join(guestbook, 'migrations'));

  test("are applied once, by drizzle's own migrator, without node_modules", async () => {
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

  test('wait for a migrating release, and then have nothing to do', async () => {
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

  test('fail with the PostgreSQL error and exit code 1, and leave no partial change', async () => {
    const url = await newDatabase();
    const out = journalImage({
      '0000_initial.sql':
        'CREATE TABLE half (id int);\n--> statement-breakpoint\nCREATE TABEL done (id int);',
    });
    const { code, lines } = migrate(out, { DATABASE_URL: url });
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', event: 'migrations.failed', code: '42601' });
    expect(lines.at(-1)).toMatchObject({
      file: '0000_initial.sql',
      line: 3,
      statement: 'CREATE TABEL done (id int);',
    });
    expect(await rows(url, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  });

  test('stop after lock_timeout if other sessions lock a table', async () => {
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
  test("comes from the application's own drizzle-kit, without a database", () => {
    expect(ddl).toContain('CREATE TABLE "notes"');
  });

  test('is applied once, to an empty database; a changed schema is refused with advice', async () => {
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

  test('can be continued by migrations that drizzle-kit generates, as the message advises', async () => {
    const url = await newDatabase();
    migrate(imageOf(pushed, { kind: 'baseline' }, { 'baseline.sql': ddl }), { DATABASE_URL: url });
    // The files that `npx drizzle-kit generate` writes for the same schema, and after a change.
    const first = ddl
      .replaceAll(/;\n\n?/g, ';\n--> statement-breakpoint\n')
      .replace(/--> statement-breakpoint\n$/, '');
    const entries = ['0000_first', '0001_more'].map((tag, idx) => ({
      idx,
      version: '7',
      when: 1e12 + idx,
      tag,
    }));
    const generated = (count: number, text = first) =>
      imageOf(
        journal,
        { kind: 'journal' },
        {
          '0000_first.sql': text,
          '0001_more.sql': 'CREATE TABLE more (id int);',
          'meta/_journal.json': JSON.stringify({ dialect: 'postgresql', entries: entries.slice(0, count) }),
        },
      );
    expect(migrate(generated(1), { DATABASE_URL: url }).lines).toMatchObject([
      { event: 'migrations.baseline-adopted', count: 1 },
      { event: 'migrations.applied', count: 0 },
      {},
    ]);
    expect(migrate(generated(2), { DATABASE_URL: url }).lines[0]).toMatchObject({
      event: 'migrations.applied',
      count: 1,
    });
    const other = await newDatabase();
    migrate(imageOf(pushed, { kind: 'baseline' }, { 'baseline.sql': ddl }), { DATABASE_URL: other });
    const refused = migrate(generated(1, 'CREATE TABLE else (id int);'), { DATABASE_URL: other });
    expect([refused.code, refused.lines.at(-1)!['message']]).toEqual([
      1,
      expect.stringMatching(/do not begin with that schema.*npx drizzle-kit generate/),
    ]);
  });

  test.each([
    ['0.27.2', 'generate'],
    ['0.20.18', 'generate:pg'],
  ])('comes from drizzle-kit %s too, which has no command `export`', async (version, command) => {
    const own = makeApplication(join(folder, version), {}, { packages: {} });
    installOldKit(own, version, command);
    const old = await exportSchema(readApplication(own, {}), join(folder, version, 'work'));
    expect(old.replaceAll(/\s/g, '')).toBe(ddl.replaceAll(/\s/g, ''));
  });

  test('leaves the database empty if it fails', async () => {
    const url = await newDatabase();
    const out = imageOf(
      pushed,
      { kind: 'baseline' },
      { 'baseline.sql': 'CREATE TABLE a (id int);\nCREATE TABEL b (id int);' },
    );
    const { code, lines } = migrate(out, { DATABASE_URL: url });
    expect([code, lines.at(-1)]).toMatchObject([
      1,
      { file: 'baseline.sql', line: 2, statement: 'CREATE TABEL b (id int);' },
    ]);
    expect(await rows(url, "SELECT to_regclass('a') AS a")).toEqual([{ a: null }]);
  });
});

describe('a journal beside a pushed schema', () => {
  const withJournal = (name: string, differences: Record<string, string> = {}) => {
    const own = makeApplication(join(folder, name));
    const kit = join(own, 'node_modules', 'drizzle-kit', 'bin.cjs');
    execFileSync(process.execPath, [kit, 'generate'], {
      cwd: own,
      env: { ...process.env, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' },
    });
    for (const [file, text] of Object.entries(differences)) writeFileSync(join(own, file), text);
    return readApplication(own, {});
  };
  const write = (application: Application) => {
    const out = join(folder, `${Math.random()}`);
    return writeMigrations(application, join(out, 'migrations'), join(out, 'work'));
  };

  test('is applied if it matches the schema', async () => {
    const application = withJournal('in-step');
    expect(await hasUngenerated(application, join(folder, 'in-step', 'work'))).toBe(false);
    expect(await write(application)).toEqual({ kind: 'journal', warnings: [] });
  });

  test('is ignored if it is older than the schema, or lists no file', async () => {
    const schema = readFileSync(join(folder, 'app', 'shared', 'schema.ts'), 'utf8');
    const changed = `${schema}\nexport const more = pgTable('more', { id: serial('id').primaryKey() });\n`;
    const behind = await write(withJournal('behind', { 'shared/schema.ts': changed }));
    expect(behind).toMatchObject({ kind: 'baseline', warnings: [{ rule: 'migrations-behind-schema' }] });
    const orphan = await write(withJournal('orphan', { 'migrations/0001_by_hand.sql': 'SELECT 1;' }));
    expect(orphan).toMatchObject({
      kind: 'baseline',
      warnings: [{ place: 'migrations/0001_by_hand.sql', what: expect.stringContaining('journal') }],
    });
  });
});

test("the session table is created beside a table whose index has connect-pg-simple's name", async () => {
  const url = await newDatabase();
  await rows(url, 'CREATE TABLE sessions (expire timestamp)');
  await rows(url, 'CREATE INDEX "IDX_session_expire" ON sessions (expire)');
  const out = join(folder, 'index-names', 'migrations');
  await writeMigrations(readApplication(makeApplication(join(folder, 'index-names')), {}), out, folder);
  await rows(url, readFileSync(join(out, 'session.sql'), 'utf8'));
  const indexes = `SELECT indexdef FROM pg_indexes WHERE tablename = 'session' ORDER BY indexname`;
  expect(await rows(url, indexes)).toEqual([
    { indexdef: expect.stringMatching(/^CREATE INDEX .*\(expire\)$/) },
    { indexdef: expect.stringMatching(/^CREATE UNIQUE INDEX .*\(sid\)$/) },
  ]);
});

test('the migration creates the session table, because the server must not', async () => {
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

test('without migrations, no database connection is opened', () => {
  const out = imageOf(pushed, { kind: 'none' }, {});
  expect(migrate(out, { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })).toMatchObject({
    code: 0,
    lines: [{ event: 'migrations.none' }, {}],
  });
});

test('connections are retried, verify TLS, and can get user and password separately from the address', async () => {
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

test('exits with 77 if a rotation changed the password, and succeeds with the current password', async () => {
  const server = await startWithPasswords();
  await server.createDatabase('shop');
  const out = imageOf(pushed, { kind: 'baseline' }, { 'baseline.sql': ddl });
  const environment = {
    DATABASE_URL: `postgresql://${server.host}:${server.port}/shop`,
    PGUSER: 'master',
    PGPASSWORD: 'of-last-month',
  };
  const refused = migrate(out, environment);
  expect([refused.code, refused.lines.at(-1)]).toMatchObject([77, { code: '28P01' }]);
  expect(migrate(out, { ...environment, PGPASSWORD: 'master-password' }).code).toBe(0);
  await server.stop();
});

test('exits if the login is refused, even if the database keeps the connection open', async () => {
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
