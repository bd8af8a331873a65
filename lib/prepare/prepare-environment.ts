import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { buildApplication } from '../application/build-application';
import type { CheckReport } from '../check/check-application';
import { CheckError } from '../check/check-error';
import { withFindings } from '../check/with-findings';
import { cacheFolder } from '../files/cache-folder';
import { checkedRelease } from './checked-release';
import { lintReleaseMigrations } from './lint-release-migrations';
import type { PreparedEnvironment } from './prepared-environment';
import { type EnvironmentSelection, resolveEnvironment } from './resolve-environment';
import { environmentExample } from './server-environment';

/** The choice of an environment, and how its release is built. */
export interface PrepareOptions extends EnvironmentSelection {
  /**
   * Folder the release is written to.
   * @default - a folder of the application in the user's cache
   */
  readonly out?: string;
  /**
   * Receives a line whenever there is progress to report.
   * @default - progress is not reported
   */
  readonly progress?: (line: string) => void;
}

/** An environment whose release is built and whose application is checked. */
export interface CheckedEnvironment extends PreparedEnvironment {
  /** The findings of the check in the application that the release was built from. */
  readonly check: CheckReport;
}

/**
 * Loads the settings of an environment and builds the application, unless the release is built already.
 * @throws ConfigError, ApplicationError, MigrationLintError or, for production, CheckError, with all problems at once
 */
export async function prepareEnvironment(options: PrepareOptions): Promise<CheckedEnvironment> {
  const { application, ...resolved } = resolveEnvironment(options);
  const directory = options.out ? resolve(options.out) : cachedRelease(application);
  const release = await buildApplication({
    directory: application,
    out: directory,
    config: resolved.settings.application,
    progress: options.progress,
    reuse: true,
  });
  const check = await checkedRelease(application, resolved.settings, directory);
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

/** The folder of an application's release. Two folders of one name do not share it. */
function cachedRelease(application: string): string {
  const key = createHash('sha256').update(application).digest('hex').slice(0, 8);
  return join(cacheFolder(), 'build', `${basename(application)}-${key}`);
}
