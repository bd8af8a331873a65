import { realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';

/** True if a path leads out of a folder, also through symbolic links. */
export function leadsOut(folder: string, path: string): boolean {
  const way = relative(realpathSync(folder), realpathSync(path));
  return way === '..' || /^\.\.[\\/]/.test(way) || isAbsolute(way);
}
