/**
 * Sets other environment variables for the address and the login of the database. DATABASE_URL has the address; PGUSER
 * and PGPASSWORD have the login. The application may read them by the names of PostgreSQL's own clients, or by names
 * that the build found in the code.
 */
export function nameDatabase(): void {
  const { DATABASE_URL: url, PGUSER: user, PGPASSWORD: password } = process.env;
  if (!url || !URL.canParse(url)) return;
  const { hostname, port, pathname, searchParams } = new URL(url);
  const parts: readonly (readonly [RegExp, string | null | undefined])[] = [
    [/^HOST(NAME)?$/, hostname],
    [/^PORT$/, port || '5432'],
    [/^USER(NAME)?$/, user],
    [/^PASS(WORD)?$/, password],
    [/^(NAME|DB|DBNAME|DATABASE)$/, pathname.slice(1)],
    [/^SSLMODE$/, searchParams.get('sslmode')],
    [/^/, url],
  ];
  const found = process.env['FRAMEWORK53_DATABASE_VARIABLES']?.split(',') ?? [];
  for (const name of ['PGHOST', 'PGPORT', 'PGDATABASE', 'PGSSLMODE', ...found]) {
    const part = /^(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|RDS)_?([A-Z]+)$/.exec(name)?.[1] ?? '';
    const value = parts.find(([pattern]) => pattern.test(part))?.[1];
    if (value) process.env[name] ??= value;
  }
}
