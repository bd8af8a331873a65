import { createHash } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type EnvironmentName, environmentName, loadSettings, type Settings } from '../../config';
import { ApplicationError } from '../application/application-error';
import { buildApplication } from '../application/build-application';
import type { Release } from '../application/release';
import { cacheFolder } from '../files/cache-folder';
import type { LintedFile } from '../migration-lint';
import { judgeMigrations } from './lint-release-migrations';
import { environmentExample } from './server-environment';

/** What to prepare. */
export interface Target {
  /**
   * Name of the environment.
   * @default 'development'
   */
  readonly environment?: string;
  /**
   * The application's folder.
   * @default the working directory; in the checkout of this package, its example
   */
  readonly application?: string;
  /**
   * Where the release is built.
   * @default below the user's cache folder
   */
  readonly out?: string;
  /** Told what is going on. */
  readonly progress?: (line: string) => void;
}

/** What a target means. */
export interface Located {
  readonly environment: EnvironmentName;
  /** The application's folder. */
  readonly application: string;
  readonly settings: Settings;
}

/** An application, built for an environment whose settings are known to be good. */
export interface Prepared {
  readonly environment: EnvironmentName;
  readonly settings: Settings;
  readonly release: Release;
  /** Where `release.json`, `image/`, `client/` and `.env.example` are. */
  readonly directory: string;
  /** The migrations it carries, judged; none for a schema that is not migrated by files. */
  readonly migrations: readonly LintedFile[];
}

/**
 * The environment, the application's folder and the settings that are meant; builds nothing.
 * @throws ConfigError or ApplicationError
 */
export function locate(target: Pick<Target, 'environment' | 'application'>): Located {
  const environment = environmentName(target.environment ?? 'development');
  const application = applicationFolder(target.application);
  return { environment, application, settings: loadSettings(environment, application) };
}

/**
 * Loads an environment's settings and builds the application, unless it is built already.
 * @throws ConfigError, ApplicationError or MigrationLintError, with everything that is wrong
 */
export async function prepare(target: Target): Promise<Prepared> {
  const { environment, application, settings } = locate(target);
  const directory = target.out ? resolve(target.out) : defaultOut(application);
  const release = await buildApplication({
    directory: application,
    out: directory,
    config: settings.application,
    progress: target.progress,
    reuse: true,
  });
  writeFileSync(join(directory, '.env.example'), environmentExample({ environment, settings, release }));
  const { report, warnings } = await judgeMigrations({ environment, settings, release, directory });
  return {
    environment,
    settings,
    release: { ...release, warnings: [...release.warnings, ...warnings] },
    directory,
    migrations: report?.files ?? [],
  };
}

function applicationFolder(given: string | undefined): string {
  if (given === undefined) {
    const here = process.cwd();
    const checkouts = [join(__dirname, '..', '..'), join(__dirname, '..', '..', '..')];
    const example = join(here, 'examples', 'guestbook');
    // Only in the checkout itself: a folder somewhere in an application must not mean another application.
    return checkouts.includes(here) && existsSync(example) ? example : here;
  }
  const folder = resolve(given);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return folder;
  throw new ApplicationError(folder, [
    {
      file: '.',
      problem: found ? 'is a file, not a folder' : 'there is no such folder',
      fix: 'give the folder that holds client/ and server/',
    },
  ]);
}

/** Two folders of one name do not share a release. */
function defaultOut(application: string): string {
  const key = createHash('sha256').update(application).digest('hex').slice(0, 8);
  return join(cacheFolder(), 'build', `${basename(application)}-${key}`);
}
