import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSettings } from '../../config';
import { neonPlugin } from '../../lib/application/swap/neon-plugin';
import { serverVariables } from '../../lib/prepare/server-environment';
import { PausingPort, RESUME_MS } from '../../lib/rehearsal/rds/pausing-port';
import { freePort } from '../../lib/rehearsal/rds/postgres';
import { release } from '../support/environment';
import { sharedPostgres, startPostgres } from '../support/postgres';
import { guestbook, installedGuestbook, temporaryFolder } from './support';

type Neon = typeof import('../../lib/application/swap/neon.runtime');
// biome-ignore lint/suspicious/noExplicitAny: drizzle is the guestbook's, whose types are not here
type Database = any;

const folder = temporaryFolder();
let driver: Neon;
let drizzle: {
  serverless: (config: object) => Database;
  http: (client: unknown, config?: object) => Database;
  orm: Database;
  core: Database;
};
let real: Neon;
let url: string;
let sql: ReturnType<Neon['neon']>;
let pool: InstanceType<Neon['Pool']>;

/** Bundled as a server is: Neon's driver swapped, drizzle's Neon drivers inlined, drizzle itself external. */
beforeAll(async () => {
  installedGuestbook();
  symlinkSync(join(guestbook, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await build({
    stdin: {
      contents: `
        export * from '@neondatabase/serverless';
        export { drizzle as serverless } from 'drizzle-orm/neon-serverless';
        export { drizzle as http } from 'drizzle-orm/neon-http';
        export * as orm from 'drizzle-orm';
        export * as core from 'drizzle-orm/pg-core';
      `,
      resolveDir: guestbook,
    },
    absWorkingDir: guestbook,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: join(folder, 'driver.mjs'),
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    plugins: [neonPlugin(guestbook)],
  });
  const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(file).href);
  driver = drizzle = await load(join(folder, 'driver.mjs'));
  real = await load(join(guestbook, 'node_modules', '@neondatabase', 'serverless', 'index.mjs'));
  url = await (await sharedPostgres()).createDatabase();
  sql = driver.neon(url);
  pool = new driver.Pool({ connectionString: url });
  await pool.query(
    'CREATE TABLE things (id serial PRIMARY KEY, name text UNIQUE, at timestamptz, tags text[])',
  );
}, 60_000);
afterAll(async () => {
  await pool.end();
  rmSync(folder, { recursive: true, force: true });
});

test("exports every part of Neon's driver that applications use", () => {
  const marks = ['_bundleExt'];
  for (const name of Object.keys(real).filter((each) => !marks.includes(each)))
    expect(driver, name).toHaveProperty(name);
  driver.neonConfig['webSocketConstructor'] = class {};
  driver.neonConfig['fetchEndpoint'] = () => 'https://example.com';
  expect(driver.errorFields).toEqual(real.errorFields);
  for (const address of [
    'postgresql://ada:se%40same@db.example.com:5433/shop?application_name=x',
    'postgres://ada@db.example.com/shop',
  ])
    expect(driver.parseIntoClientConfig(address)).toMatchObject(real.parseIntoClientConfig(address));
});

describe('neon()', () => {
  test('builds queries from templates as Neon does', () => {
    const asked = ({ neon }: Neon) => {
      const tag = neon('postgresql://a:b@c.example.com/d');
      const inner = tag`name = ${'x'} AND id > ${1}`;
      return [
        tag`SELECT 1`,
        tag`SELECT * FROM things WHERE id = ${7} AND name = ${"o'x"}`,
        tag`SELECT * FROM things WHERE ${inner} OR ${tag`id IN (${[1, 2]})`} LIMIT ${3}`,
        tag`SELECT ${tag.unsafe('id, name')} FROM things WHERE at < ${new Date(0)}`,
      ].map((query) => (query.queryData as InstanceType<Neon['SqlTemplate']>).toParameterizedQuery());
    };
    expect(asked(driver)).toEqual(asked(real));
  });

  test('returns rows, arrays or the full result', async () => {
    expect(await sql`SELECT ${1}::int AS one, ${'a'}::text AS a`).toEqual([{ one: 1, a: 'a' }]);
    expect(await sql.query('SELECT $1::int AS one', [2], { arrayMode: true })).toEqual([[2]]);
    const full = await driver.neon(url, { fullResults: true })`SELECT 3 AS three`;
    expect(full).toMatchObject({ rows: [{ three: 3 }], command: 'SELECT', rowCount: 1, rowAsArray: false });
    expect((full as { fields: { name: string; dataTypeID: number }[] }).fields).toMatchObject([
      { name: 'three', dataTypeID: 23 },
    ]);
    expect(
      await (sql as unknown as (text: string, params: unknown[]) => Promise<unknown>)(
        'SELECT $1::text AS old',
        ['x'],
      ),
    ).toEqual([{ old: 'x' }]);
  });

  test.each([[[]], [undefined]])(
    'refuses two statements in one query, as Neon does (parameters: %j)',
    async (values) => {
      const both = sql.query("INSERT INTO things (name) VALUES ('two'); SELECT 1", values);
      await expect(both).rejects.toMatchObject({ name: 'NeonDbError', code: '42601' });
      await expect(
        sql.transaction([sql.query("INSERT INTO things (name) VALUES ('two'); SELECT 1", values)]),
      ).rejects.toMatchObject({ code: '42601' });
      expect(await sql`SELECT name FROM things WHERE name = 'two'`).toEqual([]);
    },
  );

  test('runs an awaited query once, and never one that is part of another query', async () => {
    const unused = sql`INSERT INTO things (name) VALUES ('never')`;
    expect(unused).toBeInstanceOf(driver.NeonQueryPromise);
    await sql`INSERT INTO things (name) VALUES ('once')`;
    expect(await sql`SELECT name FROM things WHERE name IN ('never', 'once')`).toEqual([{ name: 'once' }]);
  });

  test('fails with NeonDbError and the fields of the PostgreSQL error', async () => {
    const error = await sql`INSERT INTO things (name) VALUES ('once')`.catch((caught) => caught);
    expect(error).toBeInstanceOf(driver.NeonDbError);
    expect(error).toMatchObject({
      name: 'NeonDbError',
      code: '23505',
      constraint: 'things_name_key',
      table: 'things',
    });
  });

  test('transactions are atomic, isolated, and read-only if requested', async () => {
    const results = await sql.transaction([
      sql`INSERT INTO things (name) VALUES ('t1') RETURNING name`,
      sql`SELECT 1 AS one`,
    ]);
    expect(results).toEqual([[{ name: 't1' }], [{ one: 1 }]]);
    // Seen from another connection, so it is committed.
    expect((await pool.query("SELECT name FROM things WHERE name = 't1'")).rows).toHaveLength(1);
    const failing = sql.transaction((txn) => [
      txn`INSERT INTO things (name) VALUES ('t2')`,
      txn`INSERT INTO things (name) VALUES ('t1')`,
    ]);
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await sql`SELECT name FROM things WHERE name = 't2'`).toEqual([]);
    const asked = { isolationLevel: 'Serializable', readOnly: true, arrayMode: true } as const;
    expect(
      await sql.transaction([sql`SHOW transaction_isolation`, sql`SHOW transaction_read_only`], asked),
    ).toEqual([[['serializable']], [['on']]]);
    await expect(sql.transaction([sql`SELECT 1`, 'SELECT 2' as never])).rejects.toThrow(/array of queries/);
  });

  test('fails without an address, and says so', () => {
    expect(() => driver.neon('')).toThrow(/No database connection string/);
  });
});

test('Pool and Client behave like those of node-postgres', async () => {
  const values = await pool.query(
    "SELECT 9007199254740993 AS big, 1.5::numeric AS n, '{a,b}'::text[] AS list, '{\"x\":1}'::jsonb AS doc, now() AS at",
  );
  expect(values.rows[0]).toMatchObject({
    big: '9007199254740993',
    n: '1.5',
    list: ['a', 'b'],
    doc: { x: 1 },
  });
  expect(values.rows[0].at).toBeInstanceOf(Date);
  const own = new driver.Pool(url);
  const client = await own.connect();
  expect(client).toBeInstanceOf(driver.Client);
  client.release();
  await own.end();
});

describe('drizzle', () => {
  test('over neon-serverless has interactive transactions', async () => {
    const { pgTable, serial, text, timestamp } = drizzle.core;
    const things = pgTable('things', {
      id: serial('id').primaryKey(),
      name: text('name'),
      at: timestamp('at', { withTimezone: true }),
      tags: text('tags').array(),
    });
    const db = drizzle.serverless({ client: pool, schema: { things } });
    await expect(
      db.transaction(async (tx: Database) => {
        await tx.insert(things).values({ name: 'd1' });
        tx.rollback();
      }),
    ).rejects.toThrow();
    const at = new Date('2026-01-02T03:04:05.678Z');
    const [row] = await db
      .insert(things)
      .values({ name: 'd2', at, tags: ['x', 'y'] })
      .returning();
    expect(row).toMatchObject({ name: 'd2', at, tags: ['x', 'y'] });
    expect(await db.query.things.findFirst({ where: drizzle.orm.eq(things.name, 'd1') })).toBeUndefined();

    const http = drizzle.http(sql, { schema: { things } });
    const batch = await http.batch([
      http.insert(things).values({ name: 'd3' }).returning({ name: things.name }),
      http.query.things.findMany({ where: drizzle.orm.eq(things.name, 'd2') }),
    ]);
    expect(batch).toMatchObject([[{ name: 'd3' }], [{ name: 'd2', at }]]);
    await expect(http.transaction(async () => {})).rejects.toThrow(/No transactions support/);
  });
});

describe('connecting', () => {
  test('is retried until the database exists', async () => {
    const port = await freePort();
    const late = new driver.Pool({ connectionString: `postgresql://postgres@127.0.0.1:${port}/postgres` });
    late.on('error', () => {});
    const asked = late.query('SELECT 1 AS one');
    const direct = new driver.Client(`postgresql://postgres@127.0.0.1:${port}/postgres`);
    const connected = direct.connect();
    const server = await startPostgres({ port });
    expect((await asked).rows).toEqual([{ one: 1 }]);
    await connected;
    expect((await direct.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
    await direct.end();
    await late.end();
    await server.stop();
  }, 30_000);

  // All times are a tenth of the real ones: 15 s to resume, 5 s in the applications, and the timeouts of the stacks.
  test.each([
    ['staging', 'fails after the 5 s of the code'],
    ['development', 'waits, as the stacks allow where the database pauses'],
  ] as const)('waits 15 s for a resuming database, with the variables of %s, %s', async (environment, _) => {
    const settings = loadSettings(environment, '/nonexistent');
    const variables = serverVariables({ environment, settings, release });
    const least = variables.find(({ name }) => name === 'FRAMEWORK53_LEAST_CONNECT_TIMEOUT_MS')?.value;
    const pausing = new PausingPort(() => Number(new URL(url).port), RESUME_MS / 10);
    const address = new URL(url);
    address.port = String(await pausing.listen());
    if (least) process.env['FRAMEWORK53_LEAST_CONNECT_TIMEOUT_MS'] = String(Number(least) / 10);
    try {
      for (const kind of [driver.Pool, driver.Client]) {
        pausing.pause();
        const client = new kind({ connectionString: address.href, connectionTimeoutMillis: 500 });
        const asked = client.connect();
        if (least) await asked;
        else await expect(asked).rejects.toThrow(/timeout/);
        const connected = (await asked.catch(() => undefined)) as { release?(): void } | undefined;
        connected?.release?.();
        await client.end().catch(() => {});
      }
    } finally {
      delete process.env['FRAMEWORK53_LEAST_CONNECT_TIMEOUT_MS'];
      await pausing.close();
    }
  });

  test('is bounded by connectionTimeoutMillis', async () => {
    const port = await freePort();
    const never = new driver.Pool({
      connectionString: `postgresql://postgres@127.0.0.1:${port}/x`,
      connectionTimeoutMillis: 700,
    });
    const begin = performance.now();
    await expect(never.query('SELECT 1')).rejects.toThrow(/ECONNREFUSED|timeout/);
    expect(performance.now() - begin).toBeLessThan(1500);
    expect(performance.now() - begin).toBeGreaterThan(100);
    await never.end();
  });

  test('is not retried after a final error, and a query never is', async () => {
    const wrong = new driver.Pool({ connectionString: url.replace(/[^/]+$/, 'no_such_database') });
    const begin = performance.now();
    await expect(wrong.query('SELECT 1')).rejects.toMatchObject({ code: '3D000' });
    expect(performance.now() - begin).toBeLessThan(500);
    await wrong.end();

    await pool.query('CREATE SEQUENCE sent');
    const fragile = new driver.Pool({ connectionString: url });
    fragile.on('error', () => {});
    await expect(
      fragile.query("SELECT nextval('sent'), pg_terminate_backend(pg_backend_pid())"),
    ).rejects.toThrow();
    expect((await fragile.query("SELECT nextval('sent') AS next")).rows).toEqual([{ next: '2' }]);
    await fragile.end();
  });
});

test('a pool stays within the connection budget of the database', () => {
  process.env['DATABASE_POOL_SIZE'] = '7';
  try {
    expect(new driver.Pool({ max: 200 }).options.max).toBe(7);
    expect(new driver.Pool({ max: 3 }).options.max).toBe(3);
    expect(new driver.Pool().options.max).toBe(7);
  } finally {
    delete process.env['DATABASE_POOL_SIZE'];
  }
  expect(new driver.Pool({ max: 200 }).options.max).toBe(200);
});
