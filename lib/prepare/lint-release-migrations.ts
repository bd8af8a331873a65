import { join } from 'node:path';
import type { Warning } from '../application/warning';
import type { Finding, LintReport } from '../migration-lint';
import type { PreparedEnvironment } from './prepared-environment';

/**
 * Lints the migrations of a release. A finding is an error in production and a warning elsewhere.
 *
 * The lint does not know which migrations a database already has. Without `application.migrations.applied`, it treats
 * only the newest file as new: findings in earlier files are only warnings, even in production.
 * @throws MigrationLintError
 */
export async function lintReleaseMigrations({
  environment,
  settings,
  release,
  directory,
}: Pick<PreparedEnvironment, 'environment' | 'settings' | 'release' | 'directory'>): Promise<{
  report?: LintReport;
  warnings: readonly Warning[];
}> {
  if (release.migrations.kind !== 'journal') return { warnings: [] };
  // Loads PostgreSQL's grammar, which only this function needs.
  const { lintMigrations, MigrationLintError } = await import('../migration-lint/index.js');
  const applied = settings.application.migrations?.applied;
  const report = await lintMigrations({ directory: join(directory, 'image', 'migrations'), applied });
  const inApplication = <Place extends { readonly file: string }>(place: Place) => ({
    ...place,
    file: `${release.migrations.folder ?? 'migrations'}/${place.file}`,
  });
  const newest = report.files.at(-1)?.file;
  const refused = report.findings.filter(({ place }) => applied !== undefined || place.file === newest);
  if (environment === 'production' && refused.length > 0) {
    throw new MigrationLintError(
      { ...report, findings: refused.map((found) => ({ ...found, place: inApplication(found.place) })) },
      applied === undefined && refused.some(({ rule }) => rule !== 'journal')
        ? "if production already has this migration or has no data, set default.application.migrations.applied in framework53.config.ts to the last migration's name, or to 0"
        : undefined,
    );
  }
  // A migration often repeats one kind of statement.
  const groups = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    const key = `${finding.rule} ${finding.place.file}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const warnings = [...groups.values()].map((group): Warning => {
    const { rule, place, why, fix } = group[0]!;
    return {
      rule,
      severity: 'caution',
      place: `${inApplication(place).file}:${place.line}`,
      what: group.length > 1 ? `${rule}, in ${group.length} statements` : rule,
      why,
      fix: fix.slice(0, 1),
    };
  });
  return { report, warnings };
}
