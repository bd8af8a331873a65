import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EnvironmentName, environmentName, loadSettings, type Settings } from '../../config';
import { ApplicationError } from '../application/application-error';
import { requireUsableFiles } from '../application/unusable-files';
import { ownFolder } from '../files/own-package';

/** The choice of an application and of one of its environments. */
export interface EnvironmentSelection {
  /**
   * Name of the environment: development, test, staging or production.
   * @default 'development'
   */
  readonly environment?: string;
  /**
   * Folder of the application.
   * @default - the working directory; in the checkout of this package, its example
   */
  readonly application?: string;
}

/** An existing environment with validated settings. */
export interface ResolvedEnvironment {
  /** Name of the environment. */
  readonly environment: EnvironmentName;
  /** Folder of the application. */
  readonly application: string;
  /** Settings of the environment. */
  readonly settings: Settings;
}

/**
 * Finds the application's folder and loads the settings of the environment. Builds nothing.
 * @throws ConfigError if the name or a setting is wrong; ApplicationError if the folder does not exist
 */
export function resolveEnvironment(selection: EnvironmentSelection): ResolvedEnvironment {
  const environment = environmentName(selection.environment ?? 'development');
  const application = applicationFolder(selection.application);
  requireUsableFiles(application);
  return { environment, application, settings: loadSettings(environment, application) };
}

function applicationFolder(given: string | undefined): string {
  if (given === undefined) {
    const here = process.cwd();
    const example = join(here, 'examples', 'guestbook');
    // Only in the checkout itself: elsewhere, the default is the working directory.
    return here === ownFolder() && existsSync(example) ? example : here;
  }
  const folder = resolve(given);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return folder;
  throw new ApplicationError(folder, [
    {
      file: '.',
      problem: found ? 'is a file, not a folder' : 'there is no such folder',
      fix: 'give the folder that contains client/ and server/',
    },
  ]);
}
