import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder for reproducible files that are kept between runs. It is never in an application. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const usual =
    process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(XDG_CACHE_HOME || LOCALAPPDATA || usual, 'framework53');
}

const making = new Map<string, Promise<string>>();

/**
 * Creates a folder once and keeps it. The folder appears complete or not at all, even if several processes create it
 * at the same time. All users of the machine may read it, unless `make` changes its mode.
 */
export function keptFolder(folder: string, make: (empty: string) => void | Promise<void>): Promise<string> {
  const made = making.get(folder) ?? keep(folder, make).finally(() => making.delete(folder));
  making.set(folder, made);
  return made;
}

async function keep(folder: string, make: (empty: string) => void | Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const empty = mkdtempSync(`${folder}.`);
  try {
    chmodSync(empty, 0o755);
    await make(empty);
    renameSync(empty, folder);
  } catch (error) {
    rmSync(empty, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
