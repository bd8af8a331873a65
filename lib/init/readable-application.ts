import type { ApplicationConfig } from '../application/application-config';
import { ApplicationError } from '../application/application-error';
import { readApplication } from '../application/read-application';

/** Port for a server whose code names none. The running server shows the real port. */
const guess = 8080;

/**
 * Returns a configuration with which `init` can read an application. If the code shows no port, the configuration
 * contains a guess, which the running server corrects.
 * @throws ApplicationError for every other problem, because running the server would not solve it
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
    if (!error.problems.every(({ isUnknownPort }) => isUnknownPort)) throw error;
    return { config: { ...config, server: { ...config.server, port: guess } }, guessedPort: true };
  }
}
