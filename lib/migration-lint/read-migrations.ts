import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A migration file. The files are in the order in which they are applied. */
export interface MigrationFile {
  readonly tag: string;
  readonly file: string;
  readonly sql: string;
  /** A problem of the file's journal entry. */
  readonly problem?: { readonly why: string; readonly fix: readonly string[] };
}

/** Returns true for a file name without its extension. A path to another folder is not allowed. */
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

/** Reads the files of a folder of drizzle-kit, or its only `baseline.sql`. */
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
    throw new Error(`${directory}: contains neither meta/_journal.json nor baseline.sql`);
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
          why: 'The journal names this file and the file does not exist, so no migration can run.',
          fix: ['restore the file, or remove its entry from meta/_journal.json'],
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
  // drizzle-kit numbers the file names, prefixes them with the time, or adds no prefix.
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
        why: 'The journal does not name this file, so drizzle never applies it.',
        fix: ['generate it with `npx drizzle-kit generate` (`--custom` for SQL of your own), or remove it'],
      },
    })),
  ];
}

/** Clocks of different machines rarely differ by more than this. */
const CLOCK_SKEW_MS = 60 * 60 * 1000;

/** Checks the time of a journal entry, and returns its problem. */
function timeProblem(when: number, before: number): MigrationFile['problem'] {
  if (when <= before)
    return {
      why: 'The journal gives this file a time that is not later than the time of an earlier file. A database that has the earlier file skips this one silently.',
      fix: ['remove the file and its entry in meta/_journal.json, and generate it again after the others'],
    };
  if (when > Date.now() + CLOCK_SKEW_MS)
    return {
      why: `The journal gives this file a time in the future, ${timeText(when)}. A database that has this file silently skips every file that is generated before that time.`,
      fix: [
        'set `when` of this file in meta/_journal.json to the time of its creation, before any database applies the file',
      ],
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
    throw new Error(`${path}: not valid JSON: ${(error as Error).message}`);
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
