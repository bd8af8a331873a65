import { type Stats, statSync } from 'node:fs';

/** True if the path is a file, and not a folder. */
export function isFile(path: string): boolean {
  return statusOf(path)?.isFile() ?? false;
}

/** True if the path is a folder. */
export function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() ?? false;
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A part of the path is a file.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
