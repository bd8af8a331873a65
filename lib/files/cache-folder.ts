import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where what can be made again is kept between runs: never in an application's own folder. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const usual =
    process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(XDG_CACHE_HOME || LOCALAPPDATA || usual, 'framework53');
}

const making = new Map<string, Promise<string>>();

/**
 * A folder that is made once and then kept, whole or not at all, whoever else makes it meanwhile.
 * Others may read it, unless `make` says otherwise.
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
    // Another process was quicker.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
