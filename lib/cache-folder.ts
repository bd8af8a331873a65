import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what can be made again is kept between runs: never in an application's own folder. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const usual =
    process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(XDG_CACHE_HOME || LOCALAPPDATA || usual, 'framework53');
}
