import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roleNames } from '../../../constructs/database/role-names';
import {
  type ApplicationRole,
  existingRolesQuery,
  grantsOnOwned,
  type OwnedObject,
  ownedObjectsQuery,
  passwordStatement,
  roleStatements,
} from '../../../constructs/database/role-statements';
import { scramVerifier } from '../../../constructs/database/scram';
import { quoteIdentifier } from '../../../constructs/database/sql-quoting';
import { MASTER, type PostgresServer, startPostgres } from './postgres-server';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

/** Brings the roles of `database` to the wanted state, as the handler does, and logs in as each. */
async function roles(database: string, applicationRole: ApplicationRole = 'application') {
  const names = roleNames(database);
  const [loginA, loginB] = names.logins;
  const password = (role: string) => `password-of-${Buffer.from(role).toString('hex')}`;
  const verifiers = Object.fromEntries(
    [names.owner, loginA, loginB, names.reader].map((role) => [role, scramVerifier(password(role))]),
  );
  const asMaster = <Row>(...sql: string[]) => postgres.query<Row>(MASTER, database, ...sql);
  const existing = new Set(
    (await asMaster<{ name: string }>(existingRolesQuery(names).sql)).map(({ name }) => name),
  );
  const objects = await asMaster<OwnedObject>(
    ...roleStatements({ database, names, applicationRole, verifiers, existing }).map(({ sql }) => sql),
    ownedObjectsQuery(names).sql,
  );
  await asMaster(...grantsOnOwned(objects, names).map(({ sql }) => sql));
  const as = (role: string) => (sql: string) =>
    postgres.query<Record<string, unknown>>({ username: role, password: password(role) }, database, sql);
  return {
    names,
    asMaster,
    owner: as(names.owner),
    loginA: as(loginA),
    loginB: as(loginB),
    reader: as(names.reader),
  };
}

describe('application role: application', () => {
  let db: Awaited<ReturnType<typeof roles>>;
  beforeAll(async () => {
    await postgres.createDatabase('shop');
    db = await roles('shop');
    // As a migration does, after the roles were made.
    await db.owner('CREATE TABLE orders (id serial PRIMARY KEY, note text UNIQUE)');
    await db.owner('CREATE SCHEMA drizzle');
    await db.owner('CREATE TABLE drizzle.journal (id serial)');
  });

  test('both logins write rows of later tables, including serial columns', async () => {
    await db.loginA("INSERT INTO orders (note) VALUES ('a')");
    await db.loginB("INSERT INTO orders (note) VALUES ('b')");
    expect(await db.loginA('SELECT note FROM orders ORDER BY id')).toEqual([{ note: 'a' }, { note: 'b' }]);
    await db.loginA("UPDATE orders SET note = 'c' WHERE note = 'a'");
    await db.loginB("DELETE FROM orders WHERE note = 'c'");
  });
  test('both logins use later schemas', async () => {
    await db.loginA('INSERT INTO drizzle.journal DEFAULT VALUES');
    await db.loginB('SELECT * FROM drizzle.journal');
  });
  test.each([
    'CREATE TABLE mine (id int)',
    'DROP TABLE orders',
    'ALTER TABLE orders ADD x int',
    'CREATE SCHEMA mine',
  ])('fails as the application: %s', async (sql) => {
    await expect(db.loginA(sql)).rejects.toThrow(/permission denied|must be owner/);
  });
  test('fails to become the owner', async () => {
    await expect(db.loginA(`SET ROLE ${quoteIdentifier(db.names.owner)}`)).rejects.toThrow(
      'permission denied',
    );
  });
  test('fails to log in as the group', async () => {
    await expect(
      postgres.query({ username: db.names.application, password: 'any' }, 'shop', 'SELECT 1'),
    ).rejects.toThrow();
  });

  test('the reader reads later tables and schemas', async () => {
    await db.reader('SELECT * FROM orders');
    await db.reader('SELECT * FROM drizzle.journal');
  });
  test.each(["INSERT INTO orders (note) VALUES ('x')", 'CREATE TABLE mine (id int)'])(
    'fails as the reader: %s',
    async (sql) => {
      await expect(db.reader(sql)).rejects.toThrow('read-only transaction');
    },
  );
  test('fails as the reader even if it disables its read-only setting', async () => {
    await expect(db.reader("BEGIN READ WRITE; INSERT INTO orders (note) VALUES ('x')")).rejects.toThrow(
      'permission denied',
    );
  });

  test('changes nothing on a second run', async () => {
    const state = `SELECT rolname, rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolconfig,
      (SELECT array_agg(roleid::regrole::text ORDER BY 1) FROM pg_auth_members WHERE member = r.oid) AS member_of
      FROM pg_roles r WHERE rolname LIKE 'shop%' OR rolname = 'master' ORDER BY 1`;
    const before = await db.asMaster(state);
    await roles('shop');
    expect(await db.asMaster(state)).toEqual(before);
  });
  test('sets the passwords of existing roles, as after a restore', async () => {
    const [loginA] = db.names.logins;
    await db.asMaster(passwordStatement(loginA, scramVerifier('another')).sql);
    await expect(db.loginA('SELECT 1')).rejects.toThrow('password authentication failed');
    await roles('shop');
    await db.loginA('SELECT 1');
  });
  test('grants rights on tables that the owner created before', async () => {
    await db.asMaster(
      `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${quoteIdentifier(db.names.application)}`,
    );
    await expect(db.loginA('SELECT * FROM orders')).rejects.toThrow('permission denied');
    await roles('shop');
    await db.loginA('SELECT * FROM orders');
  });
  test('leaves the data alone', async () => {
    const before = await db.owner('SELECT * FROM orders');
    await roles('shop');
    expect(await db.owner('SELECT * FROM orders')).toEqual(before);
  });
  test('no role is a superuser or may create roles or databases', async () => {
    const rows = await db.asMaster(
      `SELECT rolname FROM pg_roles WHERE rolname LIKE 'shop%' AND (rolsuper OR rolcreaterole OR rolcreatedb)`,
    );
    expect(rows).toEqual([]);
  });
});

describe('application role: owner', () => {
  test('objects of one login belong to the owner, and the other login can change them', async () => {
    await postgres.createDatabase('sessions');
    const db = await roles('sessions', 'owner');
    await db.loginA('CREATE TABLE IF NOT EXISTS session (sid varchar PRIMARY KEY)');
    expect(await db.loginA("SELECT tableowner FROM pg_tables WHERE tablename = 'session'")).toEqual([
      { tableowner: 'sessions_owner' },
    ]);
    await db.loginB('ALTER TABLE session ADD COLUMN expire timestamp');
  });
  test('is revoked by the role application', async () => {
    await postgres.createDatabase('strict');
    const before = await roles('strict', 'owner');
    await before.loginA('CREATE TABLE made (id int)');
    const db = await roles('strict');
    await expect(db.loginA('CREATE TABLE more (id int)')).rejects.toThrow('permission denied');
    await db.loginA('INSERT INTO made VALUES (1)');
  });
});

describe('hostile names', () => {
  test.each([
    'a"; DROP DATABASE shop; --',
    "o'brien",
    'semi;colon',
    'with space',
    'UPPER',
    'back\\slash',
    'select',
    'na:me and ::text',
    'ünï😀cödé',
    '$1 $$ $tag$',
  ])('%s', async (name) => {
    await postgres.createDatabase(name);
    const db = await roles(name);
    await db.owner('CREATE TABLE t (id serial)');
    await db.loginA('INSERT INTO t DEFAULT VALUES');
    await roles(name);
    expect(await db.reader('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 1 }]);
  });
  test('grants rights on a table and a schema with hostile names', async () => {
    await postgres.createDatabase('odd');
    const db = await roles('odd');
    await db.owner('CREATE SCHEMA "a""b:c"');
    await db.owner('CREATE TABLE "a""b:c"."x\'; --" (id int)');
    await db.asMaster('REVOKE ALL ON ALL TABLES IN SCHEMA "a""b:c" FROM odd_application');
    await roles('odd');
    expect(await db.loginA('SELECT * FROM "a""b:c"."x\'; --"')).toEqual([]);
  });
});

test('grants rights on many objects with several statements', () => {
  const objects = Array.from({ length: 201 }, (_, i) => ({
    schema: 'public',
    name: `t${i}`,
    kind: 'table' as const,
  }));
  const tables = grantsOnOwned(objects, roleNames('shop')).filter(({ sql }) => sql.includes('_application"'));
  expect(tables).toHaveLength(3);
});
