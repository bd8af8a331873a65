import type { ApplicationConfig } from '../application/application-config';
import { ApplicationError } from '../application/application-error';
import { readApplication } from '../application/read-application';

/** Port for a server whose code does not say one. The run shows the real one. */
const guess = 8080;

/**
 * A configuration with which an application can be read. A port that reading does not find is guessed: running the
 * server shows it.
 *
 * @throws ApplicationError for everything that running the server would not show
 */
export function readable(
  directory: string,
  config: ApplicationConfig,
): { readonly config: ApplicationConfig; readonly guessedPort: boolean } {
  try {
    readApplication(directory, config);
    return { config, guessedPort: false };
  } catch (error) {
    if (!(error instanceof ApplicationError)) throw error;
    if (!error.problems.every(({ fix }) => /application\.server\.port$/.test(fix))) throw error;
    return { config: { ...config, server: { ...config.server, port: guess } }, guessedPort: true };
  }
}
