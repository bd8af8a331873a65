export { formatLint, MigrationLintError } from './format-lint';
export { type LintMigrationsProps, lintMigrations } from './lint-migrations';
export type { AllowedFinding, Finding, LintedFile, LintReport } from './report';
