import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';

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

/**
 * Returns the first file in a folder that is a pipe, a device or a link out of all given folders. A link without a
 * target has nothing to read.
 */
export function foreignFile(path: string, folders: readonly string[]): string | undefined {
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (lstatSync(next).isSymbolicLink()) {
      if (!existsSync(next)) continue;
      if (folders.every((folder) => leadsOut(folder, next!))) return next;
    }
    const found = statSync(next);
    if (!found.isFile() && !found.isDirectory()) return next;
    // A link to a folder within the folders leads to files that are looked at there, or that nothing reads.
    if (found.isDirectory() && (next === path || !lstatSync(next).isSymbolicLink()))
      waiting.push(...readdirSync(next).map((name) => join(next!, name)));
  }
  return undefined;
}

/** Returns true for a folder and for everything below it. Both paths are normalised, with slashes. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isOutside(way: string): boolean {
  return way.split(/[\\/]/)[0] === '..' || isAbsolute(way);
}
