import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs work in a new temporary folder, and removes the folder afterwards.
 * @param name part of the folder's name
 * @param before called before the removal; after an interruption possibly twice
 */
export function inScratchFolder<T>(
  name: string,
  work: (folder: string) => Promise<T>,
  before?: (folder: string) => void,
): Promise<T> {
  // With symbolic links in the path, each file would have two names.
  return removedAfterwards(realpathSync(mkdtempSync(join(tmpdir(), `framework53-${name}-`))), work, before);
}

/**
 * Runs work in a folder, and removes the folder afterwards: after a success, a failure or an interruption.
 * @param before called before the removal; after an interruption possibly twice
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
