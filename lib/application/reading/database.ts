import type { LiveCode } from '../source/live-code';
import { type Module, placeOf } from '../source/module';
import type { Node } from '../source/syntax';
import { constantOf, type Value, valuesOf } from '../source/value';
import { option, packageCalls } from './package-calls';
import type { ConnectionPool, SchemaChange } from './server-reading';

/** Packages that connect to PostgreSQL, the most reliable sign first. */
const drivers =
  /^(pg|pg-promise|postgres|@neondatabase\/serverless|@vercel\/postgres|slonik|postgres-array|drizzle-orm\/(node-postgres|postgres-js|neon-serverless|neon-http|vercel-postgres|neon|pg-core))(\/|$)/;
/** Packages that store data in another database or in a file. */
const others =
  /^(better-sqlite3|sqlite3|sql\.js|@libsql\/client|mysql|mysql2|mongodb|mongoose|@planetscale\/database|drizzle-orm\/(better-sqlite3|libsql|mysql2|mysql-core|sqlite-core|bun-sqlite|sql-js|planetscale-serverless))(\/|$)/;

/** Pattern of the packages whose objects run queries. */
export const queryPackages =
  '(?:pg|postgres|@neondatabase/serverless|@vercel/postgres|drizzle-orm/(?:node-postgres|postgres-js|neon-serverless|neon-http|vercel-postgres))';
/** Matches functions that create a pool of node-postgres or Neon's driver. */
export const poolFunction = /^(pg|@neondatabase\/serverless|@vercel\/postgres)\.(Pool|createPool)$/;

/** Matches drizzle's function that applies migrations. */
export const migrator = /^(drizzle-orm\/[\w-]+\/migrator)\.migrate$/;

/** Returns the database packages that the server imports, each with a module that imports it. */
export function readDrivers(modules: readonly Module[]): { postgres?: string; other?: string } {
  const externals = modules.flatMap(({ externals }) => externals);
  const postgres = externals.find((name) => drivers.test(name));
  const other = externals.find((name) => others.test(name));
  return { ...(postgres && { postgres }), ...(other && { other }) };
}

/** Finds connection pools and their sizes. */
export function readPools(code: LiveCode): ConnectionPool[] {
  return packageCalls(code).flatMap(({ path, call, argument }): ConnectionPool[] => {
    const place = placeOf(call);
    if (poolFunction.test(path))
      return [
        {
          library: path.startsWith('pg') ? 'pg' : 'neon',
          place,
          ...sizeOf(option(code, argument(0), 'max')),
        },
      ];
    if (path === 'postgres')
      return [{ library: 'postgres', place, ...sizeOf(option(code, argument(1) ?? argument(0), 'max')) }];
    if (path === 'drizzle-orm/node-postgres.drizzle' && argument(0)?.kind !== 'made')
      return [
        { library: 'pg', place, ...sizeOf(option(code, option(code, argument(0), 'connection'), 'max')) },
      ];
    return [];
  });
}

function sizeOf(max: Value | undefined): { size?: number; sizeVariable?: string } {
  const values = max ? valuesOf(max) : [];
  const size = values.map((value) => Number(constantOf(value) ?? Number.NaN)).find((value) => value > 0);
  const variable = values.find((value) => value.kind === 'variable');
  return {
    ...(size !== undefined && { size }),
    ...(variable?.kind === 'variable' && { sizeVariable: variable.name }),
  };
}

const ddl =
  /^\s*(CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+)?(?:TABLE|TYPE|SCHEMA|EXTENSION|INDEX|VIEW|FUNCTION|TRIGGER)|ALTER\s+TABLE|DROP\s+TABLE)\b/im;

/** Finds schema changes that the server makes. */
export function readSchemaChanges(code: LiveCode): SchemaChange[] {
  const migrators = packageCalls(code).flatMap(({ path, call }): SchemaChange[] => {
    const from = migrator.exec(path)?.[1];
    return from ? [{ place: placeOf(call), by: 'migrator', what: from }] : [];
  });
  const statements = code.texts.flatMap((node): SchemaChange[] => {
    const text = writtenText(node);
    const found = ddl.exec(text)?.[1];
    return found
      ? [{ place: placeOf(node), by: 'statement', what: found.replace(/\s+/g, ' ').toUpperCase() }]
      : [];
  });
  return [...migrators, ...statements];
}

/** Returns the text of a literal. An `x` takes the place of each unknown part of a template. */
export function writtenText(node: Node): string {
  if (node.type === 'StringLiteral') return node.value;
  return node.type === 'TemplateLiteral'
    ? node.quasis.map((quasi) => quasi.value.cooked ?? '').join('x')
    : '';
}
