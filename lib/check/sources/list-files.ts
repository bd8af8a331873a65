import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the application. */
export interface ListedFile {
  /** Path relative to the application, with forward slashes. */
  readonly file: string;
  /** Size in bytes. */
  readonly size: number;
}

const notSources = new Set(['node_modules', 'dist', 'build', 'coverage', 'cdk.out', 'vendor']);
/** Folders with hand-written files whose name begins with a dot. */
const hiddenSources = new Set(['.github', '.storybook']);
/** Most files that are listed. A folder with more is not an application, or contains data. */
const mostFiles = 50_000;

/**
 * Lists the application's own files, sorted. Does not follow links, because a target in the folder is listed at its
 * own path.
 */
export function listFiles(directory: string): ListedFile[] {
  const files: ListedFile[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(join(directory, folder))) {
      if (files.length >= mostFiles) break;
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (isSource(entry.name)) folders.push(file);
      } else if (entry.isFile()) {
        const size = statSync(join(directory, file), { throwIfNoEntry: false })?.size;
        if (size !== undefined) files.push({ file, size });
      }
    }
  }
  return files.sort((a, b) => (a.file < b.file ? -1 : 1));
}

function isSource(name: string): boolean {
  // Also `server_dist`.
  return (
    !notSources.has(name) && !/[-_]dist$/.test(name) && (!name.startsWith('.') || hiddenSources.has(name))
  );
}

/** Returns the entries of a folder; none for an unreadable folder. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
