import { join } from 'node:path';
import type { EnvironmentName, Settings } from '../../config';
import type { Release } from '../application/release';
import type { LintReport } from '../migration-lint';

/** What is known of a release when its migrations are judged. */
export interface MigrationsOfRelease {
  readonly environment: EnvironmentName;
  readonly settings: Settings;
  readonly release: Release;
  readonly directory: string;
}

/**
 * Judges a release's migrations: what would hurt the server in use is an error in production and a warning
 * elsewhere.
 *
 * Which migrations a database has is not known here. Unless `application.migrations.applied` tells, all but
 * the newest file are taken for history: of them, production only warns.
 * @throws MigrationLintError
 */
export async function judgeMigrations({
  environment,
  settings,
  release,
  directory,
}: MigrationsOfRelease): Promise<{ report?: LintReport; warnings: readonly string[] }> {
  if (release.migrations.kind !== 'journal') return { warnings: [] };
  // Loads PostgreSQL's grammar, which nothing else needs.
  const { lintMigrations, MigrationLintError } = await import('../migration-lint/index.js');
  const applied = settings.application.migrations?.applied;
  const report = await lintMigrations({ directory: join(directory, 'image', 'migrations'), applied });
  const newest = report.files.at(-1)?.file;
  const refused = report.findings.filter(({ file }) => applied !== undefined || file === newest);
  if (environment === 'production' && refused.length > 0) {
    throw new MigrationLintError(
      { ...report, findings: refused },
      applied === undefined
        ? "production has this migration already, or has no data yet? Say so in framework53.config.ts: default.application.migrations.applied is the last migration's name, or 0"
        : undefined,
    );
  }
  const warnings = report.findings.map(
    ({ rule, file, line, why, remediation }) =>
      `migrations/${file}:${line}: ${rule}: ${why} → ${remediation[0]}`,
  );
  return { report, warnings };
}
