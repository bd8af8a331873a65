import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { buildApplication } from '../application/build-application';
import { type CheckReport, checkApplication } from '../check/check-application';
import { CheckError } from '../check/check-error';
import { withFindings } from '../check/with-findings';
import { cacheFolder } from '../files/cache-folder';
import { checkedRelease } from './checked-release';
import { lintReleaseMigrations } from './lint-release-migrations';
import type { PreparedEnvironment } from './prepared-environment';
import { type EnvironmentSelection, resolveEnvironment } from './resolve-environment';
import { environmentExample } from './server-environment';

/** An environment, and options for the build of its release. */
export interface PrepareOptions extends EnvironmentSelection {
  /**
   * Folder for the release.
   * @default - a folder of the application in the user's cache
   */
  readonly out?: string;
  /**
   * Receives progress messages.
   * @default - no progress is reported
   */
  readonly progress?: (line: string) => void;
}

/** An environment with a built release and a checked application. */
export interface CheckedEnvironment extends PreparedEnvironment {
  /** The findings of the check in the application that the release was built from. */
  readonly check: CheckReport;
}

/**
 * Loads the settings of an environment and builds the application, unless an up-to-date release exists.
 * @throws ConfigError, ApplicationError, MigrationLintError or, for production, CheckError, with all problems at once
 */
export async function prepareEnvironment(options: PrepareOptions): Promise<CheckedEnvironment> {
  const { application, ...resolved } = resolveEnvironment(options);
  const directory = options.out ? resolve(options.out) : cachedRelease(application);
  let checking: Promise<CheckReport> | undefined;
  const release = await buildApplication({
    directory: application,
    out: directory,
    config: resolved.settings.application,
    progress: options.progress,
    reuse: true,
    meanwhile: () => {
      checking = checkApplication(application, resolved.settings);
      // If the build fails, the result of the check is not used.
      checking.catch(() => {});
    },
  });
  const check = await checkedRelease(application, resolved.settings, directory, checking);
  if (resolved.environment === 'production' && check.findings.some(({ severity }) => severity === 'error'))
    throw new CheckError(check);
  writeFileSync(join(directory, '.env.example'), environmentExample({ ...resolved, release }));
  const { report, warnings } = await lintReleaseMigrations({ ...resolved, release, directory });
  return {
    ...resolved,
    release: {
      ...release,
      warnings: [...withFindings(release.warnings, check), ...warnings],
    },
    directory,
    check,
    migrations: report?.files ?? [],
  };
}

/**
 * Returns the cache folder of an application's release. Applications in folders of the same name get separate cache
 * folders.
 */
function cachedRelease(application: string): string {
  const key = createHash('sha256').update(application).digest('hex').slice(0, 8);
  return join(cacheFolder(), 'build', `${basename(application)}-${key}`);
}
