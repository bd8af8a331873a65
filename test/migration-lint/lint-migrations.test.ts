import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLint, lintMigrations, MigrationLintError } from '../../lib/migration-lint';
import { breakpoint, lint, places, withMigrations } from './migrations-folder';

const users = 'CREATE TABLE users (id int PRIMARY KEY, name text, age int);';
const index = 'CREATE INDEX ON posts (title);';
const posts = 'CREATE TABLE posts (id int, title text);';

test('the example has no findings', async () => {
  const directory = join(__dirname, '..', '..', 'examples', 'guestbook', 'migrations');
  const { findings, files } = await lintMigrations({ directory });
  expect(findings).toEqual([]);
  expect(files[0]).toEqual({
    file: '0000_initial.sql',
    tag: '0000_initial',
    pending: true,
    contracts: false,
    contractedBy: [],
  });
});

describe('the position of a statement', () => {
  test('is the line of its first word, whatever comes before it', async () => {
    const sql = [
      'ALTER TABLE users ADD COLUMN a int; -- é 😀',
      '/* two',
      '   lines */ DROP TABLE users; TRUNCATE users;',
      '--> statement-breakpoint',
      '',
      '-- ünd',
      'ALTER TABLE users',
      '  DROP COLUMN name;--> statement-breakpoint',
      'DELETE FROM users;',
    ].join('\n');
    expect(places(await lint([users, sql]))).toEqual([
      '3 drop-table',
      '3 truncate',
      '7 drop-column',
      '9 data-rewrite',
    ]);
  });

  test('is shown with the statement on one line, shortened', async () => {
    const { findings } = await lint([users, `DROP TABLE\n  users,\n${'x'.repeat(120)};`]);
    expect(findings[0]!.statement).toMatch(/^DROP TABLE users, x+…$/);
    expect(findings[0]!.statement).toHaveLength(100);
  });

  test('moves with preceding comments and blank lines, which change nothing else', async () => {
    const ahead = fc.array(
      fc.constantFrom('', '-- ; DROP TABLE x', '/* ; */', '/* a\n b */', '\t', '-- 😀é'),
    );
    await fc.assert(
      fc.asyncProperty(ahead, async (lines) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const { findings } = await lint([users, `${text}DROP TABLE users;`]);
        expect(findings.map(({ place, rule }) => [place.line, rule])).toEqual([
          [text.split('\n').length, 'drop-table'],
        ]);
      }),
      { numRuns: 30 },
    );
  });

  test('an identifier is recognised with any quoting', async () => {
    const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(name, fc.boolean(), async (text, qualify) => {
        const quoted = `"${text.replaceAll('"', '""')}"`;
        const table = qualify ? `public.${quoted}` : quoted;
        const files = [
          users,
          `CREATE TABLE ${quoted} (id int);${breakpoint}ALTER TABLE ${table} DROP COLUMN id;`,
        ];
        expect((await lint(files)).findings).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('SQL that PostgreSQL does not understand', () => {
  test('is a finding with the parser error, and the statements around it are judged', async () => {
    const report = await lint([
      users,
      `DROP TABLE users;${breakpoint}-- 😀😀😀😀é\nALTER\n TABEL x;${breakpoint}TRUNCATE users`,
    ]);
    expect(places(report)).toEqual(['1 drop-table', '5 syntax', '7 truncate']);
    expect(report.findings[1]).toMatchObject({
      why: 'PostgreSQL: syntax error at or near "TABEL"',
      statement: 'TABEL x;',
    });
    expect(report.files[1]!.contractedBy).toContain('syntax');
  });

  test('in the first migration too', async () => {
    expect(places(await lint(['CREATE TABLE x id int']))).toEqual(['1 syntax']);
  });

  test('every text is either judged or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (sql) => {
        const { findings } = await lint([users, sql.replaceAll('\0', '')]);
        for (const { place } of findings) expect(place.line).toBeLessThanOrEqual(sql.split('\n').length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the scope of a release', () => {
  test('a table of a pending file is new; a table of an applied file is in use', async () => {
    expect(places(await lint([users, posts + index]))).toEqual([]);
    expect(places(await lint([users, posts, index]))).toEqual(['1 index-not-concurrent']);
  });

  test('pending files form one release', async () => {
    expect(places(await lint([users, posts, index], 1))).toEqual([]);
    expect(places(await lint([users, posts, index], '0000_step'))).toEqual([]);
    expect(places(await lint([users, posts, index], '0001_step'))).toEqual(['1 index-not-concurrent']);
  });

  test('no table is in use in an empty database', async () => {
    const report = await lint([users, 'DROP TABLE users', 'DO $$ BEGIN PERFORM 1; END $$'], 0);
    expect(report.findings).toEqual([]);
    expect(report.files.map(({ pending }) => pending)).toEqual([true, true, true]);
  });

  test('applied files are not judged, but are still classified as contracting or not', async () => {
    const report = await lint([users, 'DROP TABLE users', posts], 2);
    expect(report.findings).toEqual([]);
    expect(report.files.map(({ pending, contracts }) => [pending, contracts])).toEqual([
      [false, false],
      [false, true],
      [true, false],
    ]);
  });

  test('IF NOT EXISTS does not make a table new', async () => {
    const again = 'CREATE TABLE IF NOT EXISTS users (id int); TRUNCATE users;';
    expect(places(await lint([users, again]))).toEqual(['1 truncate']);
  });

  test('a table that is dropped and created again is new', async () => {
    const sql = `DROP TABLE users; ${users} ALTER TABLE users DROP COLUMN name;`;
    expect(places(await lint([users, sql]))).toEqual(['1 drop-table']);
  });

  test('a renamed new table is still new', async () => {
    const sql = `${posts} ALTER TABLE posts RENAME TO texts; TRUNCATE texts; ALTER TABLE texts RENAME title TO head;`;
    expect(places(await lint([users, sql]))).toEqual([]);
  });

  test('a column that the same release added may be dropped', async () => {
    const sql = (last: string) => `ALTER TABLE users ADD COLUMN x int; ALTER TABLE users ${last};`;
    expect(places(await lint([users, sql('DROP COLUMN x')]))).toEqual([]);
    expect(places(await lint([users, sql('RENAME x TO y')]))).toEqual([]);
    const age = (last: string) =>
      `ALTER TABLE users ALTER age SET DEFAULT 1; ALTER TABLE users ALTER age ${last};`;
    expect(places(await lint([users, age('DROP DEFAULT')]))).toEqual(['1 drop-default']);
    expect(places(await lint([users, sql('ALTER x DROP DEFAULT')]))).toEqual([]);
  });

  test('a renamed table is still in use', async () => {
    const named = 'CREATE TABLE people (name varchar(10));';
    const rename =
      '-- framework53: allow rename-column because nobody reads it\nALTER TABLE people RENAME name TO nick;';
    const widen = 'ALTER TABLE people ALTER nick TYPE varchar(20);';
    expect(places(await lint([named, rename, widen]))).toEqual([]);
    const made = `CREATE SCHEMA a; ALTER SCHEMA a RENAME TO b; CREATE TYPE t AS ENUM (); ALTER TYPE t RENAME TO u;
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f() RENAME TO g;
      CREATE VIEW v AS SELECT 1 AS x; ALTER VIEW v RENAME x TO y; ALTER VIEW v RENAME TO w;`;
    expect(places(await lint([named, made]))).toEqual([]);
  });

  test('a column has its last type', async () => {
    const type = (name: string) => `ALTER TABLE users ALTER name TYPE ${name};`;
    expect(
      places(await lint(['CREATE TABLE users (name varchar(9));', type('text'), type('varchar(20)')])),
    ).toEqual(['1 change-type']);
  });

  test('tables of the same name in two schemas are distinct', async () => {
    const sql = 'CREATE TABLE other.users (id int); DROP TABLE other.users; TRUNCATE users;';
    expect(places(await lint([users, sql]))).toEqual(['1 truncate']);
  });

  test('a baseline runs in an empty database', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'baseline-'));
    writeFileSync(join(directory, 'baseline.sql'), `${users}${breakpoint}DROP TABLE x;`);
    const report = await lintMigrations({ directory });
    rmSync(directory, { recursive: true });
    expect(report).toMatchObject({ findings: [], files: [{ file: 'baseline.sql', contracts: false }] });
  });

  test.each([-1, 4, 1.5, 'unknown'])('fails on %s applied migrations', async (applied) => {
    await expect(lint([users, posts], applied)).rejects.toThrow(/'applied' must be 0 to 2 or a name/);
  });
});

describe('sequences of statements', () => {
  const add = 'ALTER TABLE users ADD CONSTRAINT aged CHECK (age IS NOT NULL) NOT VALID;';
  const validate = 'ALTER TABLE users VALIDATE CONSTRAINT aged;';
  const setNotNull = 'ALTER TABLE users ALTER COLUMN age SET NOT NULL;';

  test('NOT NULL is safe after a validated check', async () => {
    const done = `${validate}${breakpoint}${setNotNull}${breakpoint}ALTER TABLE users DROP CONSTRAINT aged;`;
    const report = await lint([
      users,
      `-- framework53: allow not-null-check because written since May\n${add}`,
      done,
    ]);
    expect(report.findings).toEqual([]);
    expect(report.files.map(({ contracts }) => contracts)).toEqual([false, true, false]);
    expect(places(await lint([users, `${add}${setNotNull}`]))).toEqual([
      '1 not-null-check',
      '1 set-not-null',
    ]);
  });

  test("VALIDATE after another statement on the table keeps that statement's lock", async () => {
    const check = 'ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;';
    const valid = 'ALTER TABLE users VALIDATE CONSTRAINT grown;';
    expect(places(await lint([users, `${check}${breakpoint}${valid}`]))).toEqual(['3 validate-under-lock']);
    expect(places(await lint([users, check, valid]))).toEqual([]);
    // Both pending: drizzle runs them in one transaction.
    expect(places(await lint([users, check, valid], 1))).toEqual(['1 validate-under-lock']);
    expect(places(await lint([users, posts, `ALTER TABLE users ADD x int; ${valid}`]))).toEqual([
      '1 validate-under-lock',
    ]);
  });

  test('a new enum value may be used in the next transaction', async () => {
    const type = `CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE days (mood mood);`;
    const value = `ALTER TYPE mood ADD VALUE 'calm';`;
    const use = `ALTER TABLE days ALTER COLUMN mood SET DEFAULT 'calm';`;
    expect(places(await lint([type, value + breakpoint + use]))).toEqual(['3 enum-value-used']);
    expect(places(await lint([type, value, use], 1))).toEqual(['1 enum-value-used']);
    expect(places(await lint([type, value, use], 2))).toEqual([]);
    expect(places(await lint([type + value + use]))).toEqual([]);
  });

  test('a statement that cannot run in a transaction needs a file of its own', async () => {
    const build = [
      'DROP INDEX CONCURRENTLY IF EXISTS named;',
      'CREATE INDEX CONCURRENTLY named ON users (name);',
    ];
    const right = ['COMMIT;', ...build, 'BEGIN;'];
    expect(places(await lint([users, right.join(breakpoint)]))).toEqual([]);
    expect(places(await lint([users, right.join('\n')]))).toEqual([
      '1 transaction-control',
      '2 not-in-transaction',
      '3 not-in-transaction',
      '4 transaction-control',
    ]);
    const late = [posts, ...right].join(breakpoint);
    expect((await lint([users, late])).findings.map(({ rule }) => rule)).toContain('transaction-control');
    const endless = ['COMMIT;', ...build].join(breakpoint);
    expect((await lint([users, endless])).findings.map(({ rule }) => rule)).toContain('transaction-control');
    expect(places(await lint([users, ['COMMIT;', build.join(''), 'BEGIN;'].join(breakpoint)]))).toEqual([
      '3 not-in-transaction',
      '3 not-in-transaction',
    ]);
  });

  test('locks end with the transaction', async () => {
    const check = 'ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;';
    const valid = 'ALTER TABLE users VALIDATE CONSTRAINT grown;';
    expect(places(await lint([users, check, ['COMMIT;', valid, 'BEGIN;'].join(breakpoint)], 1))).toEqual([]);
  });
});

describe('a suppression comment', () => {
  const drop = 'DROP TABLE users;';

  test('needs a reason, on a line before the statement', async () => {
    const report = await lint([
      users,
      `-- framework53: allow drop-table because nothing has read it since 1.4\n\n${drop}`,
    ]);
    expect(report.findings).toEqual([]);
    expect(report.allowed).toMatchObject([
      { rule: 'drop-table', place: { line: 3 }, objects: ['users'], reason: 'nothing has read it since 1.4' },
    ]);
    expect(report.files[1]).toMatchObject({ contracts: true, contractedBy: ['drop-table'] });
  });

  test('applies to one statement and one rule', async () => {
    const allow = '-- framework53: allow drop-column because it was never used';
    const sql = `${allow}\nALTER TABLE users DROP COLUMN name;\nALTER TABLE users DROP COLUMN age;`;
    expect(places(await lint([users, sql]))).toEqual(['3 drop-column']);
  });

  test('can name several rules, one per line', async () => {
    const sql =
      '-- framework53: allow drop-unique because no query uses it\n' +
      '-- framework53: allow not-in-transaction because it is not\n' +
      'DROP INDEX CONCURRENTLY x;';
    expect((await lint([users, sql])).allowed.map(({ rule }) => rule)).toEqual([
      'drop-unique',
      'not-in-transaction',
    ]);
  });

  test.each([
    ['without a reason', '-- framework53: allow drop-table\nDROP TABLE users;', ['1 allow', '2 drop-table']],
    [
      'with an empty reason',
      '-- framework53: allow drop-table because …\nDROP TABLE users;',
      ['1 allow', '2 drop-table'],
    ],
    [
      'for a rule that is not there',
      '-- framework53: allow drop-tabel because old\nDROP TABLE users;',
      ['1 allow', '2 drop-table'],
    ],
    ['that nothing needs', '-- framework53: allow drop-table because old\nSELECT 1;', ['1 allow']],
    [
      'behind the statement',
      'DROP TABLE users; -- framework53: allow drop-table because old\nSELECT 1;',
      ['1 allow', '1 drop-table'],
    ],
    [
      'after the last statement',
      'DROP TABLE users;\n-- framework53: allow drop-table because old',
      ['1 drop-table', '2 allow'],
    ],
    ['of another kind', '-- framework53: ignore\nDROP TABLE users;', ['1 allow', '2 drop-table']],
  ])('fails %s', async (_, sql, expected) => {
    expect(places(await lint([users, sql]))).toEqual(expected);
  });

  test('that is not possible says why', async () => {
    const why = async (rule: string) =>
      (await lint([users, `-- framework53: allow ${rule} because old\nSELECT 1;`])).findings[0];
    expect(await why('truncate')).toMatchObject({
      why: 'The statement does not break the rule truncate.',
    });
    expect(await why('trunkate')).toMatchObject({
      why: 'There is no rule trunkate.',
      fix: [expect.stringContaining('truncate')],
    });
  });

  test('that only an older state of the database needs counts as needed', async () => {
    const allowed = `-- framework53: allow index-not-concurrent because there are ten rows\n${index}`;
    for (const applied of [undefined, 0, 1, 2])
      expect((await lint([users, posts, allowed], applied)).findings).toEqual([]);
    const used =
      '-- framework53: allow enum-value-used because it went out before\n' +
      `ALTER TABLE days ALTER COLUMN mood SET DEFAULT 'calm';`;
    const type = `CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE days (mood mood);`;
    expect((await lint([type, `ALTER TYPE mood ADD VALUE 'calm';`, used])).findings).toEqual([]);
  });
});

describe('the journal', () => {
  const withJournal = async (entries: unknown, files: readonly string[]) => {
    const directory = mkdtempSync(join(tmpdir(), 'journal-'));
    try {
      mkdirSync(join(directory, 'meta'));
      writeFileSync(join(directory, 'meta', '_journal.json'), JSON.stringify({ entries }));
      for (const file of files) writeFileSync(join(directory, file), 'SELECT 1;');
      return await lintMigrations({ directory });
    } finally {
      rmSync(directory, { recursive: true });
    }
  };

  test('fails if it names a missing file, or omits one', async () => {
    const { findings } = await withJournal([{ tag: '0000_a', when: 1 }], ['0001_b.sql']);
    expect(findings.map(({ place, rule, why }) => [place.file, rule, why.split(',')[0]])).toEqual([
      ['0000_a.sql', 'journal', 'The journal names this file and the file does not exist'],
      ['0001_b.sql', 'journal', 'The journal does not name this file'],
    ]);
  });

  test('fails if a file is older than the one before it, because drizzle skips such a file', async () => {
    const entries = [5, 9, 7, 8, 10].map((when, index) => ({ tag: `000${index}_a`, when }));
    const { findings } = await withJournal(
      entries,
      entries.map(({ tag }) => `${tag}.sql`),
    );
    expect(findings.map(({ place }) => place.file)).toEqual(['0002_a.sql', '0003_a.sql']);
  });

  test.each([
    ['20240101120000_b.sql', '20240102120000_a'],
    ['1704110400_b.sql', '1704110500_a'],
    ['quick_b.sql', 'slow_a'],
  ])('fails if it omits %s beside %s', async (stray, tag) => {
    const { findings } = await withJournal([{ tag, when: 1 }], [`${tag}.sql`, stray]);
    expect(findings.map(({ place, rule }) => [place.file, rule])).toEqual([[stray, 'journal']]);
  });

  test('ignores other SQL files beside numbered files', async () => {
    expect((await withJournal([{ tag: '0000_a', when: 1 }], ['0000_a.sql', 'seed.sql'])).findings).toEqual(
      [],
    );
  });

  test('fails for a time in the future, because later files would be skipped', async () => {
    const at = async (when: number) =>
      (await withJournal([{ tag: '0000_a', when }], ['0000_a.sql'])).findings.map(({ rule }) => rule);
    expect(await at(Date.now() + 24 * 60 * 60 * 1000)).toEqual(['journal']);
    expect(await at(8.7e15)).toEqual(['journal']);
    expect(await at(Date.now())).toEqual([]);
  });

  test('fails if it is not a journal', async () => {
    await expect(withJournal([{ tag: '../x', when: 1 }], [])).rejects.toThrow(/not a journal of drizzle-kit/);
    await expect(lintMigrations({ directory: '/nowhere' })).rejects.toThrow(
      'contains neither meta/_journal.json nor baseline.sql',
    );
  });
});

test('a text report shows each rule once, with its places', async () => {
  const report = await lint([
    users,
    'DROP TABLE users;\nTRUNCATE users;',
    '-- framework53: allow truncate because only a cache\nTRUNCATE users;',
    'DROP TABLE other;',
  ]);
  const error = new MigrationLintError(report);
  expect(error.report).toBe(report);
  expect(error.message).toBe(formatLint(report));
  expect(error.message).toMatchInlineSnapshot(`
    "4 migrations judged, 3 findings, 1 allowed

    drop-table: The previous server runs until the new one has replaced it. Until then, each of its queries of the table fails.
      0001_step.sql:1  users
          DROP TABLE users
      0003_step.sql:1  other
          DROP TABLE other
      1. now: release a server that no longer uses the table
      2. the release after it: drop it, and allow that with the reason that no running server uses it
      or: -- framework53: allow drop-table because … (on a line before the statement)

    truncate: The previous server loses the rows. Its queries of the table wait until the whole migration has ended.
      0001_step.sql:2  users
          TRUNCATE users
      → delete rows that are no longer needed outside the migration, a few thousand rows per transaction
      or: -- framework53: allow truncate because … (on a line before the statement)"
  `);
});

test('a report without findings is one line', async () => {
  await withMigrations([users], async (directory) =>
    expect(formatLint(await lintMigrations({ directory }))).toBe('1 migration judged, 0 findings'),
  );
});

test('a JSON report has the documented shape', async () => {
  const report = await lint([users, 'DROP TABLE users;']);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report).toMatchInlineSnapshot(`
    {
      "allowed": [],
      "files": [
        {
          "contractedBy": [],
          "contracts": false,
          "file": "0000_step.sql",
          "pending": true,
          "tag": "0000_step",
        },
        {
          "contractedBy": [
            "drop-table",
          ],
          "contracts": true,
          "file": "0001_step.sql",
          "pending": true,
          "tag": "0001_step",
        },
      ],
      "findings": [
        {
          "fix": [
            "now: release a server that no longer uses the table",
            "the release after it: drop it, and allow that with the reason that no running server uses it",
          ],
          "link": "https://www.postgresql.org/docs/17/sql-droptable.html",
          "objects": [
            "users",
          ],
          "place": {
            "file": "0001_step.sql",
            "line": 1,
          },
          "rule": "drop-table",
          "severity": "danger",
          "statement": "DROP TABLE users",
          "what": "users: DROP TABLE users",
          "why": "The previous server runs until the new one has replaced it. Until then, each of its queries of the table fails.",
        },
      ],
      "formatVersion": 1,
    }
  `);
});
