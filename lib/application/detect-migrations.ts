import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isFile, isFolder } from '../files/is-file';
import type { ApplicationConfig } from './application-config';
import type { ApplicationProblem } from './application-error';
import { maskComments } from './mask-comments';
import type { PackageManifest } from './package-manifest';
import type { MigrationsKind } from './release';

/** How the schema of the database comes about. */
export interface Migrations {
  readonly kind: MigrationsKind;
  /** Folder of the journal, relative to the application. */
  readonly folder?: string;
  /** drizzle-kit's configuration, relative to the application. */
  readonly drizzleConfig?: string;
}

/** Migrations in a folder, a schema that is pushed, or no schema of ours at all. */
export function detectMigrations(
  directory: string,
  manifest: PackageManifest,
  config: NonNullable<ApplicationConfig['migrations']>,
  problems: ApplicationProblem[],
): { migrations: Migrations; warnings: string[] } {
  const drizzleConfig = ['ts', 'js', 'mts', 'mjs', 'json']
    .map((extension) => `drizzle.config.${extension}`)
    .find((file) => isFile(join(directory, file)));
  const code = drizzleConfig ? maskComments(readFileSync(join(directory, drizzleConfig), 'utf8')) : '';
  const out = /\bout["']?\s*:\s*[^'"`\n]*['"`]([^'"`]+)['"`]/.exec(code)?.[1];
  const folder = posix.normalize(config.folder ?? out ?? (drizzleConfig ? 'drizzle' : 'migrations'));
  const dialect = /\bdialect["']?\s*:\s*['"`](\w+)['"`]/.exec(code)?.[1];
  const base = { ...(drizzleConfig && { drizzleConfig }) };
  const none = { migrations: { kind: 'none' as const, ...base }, warnings: [] as string[] };

  if (dialect && dialect !== 'postgresql')
    problems.push({
      file: drizzleConfig!,
      problem: `the dialect is ${dialect}; the database here is PostgreSQL`,
      fix: 'move the schema to drizzle-orm/pg-core, or set application.migrations.kind to none',
    });
  if (config.kind === 'none') return none;
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
  if (hasJournal && config.kind !== 'baseline')
    return {
      migrations: { kind: 'journal', folder, ...base },
      warnings: Object.values(manifest.scripts ?? {}).some((script) => /drizzle-kit push/.test(script))
        ? [
            `${folder}: migrations are applied in order, though a script of package.json pushes the schema; what was pushed and never generated is missing, so run \`npx drizzle-kit generate\` before each release`,
          ]
        : [],
    };
  if (!drizzleConfig) {
    if (config.kind === 'baseline')
      problems.push({
        file: 'drizzle.config.ts',
        problem: "drizzle-kit's configuration is not there, so the schema cannot be exported",
        fix: 'add one, or set application.migrations.kind to none',
      });
    return none;
  }
  const speaksToPostgres = ['pg', 'postgres', '@neondatabase/serverless'].some(
    (driver) => driver in { ...manifest.dependencies, ...manifest.serverDependencies },
  );
  if (!speaksToPostgres && config.kind !== 'baseline')
    return {
      ...none,
      warnings: [
        `${drizzleConfig}: no driver for PostgreSQL is among the dependencies, so the schema is left out`,
      ],
    };
  const orphan = sqlFiles(join(directory, folder))[0];
  if (orphan && config.kind !== 'baseline')
    problems.push({
      file: `${folder}/${orphan}`,
      problem:
        'is a migration, and meta/_journal.json, which says in which order they are applied, is not there',
      fix: 'bring it back; where the schema is pushed, set application.migrations.kind to baseline',
    });
  return {
    migrations: { kind: 'baseline', ...base },
    warnings: [
      `${drizzleConfig}: the schema is pushed, there are no migrations in ${folder}; its DDL is applied to an empty database only, and a later change of the schema is refused until \`npx drizzle-kit generate\` has made migrations (§8.2)`,
    ],
  };
}

/** Files as drizzle-kit names them. */
function sqlFiles(folder: string): string[] {
  return isFolder(folder) ? readdirSync(folder).filter((name) => /^\d{4}_.*\.sql$/.test(name)) : [];
}

/** What keeps drizzle's migrator from applying the migrations of a folder, or makes it leave some out. */
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
  let entries: { tag?: unknown }[] | undefined;
  try {
    entries = JSON.parse(readFileSync(join(directory, file), 'utf8'))?.entries;
  } catch (error) {
    const problem = `is no JSON: ${(error as Error).message}`;
    return [{ file, problem, fix: 'correct it, or bring it back as `npx drizzle-kit generate` wrote it' }];
  }
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry?.tag !== 'string'))
    return [
      {
        file,
        problem: 'is no journal of drizzle-kit: it has no list `entries` whose members have a `tag`',
        fix: 'bring it back as `npx drizzle-kit generate` wrote it',
      },
    ];
  return entries
    .filter(({ tag }) => !existsSync(join(directory, folder, `${tag}.sql`)))
    .map(({ tag }) => ({
      file: `${folder}/${tag}.sql`,
      problem: `is not there, though ${file} names it, so no migration could run`,
      fix: `bring the file back, or remove its entry from ${file} where no database has had it`,
    }));
}

/** drizzle-kit's folder: a journal, or since 1.0 a folder for each migration. */
function isJournal(folder: string): boolean {
  if (existsSync(join(folder, 'meta', '_journal.json'))) return true;
  return (
    isFolder(folder) && readdirSync(folder).some((name) => existsSync(join(folder, name, 'migration.sql')))
  );
}
