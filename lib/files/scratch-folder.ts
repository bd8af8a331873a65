import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Works in a temporary folder that is gone afterwards: when all went well, when something failed, and when
 * somebody interrupts.
 *
 * @param work is given the folder
 * @param before called before the folder is removed, once or twice
 */
export async function inScratchFolder<T>(
  name: string,
  work: (folder: string) => Promise<T>,
  before: (folder: string) => void = () => {},
): Promise<T> {
  // Without symbolic links in its path, or the same file has two names.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `framework53-${name}-`)));
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
