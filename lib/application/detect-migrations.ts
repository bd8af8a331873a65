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
import type { Packages } from './workspace';

/** The source of the database schema. */
export interface Migrations {
  readonly kind: MigrationsKind;
  /** Folder of the journal, relative to the application. */
  readonly folder?: string;
  /** drizzle-kit's configuration, relative to the application. */
  readonly drizzleConfig?: string;
  /** Folder in which the application runs drizzle-kit, relative to the application. */
  readonly kitFolder?: string;
  /** True if a script of package.json pushes the schema, and the configuration does not select the journal. */
  readonly pushed?: boolean;
  /** Migration files that are not in the journal. */
  readonly orphans?: readonly string[];
}

/** The inputs that determine the source of the schema. */
export interface MigrationsSources {
  readonly directory: string;
  readonly packages: Packages;
  /** Section `migrations` of the configuration. */
  readonly config: NonNullable<ApplicationConfig['migrations']>;
  /** Database packages that the server imports. */
  readonly drivers: ServerReading['drivers'];
}

/** Determines the source of the schema: migrations in a folder, a pushed schema, or none. */
export function detectMigrations(
  { directory, packages, config, drivers }: MigrationsSources,
  problems: ApplicationProblem[],
): { migrations: Migrations; warnings: Warning[] } {
  const { manifest } = packages;
  const kit = readDrizzleConfig(directory, packages);
  const folder = posix.normalize(
    config.folder ?? kit?.out ?? (kit ? posix.join(kit.folder, 'drizzle') : 'migrations'),
  );
  const base = { ...(kit && { drizzleConfig: kit.file, kitFolder: kit.folder }) };
  const none = { migrations: { kind: 'none' as const, ...base }, warnings: [] as Warning[] };
  if (config.kind === 'none') return none;
  if (kit?.dialect && kit.dialect !== 'postgresql')
    problems.push({
      file: kit.file,
      problem: `the dialect is ${kit.dialect}, but the database is PostgreSQL`,
      fix: 'move the schema to drizzle-orm/pg-core, or set application.migrations.kind to none',
    });
  const hasJournal = isJournal(join(directory, folder));
  if (hasJournal && config.kind !== 'baseline') problems.push(...brokenJournal(directory, folder));
  if (config.kind === 'journal' || config.folder) {
    if (!hasJournal)
      problems.push({
        file: folder,
        problem: 'there are no migrations of drizzle-kit (meta/_journal.json)',
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
        problem: 'there is no drizzle-kit configuration, so the schema cannot be exported',
        fix: 'add one, or set application.migrations.kind to none',
      });
    return none;
  }
  // The configuration may be unused, so the server's imports decide first, then the dialect.
  const speaksPostgres = drivers.postgres !== undefined || (kit.dialect === 'postgresql' && !drivers.other);
  if (!speaksPostgres && config.kind !== 'baseline')
    return { ...none, warnings: [leftOut(kit.file, drivers.other)] };
  const unlisted = sqlFiles(join(directory, folder))[0];
  if (unlisted && config.kind !== 'baseline' && !pushesSchema(manifest))
    problems.push({
      file: `${folder}/${unlisted}`,
      problem: 'is a migration, but meta/_journal.json with the order of migrations is missing',
      fix: 'restore it; for a pushed schema, set application.migrations.kind to baseline',
    });
  return {
    migrations: { kind: 'baseline', ...base },
    warnings: [unlisted ? leftOutMigrations(folder, unlisted) : pushed(kit.file, folder)],
  };
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
    why: 'its DDL is applied only to an empty database, and a release with a changed schema is refused (§8.2)',
    fix: ['run `npx drizzle-kit generate` before the schema changes'],
  };
}

function leftOutMigrations(folder: string, file: string): Warning {
  return {
    rule: 'schema-pushed',
    severity: 'caution',
    place: `${folder}/${file}`,
    what: 'there is no meta/_journal.json with the order of the migrations, and the schema is pushed',
    why: 'an empty database gets the DDL of the schema, and the migrations are left out; a release with a changed schema is refused (§8.2)',
    fix: [
      `delete the migrations in ${folder} and run \`npx drizzle-kit generate\`, so that the first migration creates the current schema`,
    ],
  };
}

function leftOut(file: string, other: string | undefined): Warning {
  return {
    rule: 'schema-left-out',
    severity: 'caution',
    place: file,
    what: `the server imports no PostgreSQL driver${other ? `, but ${other}` : ''}`,
    why: 'the tables of this schema are not created',
    fix: ['if the server uses the schema, set application.migrations.kind to baseline'],
  };
}

/** Returns files with the name format of drizzle-kit. */
function sqlFiles(folder: string): string[] {
  return isFolder(folder) ? readdirSync(folder).filter((name) => /^\d{4}_.*\.sql$/.test(name)) : [];
}

/** Returns migration files that are not in the journal, so drizzle's migrator never applies them. */
function orphansOf(folder: string): string[] {
  const journal = join(folder, 'meta', '_journal.json');
  if (!existsSync(journal)) return [];
  try {
    const { entries } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] };
    return sqlFiles(folder).filter((name) => !entries.some(({ tag }) => `${tag}.sql` === name));
  } catch {
    // Another problem reports a broken journal.
    return [];
  }
}

/** Returns problems that stop drizzle's migrator from applying all migrations of a folder. */
function brokenJournal(directory: string, folder: string): ApplicationProblem[] {
  const file = `${folder}/meta/_journal.json`;
  if (!existsSync(join(directory, file)))
    return readdirSync(join(directory, folder))
      .filter((name) => existsSync(join(directory, folder, name, 'snapshot.json')))
      .filter((name) => !existsSync(join(directory, folder, name, 'migration.sql')))
      .map((name) => ({
        file: `${folder}/${name}/migration.sql`,
        problem: 'is missing, but its snapshot.json exists, so this migration would be skipped',
        fix: 'restore the file, or remove the folder if no database has had this migration',
      }));
  let entries: { tag: string; when?: unknown }[] | undefined;
  try {
    entries = JSON.parse(readFileSync(join(directory, file), 'utf8'))?.entries;
  } catch (error) {
    const problem = `is not valid JSON: ${(error as Error).message}`;
    return [{ file, problem, fix: 'correct it, or restore it as `npx drizzle-kit generate` wrote it' }];
  }
  const bringBack = 'restore it as `npx drizzle-kit generate` wrote it';
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry?.tag !== 'string'))
    return [
      {
        file,
        problem: 'is not a journal of drizzle-kit: it has no list `entries` whose members have a `tag`',
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
      problem: `is missing, but ${file} lists it, so no migration can run`,
      fix: `restore the file, or remove its entry from ${file} if no database has had it`,
    }));
  const isTimed = entries.every(({ when }) => typeof when === 'number');
  return missing.length > 0 || isTimed
    ? missing
    : [{ file, problem: 'has entries whose `when` is not a time in milliseconds', fix: bringBack }];
}

/** Returns true for a folder of drizzle-kit: with a journal, or since 1.0 with a folder for each migration. */
function isJournal(folder: string): boolean {
  if (existsSync(join(folder, 'meta', '_journal.json'))) return true;
  return (
    isFolder(folder) && readdirSync(folder).some((name) => existsSync(join(folder, name, 'migration.sql')))
  );
}
