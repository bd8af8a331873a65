import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from '../../files/is-file';
import type { Application } from '../application';
import { packageFolder } from '../package-manifest';
import type { MigrationsKind } from '../release';
import type { Warning } from '../warning';
import { exportSchema, hasUngenerated } from './drizzle-kit';

/** The migrations that were written. */
export interface WrittenMigrations {
  readonly kind: MigrationsKind;
  readonly warnings: readonly Warning[];
}

/**
 * Writes the migrations of an image: the journal, or the DDL of a pushed schema.
 *
 * If a team pushes its schema, its journal may be out of date. The tables of the database come from the schema. The
 * image then gets the DDL of the schema instead of the journal.
 */
export async function writeMigrations(
  application: Application,
  folder: string,
  work: string,
): Promise<WrittenMigrations> {
  const { directory, migrations, server } = application;
  mkdirSync(folder, { recursive: true });
  const isBehind =
    migrations.kind === 'journal' &&
    migrations.pushed === true &&
    (migrations.orphans?.length || (await hasUngenerated(application, work)));
  const kind = isBehind ? 'baseline' : migrations.kind;
  // Docker does not follow links out of the build context. A link to a folder could lead to itself.
  if (kind === 'journal')
    cpSync(realpathSync(join(directory, migrations.folder!)), folder, {
      recursive: true,
      dereference: true,
      filter: (path) => !(lstatSync(path).isSymbolicLink() && isFolder(path)),
    });
  if (kind === 'baseline') writeFileSync(join(folder, 'baseline.sql'), await exportSchema(application, work));
  const table = server.sessionTable && sessionTable(directory, server.sessionTable);
  if (table) writeFileSync(join(folder, 'session.sql'), table);
  const plan = { kind, ...(table && { sessionTable: server.sessionTable }) };
  writeFileSync(join(folder, 'plan.json'), `${JSON.stringify(plan)}\n`);
  return { kind, warnings: isBehind ? [behind(migrations.folder!, migrations.orphans?.[0])] : [] };
}

function behind(folder: string, orphan: string | undefined): Warning {
  return {
    rule: 'migrations-behind-schema',
    severity: 'caution',
    place: orphan ? `${folder}/${orphan}` : folder,
    what: orphan
      ? 'the journal does not name this migration, and a script of package.json pushes the schema'
      : 'the schema has changes that no migration contains, and a script of package.json pushes the schema',
    why: 'an empty database gets the DDL of the schema, and the migrations are left out; a release with a changed schema is refused (§8.2)',
    fix: [
      'delete the migrations and run `npx drizzle-kit generate`, so that the first migration creates the current schema; to apply the migrations unchanged, set application.migrations.kind to journal',
    ],
  };
}

/**
 * Returns the SQL with which connect-pg-simple creates its table. PostgreSQL names the index and the key, because a
 * table of the schema, such as `sessions`, may have an index with connect-pg-simple's name.
 */
function sessionTable(directory: string, name: string): string | undefined {
  const folder = packageFolder(directory, 'connect-pg-simple');
  const file = folder && join(folder, 'table.sql');
  if (!file || !existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .replaceAll('"session"', `"${name}"`)
    .replace(/ADD CONSTRAINT "\w+" PRIMARY KEY/, 'ADD PRIMARY KEY')
    .replace(/CREATE INDEX "\w+" ON/, 'CREATE INDEX ON');
}
