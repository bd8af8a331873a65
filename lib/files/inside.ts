import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';

/** Returns a path within a folder, or undefined if it leads out of the folder. Links are not followed. */
export function pathInside(folder: string, path: string): string | undefined {
  if (path.includes('\0')) return undefined;
  const file = resolve(folder, path);
  return isOutside(relative(resolve(folder), file)) ? undefined : file;
}

/** Returns true if a path that exists leads out of a folder, also through symbolic links. */
export function leadsOut(folder: string, path: string): boolean {
  return existsSync(path) && isOutside(relative(realpathSync(folder), realpathSync(path)));
}

/** Returns true for a folder and for everything below it. Both paths are normalised, with slashes. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isOutside(way: string): boolean {
  return way.split(/[\\/]/)[0] === '..' || isAbsolute(way);
}
