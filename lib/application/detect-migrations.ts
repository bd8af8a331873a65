import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isFile, isFolder } from '../files/is-file';
import { isTag } from '../migration-lint/read-migrations';
import type { ApplicationConfig } from './application-config';
import type { ApplicationProblem } from './application-error';
import { readDrizzleConfig } from './drizzle-config';
import type { PackageManifest } from './package-manifest';
import type { ServerReading } from './reading/server-reading';
import type { MigrationsKind } from './release';
import type { Warning } from './warning';

/** How the schema of the database comes about. */
export interface Migrations {
  readonly kind: MigrationsKind;
  /** Folder of the journal, relative to the application. */
  readonly folder?: string;
  /** drizzle-kit's configuration, relative to the application. */
  readonly drizzleConfig?: string;
  /** True if a script of package.json pushes the schema, and nothing states that the journal counts. */
  readonly pushed?: boolean;
  /** Files of migrations that the journal does not name. */
  readonly orphans?: readonly string[];
}

/** The inputs that decide how the schema of the database comes about. */
export interface MigrationsSources {
  readonly directory: string;
  readonly manifest: PackageManifest;
  /** Section `migrations` of the configuration. */
  readonly config: NonNullable<ApplicationConfig['migrations']>;
  /** Packages of databases that the server imports. */
  readonly drivers: ServerReading['drivers'];
}

/** Migrations in a folder, a schema that is pushed, or no schema of ours at all. */
export function detectMigrations(
  { directory, manifest, config, drivers }: MigrationsSources,
  problems: ApplicationProblem[],
): { migrations: Migrations; warnings: Warning[] } {
  const kit = readDrizzleConfig(directory, manifest);
  const folder = posix.normalize(config.folder ?? kit?.out ?? (kit ? 'drizzle' : 'migrations'));
  const base = { ...(kit && { drizzleConfig: kit.file }) };
  const none = { migrations: { kind: 'none' as const, ...base }, warnings: [] as Warning[] };
  if (config.kind === 'none') return none;
  if (kit?.dialect && kit.dialect !== 'postgresql')
    problems.push({
      file: kit.file,
      problem: `the dialect is ${kit.dialect}; the database here is PostgreSQL`,
      fix: 'move the schema to drizzle-orm/pg-core, or set application.migrations.kind to none',
    });
  const hasJournal = isJournal(join(directory, folder));
  if (hasJournal && config.kind !== 'baseline') problems.push(...brokenJournal(directory, folder));
  if (config.kind === 'journal' || config.folder) {
    if (!hasJournal)
      problems.push({
        file: folder,
        problem: 'no migrations of drizzle-kit (meta/_journal.json) are there',
        fix: 'run `npx drizzle-kit generate`, or correct application.migrations.folder',
      });
    return { migrations: { kind: 'journal', folder, ...base }, warnings: [] };
  }
  if (hasJournal && config.kind !== 'baseline') {
    const orphans = orphansOf(join(directory, folder));
    const pushed = kit !== undefined && pushesSchema(manifest);
    return {
      migrations: { kind: 'journal', folder, ...base, pushed, ...(orphans.length && { orphans }) },
      warnings: [],
    };
  }
  if (!kit) {
    if (config.kind === 'baseline')
      problems.push({
        file: 'drizzle.config.ts',
        problem: "drizzle-kit's configuration is not there, so the schema cannot be exported",
        fix: 'add one, or set application.migrations.kind to none',
      });
    return none;
  }
  // A configuration may be a leftover: what the server imports tells, else the dialect.
  const speaksPostgres = drivers.postgres !== undefined || (kit.dialect === 'postgresql' && !drivers.other);
  if (!speaksPostgres && config.kind !== 'baseline')
    return { ...none, warnings: [leftOut(kit.file, drivers.other)] };
  const orphan = sqlFiles(join(directory, folder))[0];
  if (orphan && config.kind !== 'baseline')
    problems.push({
      file: `${folder}/${orphan}`,
      problem:
        'is a migration, and meta/_journal.json, which says in which order they are applied, is not there',
      fix: 'bring it back; where the schema is pushed, set application.migrations.kind to baseline',
    });
  return { migrations: { kind: 'baseline', ...base }, warnings: [pushed(kit.file, folder)] };
}

function pushesSchema({ scripts }: PackageManifest): boolean {
  return Object.values(scripts ?? {}).some((script) => /drizzle-kit push/.test(script));
}

function pushed(file: string, folder: string): Warning {
  return {
    rule: 'schema-pushed',
    severity: 'caution',
    place: file,
    what: `the schema is pushed, and there are no migrations in ${folder}`,
    why: 'its DDL is applied to an empty database only, and a release with a changed schema is refused (§8.2)',
    fix: ['run `npx drizzle-kit generate` before the schema changes'],
  };
}

function leftOut(file: string, other: string | undefined): Warning {
  return {
    rule: 'schema-left-out',
    severity: 'caution',
    place: file,
    what: `the server imports no driver for PostgreSQL${other ? `, but ${other}` : ''}`,
    why: 'no table of this schema is made',
    fix: ['where the server does use it, set application.migrations.kind to baseline'],
  };
}

/** Files as drizzle-kit names them. */
function sqlFiles(folder: string): string[] {
  return isFolder(folder) ? readdirSync(folder).filter((name) => /^\d{4}_.*\.sql$/.test(name)) : [];
}

/** Files of migrations that the journal does not name, so that drizzle's migrator never applies them. */
function orphansOf(folder: string): string[] {
  const journal = join(folder, 'meta', '_journal.json');
  if (!existsSync(journal)) return [];
  try {
    const { entries } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] };
    return sqlFiles(folder).filter((name) => !entries.some(({ tag }) => `${tag}.sql` === name));
  } catch {
    // A broken journal is a problem of its own.
    return [];
  }
}

/** Problems that keep drizzle's migrator from applying all migrations of a folder. */
function brokenJournal(directory: string, folder: string): ApplicationProblem[] {
  const file = `${folder}/meta/_journal.json`;
  if (!existsSync(join(directory, file)))
    return readdirSync(join(directory, folder))
      .filter((name) => existsSync(join(directory, folder, name, 'snapshot.json')))
      .filter((name) => !existsSync(join(directory, folder, name, 'migration.sql')))
      .map((name) => ({
        file: `${folder}/${name}/migration.sql`,
        problem: 'is not there, though its snapshot.json is, so this migration would be left out',
        fix: 'bring the file back, or remove the folder where the database never had this migration',
      }));
  let entries: { tag: string; when?: unknown }[] | undefined;
  try {
    entries = JSON.parse(readFileSync(join(directory, file), 'utf8'))?.entries;
  } catch (error) {
    const problem = `is no JSON: ${(error as Error).message}`;
    return [{ file, problem, fix: 'correct it, or bring it back as `npx drizzle-kit generate` wrote it' }];
  }
  const bringBack = 'bring it back as `npx drizzle-kit generate` wrote it';
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry?.tag !== 'string'))
    return [
      {
        file,
        problem: 'is no journal of drizzle-kit: it has no list `entries` whose members have a `tag`',
        fix: bringBack,
      },
    ];
  const path = entries.find(({ tag }) => !isTag(tag))?.tag;
  if (path !== undefined)
    return [
      {
        file,
        problem: `names ${JSON.stringify(path.slice(0, 100))}, and a tag is the name of a file in ${folder} without .sql`,
        fix: bringBack,
      },
    ];
  const missing = entries
    .filter(({ tag }) => !isFile(join(directory, folder, `${tag}.sql`)))
    .map(({ tag }) => ({
      file: `${folder}/${tag}.sql`,
      problem: `is not there, though ${file} names it, so no migration could run`,
      fix: `bring the file back, or remove its entry from ${file} where no database has had it`,
    }));
  const isTimed = entries.every(({ when }) => typeof when === 'number');
  return missing.length > 0 || isTimed
    ? missing
    : [{ file, problem: 'has entries whose `when` is no time in milliseconds', fix: bringBack }];
}

/** drizzle-kit's folder: a journal, or since 1.0 a folder for each migration. */
function isJournal(folder: string): boolean {
  if (existsSync(join(folder, 'meta', '_journal.json'))) return true;
  return (
    isFolder(folder) && readdirSync(folder).some((name) => existsSync(join(folder, name, 'migration.sql')))
  );
}
