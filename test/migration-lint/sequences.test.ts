import { describe, expect, test } from 'vitest';
import { breakpoint, lint, places } from './migrations-folder';

const users = 'CREATE TABLE users (id int PRIMARY KEY, name text, age int, viewed varchar(10));';
const concurrently = 'CREATE INDEX CONCURRENTLY named ON users (name);';
const parts = (...statements: readonly string[]) => statements.join(breakpoint);
const rulesOf = async (...files: Parameters<typeof lint>) =>
  (await lint(...files)).findings.map(({ rule }) => rule);

describe('a file’s own transactions', () => {
  test('allow statements that cannot run in a transaction after COMMIT', async () => {
    expect(await rulesOf([users, parts('SELECT 1;', 'COMMIT;', concurrently, 'BEGIN;')])).toEqual([
      'transaction-control',
      'transaction-control',
    ]);
    expect(await rulesOf([users, parts('COMMIT;', concurrently)])).toEqual(['transaction-control']);
    expect(await rulesOf([users, parts('ROLLBACK;', concurrently)])).toEqual(['transaction-control']);
  });

  test('forbid them after the next BEGIN', async () => {
    expect(await rulesOf([users, parts('COMMIT;', 'BEGIN;', concurrently)])).toEqual(['not-in-transaction']);
    expect(await rulesOf([users, parts('COMMIT;', 'SELECT 1;', `SELECT 2; ${concurrently}`)])).toEqual([
      'transaction-control',
      'not-in-transaction',
    ]);
  });

  test('stay ended for the next files of the release', async () => {
    const files = [users, parts('SELECT 1;', 'COMMIT;'), concurrently];
    expect(await rulesOf(files, 1)).toEqual(['transaction-control']);
    // In a release of its own drizzle opens one again.
    expect(await rulesOf(files)).toEqual(['transaction-control', 'not-in-transaction']);
  });
});

describe('an index that is created again', () => {
  const build = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS named ON users (name);';

  test('may use IF NOT EXISTS after its own DROP', async () => {
    const drop = 'DROP INDEX CONCURRENTLY IF EXISTS named;';
    expect(await rulesOf([users, parts('COMMIT;', drop, build, 'BEGIN;')])).toEqual([]);
    expect(await rulesOf([users, parts('COMMIT;', build, 'BEGIN;')])).toEqual(['invalid-index']);
    const other = 'DROP INDEX CONCURRENTLY IF EXISTS other;';
    expect(await rulesOf([users, parts('COMMIT;', other, build, 'BEGIN;')])).toEqual(['invalid-index']);
  });

  test('keeps the rollback possible unless it is unique', async () => {
    const made = (unique: string) => [
      users,
      `CREATE ${unique} INDEX named ON users (name);`,
      'DROP INDEX named;',
    ];
    expect((await lint(made(''))).files[2]).toMatchObject({ contracts: false, contractedBy: [] });
    expect((await lint(made('UNIQUE'))).files[2]).toMatchObject({ contractedBy: ['drop-unique'] });
  });
});

describe('a change that is already done', () => {
  test('NOT NULL again scans nothing', async () => {
    const set = 'ALTER TABLE users ALTER COLUMN age SET NOT NULL;';
    expect(await rulesOf([users, set, set])).toEqual(['set-not-null']);
    const lost = 'ALTER TABLE users ALTER COLUMN age DROP NOT NULL;';
    expect(await rulesOf([users, set, lost, set])).toEqual(['set-not-null', 'set-not-null']);
  });

  const unlessThere = (statement: string) =>
    `DO $$ BEGIN\n ${statement}\nEXCEPTION\n WHEN duplicate_object OR duplicate_column THEN null;\nEND $$;`;

  test('a foreign key or a column in a block that skips it', async () => {
    const key = unlessThere(
      'ALTER TABLE posts ADD CONSTRAINT by FOREIGN KEY (author) REFERENCES users (id);',
    );
    const posts = 'CREATE TABLE posts (id int, author int);';
    const named = 'ALTER TABLE posts ADD CONSTRAINT by FOREIGN KEY (author) REFERENCES users (id);';
    expect(await rulesOf([users + posts, named, key])).toEqual(['foreign-key']);
    expect(await rulesOf([users + posts, key])).toEqual(['foreign-key']);
    const column = unlessThere('ALTER TABLE users ADD COLUMN age int NOT NULL;');
    expect(await rulesOf([users, column])).toEqual([]);
  });

  test('a column that exists, or never existed', async () => {
    const add = 'ALTER TABLE users ADD COLUMN IF NOT EXISTS age int NOT NULL UNIQUE;';
    expect(await rulesOf([users, add])).toEqual([]);
    expect(await rulesOf(['CREATE TABLE other (id int);', add])).toHaveLength(2);
    const drop = 'ALTER TABLE users DROP COLUMN IF EXISTS nick;';
    expect(await rulesOf([users, drop])).toEqual([]);
    // Nothing is known of a table that no file creates.
    expect(await rulesOf(['CREATE TABLE other (id int);', drop])).toEqual(['drop-column']);
  });
});

describe('a new value of an enum', () => {
  const made = `CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE days (mood mood, note text, moods mood[]);`;
  const after = (statement: string) => rulesOf([made, `ALTER TYPE mood ADD VALUE 'calm'; ${statement}`]);

  test.each([
    `INSERT INTO days (mood) VALUES ('calm')`,
    `INSERT INTO days VALUES ('calm', 'x')`,
    `INSERT INTO days (moods) VALUES (ARRAY['calm'])`,
    `SELECT 'calm'::mood`,
    `ALTER TABLE days ALTER COLUMN mood SET DEFAULT 'calm'`,
    `ALTER TABLE days ADD COLUMN other mood DEFAULT 'calm'`,
    `ALTER TABLE days ADD CHECK (mood <> 'calm') NOT VALID`,
    `CREATE VIEW calm AS SELECT note FROM days WHERE mood = 'calm'`,
  ])('is used: %s', async (statement) => {
    expect(await after(statement)).toContain('enum-value-used');
  });

  test.each([
    `INSERT INTO days (note) VALUES ('calm')`,
    `INSERT INTO days VALUES ('sad', 'calm')`,
    `SELECT 'calm'::text`,
    `ALTER TABLE days ALTER COLUMN note SET DEFAULT 'calm'`,
    `ALTER TABLE days ADD COLUMN other text DEFAULT 'calm'`,
    `CREATE TABLE words (word text DEFAULT 'calm'); INSERT INTO words VALUES ('calm')`,
    `COMMENT ON TABLE days IS 'calm'`,
  ])('is only a literal: %s', async (statement) => {
    expect(await after(statement)).not.toContain('enum-value-used');
  });
});

describe('an object that is dropped and created again', () => {
  const view = (condition: string) => `CREATE VIEW adults AS SELECT id FROM users WHERE ${condition};`;

  test('is missing in between if the transactions differ', async () => {
    const again = parts('COMMIT;', 'DROP VIEW adults;', view('age > 17'), 'BEGIN;');
    expect(await rulesOf([users + view('age > 17'), again])).toEqual(['drop-object']);
    expect(await rulesOf([users + view('age > 17'), parts('DROP VIEW adults;', view('age > 17'))])).toEqual(
      [],
    );
  });

  test('is missing until the next release if the releases differ', async () => {
    expect(await rulesOf([users + view('age > 17'), 'DROP VIEW adults;', view('age > 17')])).toEqual([
      'drop-object',
    ]);
  });

  test('CASCADE drops objects that nobody creates again', async () => {
    const old = `CREATE VIEW old AS SELECT id FROM adults;`;
    const drop = `DROP VIEW adults CASCADE; ${view('age > 17')}`;
    expect(await rulesOf([users + view('age > 17') + old, drop])).toEqual(['drop-object']);
    expect(await rulesOf([users + view('age > 17') + old, drop + old])).toEqual([]);
    expect(await rulesOf([users + view('age > 17'), drop])).toEqual([]);
  });

  test('definitions are followed over several releases', async () => {
    const made = (n: number) =>
      `CREATE OR REPLACE FUNCTION number() RETURNS int LANGUAGE sql AS 'SELECT ${n}';`;
    const report = await lint([users, made(1), made(1), made(2), made(2)]);
    expect(report.findings).toMatchObject([
      { rule: 'replace-object', place: { file: '0003_step.sql' }, objects: ['number'] },
    ]);
    expect(report.files.map(({ contracts }) => contracts)).toEqual([false, false, false, true, false]);
  });
});

test('statements that PostgreSQL refuses or that break the previous server are dangers; waits are cautions', async () => {
  const severity = async (statement: string) => (await lint([users, statement])).findings[0]!.severity;
  expect(await severity('DROP TABLE users')).toBe('danger');
  expect(await severity('VACUUM')).toBe('danger');
  expect(await severity('CREATE INDEX ON users (name)')).toBe('caution');
});

describe('size', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, n) => `INSERT INTO users (id, name) VALUES (${n}, 'name ${n}');`);
  const cpu = async (count: number) => {
    const before = process.cpuUsage();
    expect(places(await lint([users, rows(count).join('\n')]))).toEqual([]);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };

  test('20,000 statements take linear time', async () => {
    await cpu(1_000);
    const few = await cpu(4_000);
    // Five times as many; twice that is left for other work on the machine.
    expect(await cpu(20_000)).toBeLessThan(Math.max(10 * few, 2_000));
  }, 60_000);

  test.each([
    ['terms', (n: number) => `UPDATE users SET id = ${Array(n).fill('1').join(' + ')};`, ['data-rewrite']],
    [
      'conditions',
      (n: number) => `DELETE FROM users WHERE ${Array(n).fill('age = 1').join(' OR ')};`,
      ['data-rewrite'],
    ],
    [
      'columns of a view',
      (n: number) => `CREATE VIEW v AS SELECT ${Array(n).fill('id').join(' + ')} AS x FROM users;`,
      [],
    ],
  ])('6,000 %s overflow no stack', async (_, statement, rules) => {
    expect(await rulesOf([users, statement(6_000)])).toEqual(rules);
  });

  test('a view of 6,000 terms is compared with its next definition', async () => {
    const view = `CREATE OR REPLACE VIEW v AS SELECT ${Array(6_000).fill('id').join(' + ')} AS x FROM users;`;
    expect(await rulesOf([users + view, view])).toEqual([]);
    expect(await rulesOf([users + view, view.replace(' + id', ' - id')])).toEqual(['replace-object']);
  });

  test('a statement too deep for the parser is not judged, but the others are', async () => {
    const deep = `UPDATE users SET id = ${Array(40_000).fill('1').join(' + ')};`;
    const report = await lint([users, parts('DROP TABLE users;', deep, 'TRUNCATE users;')]);
    expect(places(report)).toEqual(['1 drop-table', '3 cannot-judge', '5 truncate']);
    expect(report.files[1]!.contractedBy).toContain('cannot-judge');
  });
});
