import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../../lib/migration-lint/rules';
import { breakpoint, lint } from './migrations-folder';

const before = [
  `CREATE TYPE mood AS ENUM ('sad', 'happy')`,
  'CREATE DOMAIN short AS text CHECK (length(value) < 10)',
  'CREATE TYPE pair AS (a int, b int)',
  'CREATE TABLE users (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name varchar(40) NOT NULL, email text UNIQUE, age int DEFAULT 1, mood mood)',
  'CREATE TABLE posts (id int PRIMARY KEY, author_id int, title text, body text, viewed varchar(10), short_title varchar(10), price numeric(10, 2), at timestamp, pair int, CONSTRAINT positive CHECK (id > 0))',
  'CREATE TABLE days (day date) PARTITION BY RANGE (day)',
  'CREATE TABLE today (day date)',
  'CREATE TABLE weeks (day date) PARTITION BY RANGE (day)',
  'CREATE TABLE rest_of_weeks PARTITION OF weeks DEFAULT',
  'CREATE UNIQUE INDEX posts_title ON posts (title)',
  'CREATE UNIQUE INDEX ON posts (author_id) WHERE id > 1',
  'CREATE UNIQUE INDEX posts_both ON posts (author_id, id)',
  'CREATE UNIQUE INDEX posts_some ON posts (author_id) WHERE id > 1',
  'CREATE INDEX posts_body ON posts (body)',
  'CREATE INDEX posts_lower ON posts (lower(short_title))',
  'CREATE UNIQUE INDEX posts_pair ON posts (pair)',
  'CREATE VIEW names AS SELECT name FROM users',
  'CREATE VIEW views AS SELECT viewed FROM posts',
  'CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM users',
  `CREATE FUNCTION tidy() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  `CREATE FUNCTION steady() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'`,
  'CREATE TRIGGER tidied BEFORE INSERT ON users EXECUTE FUNCTION tidy()',
  'CREATE SCHEMA reports',
  'CREATE SEQUENCE numbers',
  'CREATE POLICY own ON posts',
].join(`;${breakpoint}`);

/** A statement on top of these, and the rules that it breaks. */
const statements: readonly (readonly [statement: string, ...rules: string[]])[] = [
  // Takes something away
  ['DROP TABLE users', 'drop-table'],
  ['DROP TABLE IF EXISTS public.users CASCADE', 'drop-table'],
  ['DROP TABLE of_another_tool', 'drop-table'],
  ['ALTER TABLE users DROP COLUMN name', 'drop-column'],
  ['ALTER TABLE users ADD COLUMN x int, DROP COLUMN IF EXISTS name', 'drop-column'],
  ['ALTER TYPE pair DROP ATTRIBUTE a', 'drop-column'],
  ['ALTER TABLE users RENAME TO people', 'rename-table'],
  ['ALTER TABLE users SET SCHEMA reports', 'rename-table'],
  ['ALTER TABLE users RENAME COLUMN name TO nick', 'rename-column'],
  ['ALTER VIEW names RENAME COLUMN name TO nick', 'rename-column'],
  [`ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'`, 'rename-object'],
  ['ALTER TYPE mood RENAME TO feeling', 'rename-object'],
  ['ALTER SCHEMA reports RENAME TO old_reports', 'rename-object'],
  ['ALTER FUNCTION tidy() RENAME TO tidier', 'rename-object'],
  ['ALTER VIEW names RENAME TO nicks', 'rename-object'],
  ['ALTER TYPE mood SET SCHEMA reports', 'rename-object'],
  ['DROP VIEW names', 'drop-object'],
  ['DROP MATERIALIZED VIEW counts', 'drop-object'],
  ['DROP TYPE mood', 'drop-object'],
  ['DROP SCHEMA reports', 'drop-object'],
  ['DROP FUNCTION tidy()', 'drop-object'],
  ['DROP TRIGGER tidied ON users', 'drop-object'],
  ['DROP EXTENSION citext', 'drop-object'],
  ['DROP SEQUENCE numbers', 'drop-object'],
  ['DROP OWNED BY somebody', 'drop-object'],
  ['DROP INDEX posts_title', 'drop-unique'],
  ['DROP INDEX of_another_tool', 'drop-unique'],
  ['DROP INDEX posts_body', 'drop-index'],
  ['ALTER INDEX posts_title RENAME TO posts_by_title; DROP INDEX posts_by_title', 'drop-unique'],
  [
    'ALTER TABLE users RENAME CONSTRAINT users_email_key TO one; ALTER TABLE users DROP CONSTRAINT one',
    'drop-unique',
  ],
  ['DROP EXTENSION IF EXISTS citext', 'drop-object'],
  ['DROP SEQUENCE IF EXISTS numbers_of_another_tool CASCADE', 'drop-object'],
  ['DROP SEQUENCE posts_id_seq CASCADE', 'drop-object'],
  ['REVOKE editors FROM application', 'revoke'],
  ['REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM application', 'revoke'],
  // Takes its place
  [`CREATE OR REPLACE FUNCTION tidy() RETURNS int LANGUAGE sql AS 'SELECT 2'`, 'replace-object'],
  [`DROP FUNCTION tidy(); CREATE FUNCTION tidy() RETURNS int LANGUAGE sql AS 'SELECT 2'`, 'replace-object'],
  ['CREATE OR REPLACE VIEW names AS SELECT name FROM users WHERE age > 1', 'replace-object'],
  ['DROP VIEW names; CREATE VIEW names AS SELECT age FROM users', 'replace-object'],
  [
    'DROP TRIGGER tidied ON users; CREATE TRIGGER tidied AFTER INSERT ON users EXECUTE FUNCTION tidy()',
    'replace-object',
  ],
  ['DROP VIEW of_another_tool; CREATE VIEW of_another_tool AS SELECT 1 AS one', 'replace-object'],
  [
    'DROP MATERIALIZED VIEW counts; CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM posts',
    'refresh-view',
    'replace-object',
  ],
  ['DROP POLICY own ON posts; CREATE POLICY own ON posts USING (id > 1)', 'row-security'],
  ['ALTER TABLE users DROP CONSTRAINT users_pkey', 'drop-unique'],
  ['ALTER TABLE users DROP CONSTRAINT users_email_key', 'drop-unique'],
  ['ALTER TABLE days DETACH PARTITION today', 'detach-partition'],
  ['REVOKE SELECT ON users FROM application', 'revoke'],
  ['REVOKE USAGE ON SCHEMA reports FROM application', 'revoke'],
  ['ALTER TABLE users ENABLE ROW LEVEL SECURITY', 'row-security'],
  ['CREATE POLICY tenant ON users AS RESTRICTIVE USING (id > 1)', 'row-security'],
  ['ALTER POLICY own ON posts USING (id > 1)', 'row-security'],
  ['DROP POLICY own ON posts', 'row-security'],
  // Columns
  ['ALTER TABLE users ADD COLUMN city text NOT NULL', 'add-not-null-column'],
  ['ALTER TABLE users ADD COLUMN key int PRIMARY KEY', 'add-not-null-column', 'unique-constraint'],
  ['ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid()', 'volatile-default'],
  ['ALTER TABLE users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()', 'volatile-default'],
  ['ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT clock_timestamp()', 'volatile-default'],
  ['ALTER TABLE users ADD COLUMN number bigserial', 'volatile-default'],
  ['ALTER TABLE users ADD COLUMN number int GENERATED BY DEFAULT AS IDENTITY', 'volatile-default'],
  ['ALTER TABLE users ADD COLUMN nick short', 'volatile-default'],
  ['ALTER TABLE users ADD COLUMN twice int GENERATED ALWAYS AS (age * 2) STORED', 'generated-column'],
  ['ALTER TABLE users ALTER COLUMN age SET EXPRESSION AS (id)', 'generated-column'],
  ['ALTER TABLE users ALTER COLUMN age SET DATA TYPE bigint', 'change-type'],
  ['ALTER TABLE users ALTER COLUMN name TYPE varchar(20)', 'blocked-by-view', 'change-type'],
  ['ALTER TABLE posts ALTER COLUMN viewed TYPE varchar(20)', 'blocked-by-view'],
  ['ALTER TABLE posts ALTER COLUMN short_title TYPE varchar(20)', 'rewrite-table'],
  ['ALTER TABLE posts ALTER COLUMN title TYPE text COLLATE "C"', 'rewrite-table'],
  ['ALTER TABLE posts ALTER COLUMN price TYPE numeric(14, 4)', 'change-type'],
  ['ALTER TABLE users ALTER COLUMN name TYPE text USING lower(name)', 'blocked-by-view', 'change-type'],
  ['ALTER TABLE users ALTER COLUMN mood TYPE text', 'change-type'],
  ['ALTER TABLE users ALTER COLUMN unknown TYPE text', 'change-type'],
  ['ALTER TABLE users ALTER COLUMN age SET NOT NULL', 'set-not-null'],
  ['ALTER TABLE posts ADD PRIMARY KEY USING INDEX posts_pair', 'set-not-null'],
  ['ALTER DOMAIN short SET NOT NULL', 'set-not-null'],
  ['ALTER TABLE users ALTER COLUMN age DROP DEFAULT', 'drop-default'],
  ['ALTER TABLE users ALTER COLUMN age SET DEFAULT NULL', 'drop-default'],
  ['ALTER TABLE users ALTER COLUMN id DROP IDENTITY', 'drop-default'],
  ['ALTER SEQUENCE numbers RESTART', 'restart-sequence'],
  ['ALTER SEQUENCE users_id_seq RESTART WITH 1', 'restart-sequence'],
  ['ALTER TABLE users ALTER COLUMN id RESTART', 'restart-sequence'],
  ['ALTER TABLE posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY', 'identity-always'],
  ['ALTER TABLE posts ALTER COLUMN id SET GENERATED ALWAYS', 'identity-always'],
  ['ALTER TABLE posts ALTER COLUMN id SET START 5 SET GENERATED ALWAYS', 'identity-always'],
  // Constraints
  ['ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 17)', 'check-constraint'],
  ['ALTER TABLE users ADD COLUMN size int CHECK (size > 0)', 'check-constraint'],
  ['ALTER DOMAIN short ADD CHECK (value > 1)', 'check-constraint'],
  ['ALTER TABLE posts ADD CONSTRAINT fk FOREIGN KEY (author_id) REFERENCES users (id)', 'foreign-key'],
  ['ALTER TABLE posts ADD COLUMN by int DEFAULT 1 REFERENCES users', 'foreign-key'],
  ['ALTER TABLE users ADD CONSTRAINT one UNIQUE (name)', 'unique-constraint'],
  ['ALTER TABLE users ADD PRIMARY KEY (id)', 'unique-constraint'],
  ['ALTER TABLE users ADD COLUMN nick text UNIQUE', 'unique-constraint'],
  ['ALTER TABLE users ADD EXCLUDE USING gist (age WITH &&)', 'unique-constraint'],
  ['ALTER TABLE users ADD CONSTRAINT aged CHECK (age IS NOT NULL) NOT VALID', 'not-null-check'],
  ['ALTER TABLE users ADD CONSTRAINT aged CHECK (age IS NOT NULL)', 'check-constraint', 'not-null-check'],
  ['ALTER TABLE users ADD CHECK (age IS NOT NULL AND age > 1) NOT VALID', 'not-null-check'],
  [
    `CREATE TABLE week PARTITION OF weeks FOR VALUES FROM ('2026-01-01') TO ('2026-01-08')`,
    'attach-partition',
  ],
  [
    `ALTER TABLE days ATTACH PARTITION today FOR VALUES FROM ('2026-01-01') TO ('2026-01-02')`,
    'attach-partition',
  ],
  // Locks and rewrites
  ['CREATE INDEX ON users (name)', 'index-not-concurrent'],
  ['CREATE UNIQUE INDEX IF NOT EXISTS one ON "public"."users" USING btree ("name")', 'index-not-concurrent'],
  ['LOCK TABLE users IN SHARE MODE', 'lock-table'],
  ['REINDEX TABLE users', 'rewrite-table'],
  ['REINDEX SCHEMA public', 'rewrite-table'],
  ['CLUSTER', 'rewrite-table'],
  ['CLUSTER users USING users_pkey', 'rewrite-table'],
  ['ALTER TABLE users SET TABLESPACE fast', 'rewrite-table'],
  ['ALTER TABLE users SET UNLOGGED', 'rewrite-table'],
  ['ALTER TABLE ALL IN TABLESPACE fast SET TABLESPACE slow', 'rewrite-table'],
  ['ALTER TABLE users SET ACCESS METHOD heap', 'rewrite-table'],
  ['REFRESH MATERIALIZED VIEW counts', 'refresh-view'],
  // Data
  ['TRUNCATE posts', 'truncate'],
  ['UPDATE users SET age = 1', 'data-rewrite'],
  ['UPDATE users SET age = 1 WHERE age IS NULL', 'data-rewrite'],
  ['UPDATE users SET age = 1 WHERE age = 2', 'data-rewrite'],
  ['UPDATE users SET age = 1 WHERE id = 1 OR age = 2', 'data-rewrite'],
  ['UPDATE users SET age = 1 WHERE id = age', 'data-rewrite'],
  ['UPDATE users SET age = 1 WHERE id NOT IN (1, 2)', 'data-rewrite'],
  ['DELETE FROM posts', 'data-rewrite'],
  ['DELETE FROM posts WHERE author_id = 1', 'data-rewrite'],
  ['DELETE FROM posts WHERE EXISTS (SELECT 1 FROM users LIMIT 1)', 'data-rewrite'],
  ['WITH gone AS (DELETE FROM posts RETURNING *) SELECT count(*) FROM gone', 'data-rewrite'],
  ['MERGE INTO posts USING users u ON u.id = posts.id WHEN MATCHED THEN DELETE', 'data-rewrite'],
  ['INSERT INTO posts (id) SELECT id FROM users', 'data-copy'],
  ['CREATE TABLE people AS SELECT * FROM users', 'data-copy'],
  ['UPDATE users SET age = 1 WHERE age IN (SELECT age FROM users LIMIT 5)', 'data-rewrite'],
  ['UPDATE users SET age = 1 WHERE id IN (SELECT id FROM users LIMIT 1000000)', 'data-rewrite'],
  ['UPDATE users SET age = 1 WHERE id IN (SELECT id FROM users LIMIT ALL)', 'data-rewrite'],
  ['SELECT * INTO people FROM users', 'data-copy'],
  ['CREATE TABLE people (id int, name text); UPDATE people SET name = u.name FROM users u', 'data-copy'],
  [
    'CREATE TABLE people (id int); MERGE INTO people USING users u ON u.id = people.id WHEN NOT MATCHED THEN DO NOTHING',
    'data-copy',
  ],
  [
    'CREATE TABLE people (id int); WITH u AS (SELECT id FROM users) INSERT INTO people SELECT id FROM u',
    'data-copy',
  ],
  // Settings
  ['SET lock_timeout = 0', 'timeout-off'],
  ['SET LOCAL lock_timeout TO DEFAULT', 'timeout-off'],
  ['RESET lock_timeout', 'timeout-off'],
  [`SELECT set_config('lock_timeout', '0', false)`, 'timeout-off'],
  [`SET statement_timeout = '0s'`, 'timeout-off'],
  ['SET session_replication_role = replica', 'triggers-off'],
  // Transactions
  ['CREATE INDEX CONCURRENTLY one ON users (name)', 'not-in-transaction'],
  ['CREATE INDEX CONCURRENTLY IF NOT EXISTS one ON users (name)', 'invalid-index', 'not-in-transaction'],
  ['DROP INDEX CONCURRENTLY posts_title', 'drop-unique', 'not-in-transaction'],
  ['REINDEX INDEX CONCURRENTLY posts_title', 'not-in-transaction', 'rewrite-table'],
  ['VACUUM FULL users', 'not-in-transaction'],
  ['ALTER TABLE days DETACH PARTITION today CONCURRENTLY', 'detach-partition', 'not-in-transaction'],
  ['COMMIT', 'transaction-control'],
  ['ROLLBACK', 'transaction-control'],
  ['BEGIN', 'transaction-control'],
  // Nobody can tell
  [`DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$`, 'cannot-judge'],
  ['DO $$ BEGIN IF true THEN DELETE FROM users; END IF; END $$', 'cannot-judge'],
  ['CALL tidy()', 'cannot-judge'],
  ['SELECT tidy()', 'cannot-judge'],
  ['CREATE RULE silent AS ON INSERT TO users DO INSTEAD NOTHING', 'cannot-judge'],
  ['ALTER TABLE users DISABLE TRIGGER ALL', 'cannot-judge'],
  ['ALTER TABLE users OWNER TO somebody', 'cannot-judge'],
  // Statements that drizzle-kit once wrote are judged by their effect
  [
    'DO $$ BEGIN\n ALTER TABLE posts ADD CONSTRAINT fk FOREIGN KEY (author_id) REFERENCES users(id);\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$',
    'foreign-key',
  ],
  [`DO $$ BEGIN\n CREATE TYPE hue AS ENUM('red');\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$`],
  // Hurts nobody
  ['CREATE TABLE tags (id serial PRIMARY KEY, post int REFERENCES posts, name text UNIQUE)'],
  ['CREATE TABLE IF NOT EXISTS tags (id int)'],
  ['ALTER TABLE users ADD COLUMN city text'],
  [`ALTER TABLE users ADD COLUMN city text DEFAULT 'Rome' NOT NULL`],
  ['ALTER TABLE users ADD COLUMN at timestamptz DEFAULT now() NOT NULL'],
  [`ALTER TABLE users ADD COLUMN at timestamp DEFAULT (now() AT TIME ZONE 'utc') NOT NULL`],
  ['ALTER TABLE users ADD COLUMN on_day date DEFAULT CURRENT_DATE'],
  [`ALTER TABLE users ADD COLUMN extra jsonb DEFAULT '{}'::jsonb NOT NULL`],
  [`ALTER TABLE users ADD COLUMN tags text[] DEFAULT ARRAY[]::text[]`],
  ['ALTER TABLE posts ADD COLUMN by int REFERENCES users'],
  ['ALTER TABLE posts ALTER COLUMN title TYPE text'],
  ['ALTER TABLE posts ALTER COLUMN body SET DATA TYPE varchar'],
  ['ALTER TABLE posts ALTER COLUMN short_title SET DATA TYPE varchar(10) USING short_title::varchar(10)'],
  ['ALTER TABLE posts ALTER COLUMN price TYPE numeric(14, 2)'],
  ['ALTER TABLE posts ALTER COLUMN at TYPE timestamptz'],
  [
    'DROP VIEW views; ALTER TABLE posts ALTER viewed TYPE text; CREATE VIEW views AS SELECT viewed FROM posts',
  ],
  ['ALTER TABLE users ALTER COLUMN name SET NOT NULL'],
  ['ALTER TABLE users ALTER COLUMN name DROP DEFAULT'],
  ['ALTER TABLE posts ADD PRIMARY KEY USING INDEX posts_id'],
  ['ALTER TABLE users ADD COLUMN IF NOT EXISTS name text UNIQUE'],
  ['ALTER TABLE users DROP COLUMN IF EXISTS never'],
  ['ALTER TABLE users ADD CHECK (name IS NOT NULL OR age > 1) NOT VALID'],
  ['ALTER TABLE users ADD CHECK (name IS NOT NULL AND age > 1) NOT VALID'],
  [`ALTER TABLE users ADD COLUMN code text DEFAULT to_char(now(), 'YYYY')`],
  ['ALTER TABLE users ADD COLUMN one int DEFAULT steady()'],
  ['ALTER SEQUENCE numbers INCREMENT BY 2'],
  ['CREATE SEQUENCE more; ALTER SEQUENCE more RESTART'],
  [`CREATE TABLE day PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-01-02')`],
  ['CREATE INDEX IF NOT EXISTS posts_body ON posts (body)'],
  [
    'ALTER TABLE users DROP CONSTRAINT users_email_key; ALTER TABLE users ADD UNIQUE (email)',
    'unique-constraint',
  ],
  ['DROP INDEX posts_title; CREATE UNIQUE INDEX posts_by_title ON posts (title)', 'index-not-concurrent'],
  [`CREATE OR REPLACE FUNCTION tidy() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  [`DROP FUNCTION tidy(); CREATE FUNCTION tidy() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  [`CREATE OR REPLACE FUNCTION tidy(a int) RETURNS int LANGUAGE sql AS 'SELECT 2'`],
  [`CREATE OR REPLACE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 2'`],
  ['DROP VIEW names; CREATE VIEW names AS SELECT name, age FROM users'],
  ['DROP VIEW IF EXISTS never; CREATE VIEW never AS SELECT name FROM users'],
  ['DROP TRIGGER tidied ON users; CREATE TRIGGER tidied BEFORE INSERT ON users EXECUTE FUNCTION tidy()'],
  ['DROP POLICY own ON posts; CREATE POLICY own ON posts'],
  [`CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION own() FROM PUBLIC`],
  ['CREATE SCHEMA own; REVOKE ALL ON SCHEMA own FROM PUBLIC'],
  [`SET LOCAL lock_timeout = '3s'`],
  ['SET session_replication_role = DEFAULT'],
  ['CREATE TABLE people AS SELECT * FROM users WHERE id = 1'],
  ['CREATE TABLE people (id int); WITH u (id) AS (VALUES (1), (2)) INSERT INTO people SELECT id FROM u'],
  [
    'CREATE TABLE people (id int PRIMARY KEY, name text); UPDATE people SET name = (SELECT name FROM users WHERE id = 1) WHERE id = 1',
  ],
  ['DELETE FROM posts WHERE ctid IN (SELECT ctid FROM posts LIMIT 500)'],
  ['ALTER TABLE users ALTER COLUMN name DROP NOT NULL'],
  [`ALTER TABLE users ALTER COLUMN age SET DEFAULT 3`],
  ['ALTER TABLE users ALTER COLUMN name SET STORAGE EXTERNAL'],
  ['ALTER TABLE users ALTER COLUMN id SET GENERATED BY DEFAULT'],
  ['ALTER TABLE users SET (fillfactor = 70)'],
  ['ALTER TABLE posts ADD CONSTRAINT fk FOREIGN KEY (author_id) REFERENCES users (id) NOT VALID'],
  ['ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 17) NOT VALID'],
  ['ALTER TABLE posts VALIDATE CONSTRAINT positive'],
  ['ALTER TABLE posts DROP CONSTRAINT positive'],
  ['ALTER TABLE posts RENAME CONSTRAINT positive TO above_zero'],
  ['ALTER TABLE posts ADD CONSTRAINT one UNIQUE USING INDEX posts_title'],
  ['ALTER INDEX posts_title RENAME TO posts_title_key'],
  ['DROP INDEX IF EXISTS never_made'],
  ['CREATE INDEX ON ONLY days (day)'],
  [`ALTER TYPE mood ADD VALUE 'calm'`],
  [`CREATE TYPE hue AS ENUM ('red')`],
  ['CREATE OR REPLACE VIEW names AS SELECT name, age FROM users'],
  ['CREATE TRIGGER more AFTER UPDATE ON users EXECUTE FUNCTION tidy()'],
  ['DROP TRIGGER IF EXISTS never_made ON users'],
  ['CREATE EXTENSION IF NOT EXISTS citext'],
  ['GRANT SELECT ON users TO reader'],
  ['CREATE POLICY reading ON users FOR SELECT USING (true)'],
  ['REFRESH MATERIALIZED VIEW CONCURRENTLY counts'],
  [`COMMENT ON TABLE users IS 'DROP TABLE users'`],
  [`INSERT INTO posts (id) VALUES (1)`],
  [`INSERT INTO posts (id) SELECT id FROM users LIMIT 10`],
  ['UPDATE users SET age = 1 WHERE id IN (1, 2)'],
  [`DELETE FROM posts WHERE title = 'one'`],
  [`UPDATE users SET age = 1 WHERE email = 'a@b.example' AND age IS NULL`],
  ['DELETE FROM posts WHERE id IN (SELECT id FROM posts WHERE title IS NULL LIMIT 100)'],
  ['DELETE FROM posts WHERE id = ANY (ARRAY[1, 2])'],
  [`SELECT setval('numbers', 10)`],
  [`SET lock_timeout = '2s'`],
  ['ANALYZE users'],
  ['CREATE VIEW ages AS SELECT age FROM users'],
];

describe.each(statements)('%s', (statement, ...expected) => {
  test(expected.length ? `breaks ${expected.join(' and ')}` : 'is harmless', async () => {
    const { findings } = await lint([before, statement]);
    expect(findings.map(({ rule }) => rule).sort()).toEqual(expected.sort());
  });
});

test('each rule has a statement that violates it', () => {
  const inSequences = ['validate-under-lock', 'enum-value-used'];
  expect(new Set([...statements.flatMap(([, ...broken]) => broken), ...inSequences])).toEqual(
    new Set(Object.keys(rules)),
  );
});

test('the first migration may violate them, because the database is empty', async () => {
  const harmful = statements.filter(([, ...broken]) => broken.length > 0);
  const onlyWhatFails = ['not-in-transaction', 'transaction-control', 'invalid-index'];
  // A statement that reads a table of its own creates it.
  for (const [statement, ...broken] of harmful.filter(([sql]) => !sql.startsWith('CREATE TABLE'))) {
    const { findings } = await lint([statement]);
    expect(findings.map(({ rule }) => rule).sort(), statement).toEqual(
      broken.filter((rule) => onlyWhatFails.includes(rule)),
    );
  }
});

test.each(Object.entries(rules))('%s says who is affected and what to do', (id, { why, fix }) => {
  expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(why).toMatch(/^[A-Z][^\n]*\.$/);
  expect(fix.length).toBeGreaterThan(0);
});

test('the page names all rules, and marks contracting ones', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'migrations.md'), 'utf8');
  const named = [...page.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) => [
    ...cell!.matchAll(/`([a-z-]+)`( ◆)?/g),
  ]);
  const contracts = new Map(named.map(([, rule, mark]) => [rule, mark !== undefined]));
  for (const rule of ['applied', 'journal', 'allow', 'syntax', '0']) contracts.delete(rule);
  expect(contracts).toEqual(
    new Map(Object.entries(rules).map(([id, rule]) => [id, rule.contracts === true])),
  );
});
