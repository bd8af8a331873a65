import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Works in a new folder of the system's temporary folder, and removes the new folder afterwards.
 *
 * @param name appears in the name of the folder
 * @param before is called before the folder is removed, once or twice
 */
export function inScratchFolder<T>(
  name: string,
  work: (folder: string) => Promise<T>,
  before?: (folder: string) => void,
): Promise<T> {
  // A path with symbolic links would give each file two names.
  return removedAfterwards(realpathSync(mkdtempSync(join(tmpdir(), `framework53-${name}-`))), work, before);
}

/**
 * Works in a folder, and removes the folder afterwards: on success, on failure and when somebody interrupts.
 *
 * @param before is called before the folder is removed, once or twice
 */
export async function removedAfterwards<T>(
  folder: string,
  work: (folder: string) => Promise<T>,
  before: (folder: string) => void = () => {},
): Promise<T> {
  const remove = (): void => {
    before(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const end = (signal: NodeJS.Signals): void => process.exit(128 + constants.signals[signal]);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  process.once('exit', remove);
  for (const signal of signals) process.once(signal, end);
  try {
    return await work(folder);
  } finally {
    remove();
    process.off('exit', remove);
    for (const signal of signals) process.off(signal, end);
  }
}
