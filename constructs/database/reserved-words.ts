/**
 * Key words that PostgreSQL 17 reserves. RDS refuses them as the name of a cluster's first database.
 * @see https://www.postgresql.org/docs/17/sql-keywords-appendix.html
 */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
  full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`.split(/\s+/),
);

/** Databases that exist in every cluster. */
const EXISTING = new Set(['rdsadmin', 'template0', 'template1']);

/** Returns the reason why a cluster cannot have a first database of this name, or undefined if it can. */
export function databaseNameProblem(name: string): string | undefined {
  if (RESERVED.has(name)) return 'is a reserved word of PostgreSQL';
  if (EXISTING.has(name)) return 'is a database of RDS itself';
  if (name.startsWith('pg_'))
    return "begins with 'pg_', which PostgreSQL reserves for its own roles and schemas";
  return undefined;
}
