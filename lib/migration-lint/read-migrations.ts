import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A file of migrations, in the order in which they are applied. */
export interface MigrationFile {
  readonly tag: string;
  readonly file: string;
  readonly sql: string;
  /** The problem of the file's place in the journal. */
  readonly problem?: { readonly why: string; readonly fix: readonly string[] };
}

/** True for the name of a file without its ending: nothing that leads to another folder. */
export function isTag(tag: string): boolean {
  return /^(?!\.{1,2}$)[^/\\\p{Cc}]{1,200}$/u.test(tag);
}

const journal = z.object({
  entries: z.array(
    z.object({
      tag: z.string().refine(isTag, 'must be the name of a file in this folder without .sql'),
      when: z.number('must be a time in milliseconds'),
    }),
  ),
});

/** The files of a folder that drizzle-kit made, or its one `baseline.sql`. */
export function readMigrations(directory: string): MigrationFile[] {
  const path = join(directory, 'meta', '_journal.json');
  if (!existsSync(path)) {
    if (existsSync(join(directory, 'baseline.sql')))
      return [
        {
          tag: 'baseline',
          file: 'baseline.sql',
          sql: readFileSync(join(directory, 'baseline.sql'), 'utf8'),
        },
      ];
    throw new Error(`${directory}: neither meta/_journal.json nor baseline.sql is there`);
  }
  const { entries } = parseJournal(path);
  let latest = Number.NEGATIVE_INFINITY;
  const files = entries.map(({ tag, when }): MigrationFile => {
    const file = `${tag}.sql`;
    const before = latest;
    latest = Math.max(latest, when);
    if (!existsSync(join(directory, file)))
      return {
        tag,
        file,
        sql: '',
        problem: {
          why: 'The journal names this file and it is not there, so no migration can run.',
          fix: ['bring the file back, or remove its entry from meta/_journal.json'],
        },
      };
    const problem = timeProblem(when, before);
    return {
      tag,
      file,
      sql: readFileSync(join(directory, file), 'utf8'),
      ...(problem && { problem }),
    };
  });
  const known = new Set(files.map(({ file }) => file));
  // drizzle-kit numbers files, or begins them with the time, or writes their names alone.
  const isNumbered = /^\d{4,}[_-]/;
  const namesAlone = entries.some(({ tag }) => !isNumbered.test(tag));
  const strays = readdirSync(directory)
    .filter((file) => file.endsWith('.sql') && !known.has(file) && (namesAlone || isNumbered.test(file)))
    .sort();
  return [
    ...files,
    ...strays.map((file) => ({
      tag: file.slice(0, -'.sql'.length),
      file,
      sql: '',
      problem: {
        why: 'The journal does not name this file, so it is never applied.',
        fix: ['generate it with `npx drizzle-kit generate` (`--custom` for SQL of your own), or remove it'],
      },
    })),
  ];
}

/** Clocks of different machines are hardly further apart. */
const CLOCK_SKEW_MS = 60 * 60 * 1000;

/** Returns the problem of the time of an entry. */
function timeProblem(when: number, before: number): MigrationFile['problem'] {
  if (when <= before)
    return {
      why: 'Its time in the journal is not later than that of a file before it, so a database that has the other one skips this one without a word.',
      fix: [
        'remove the file and its entry in meta/_journal.json, and generate it again on top of the others',
      ],
    };
  if (when > Date.now() + CLOCK_SKEW_MS)
    return {
      why: `Its time in the journal, ${timeText(when)}, is yet to come, so a database that has it skips every file that is generated before then without a word.`,
      fix: ['set its `when` in meta/_journal.json to the time it was made, before any database has it'],
    };
  return undefined;
}

function timeText(when: number): string {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? String(when) : date.toISOString();
}

function parseJournal(path: string): z.infer<typeof journal> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: no JSON: ${(error as Error).message}`);
  }
  const parsed = journal.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `${path}: not a journal of drizzle-kit: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
    );
  }
  return parsed.data;
}
