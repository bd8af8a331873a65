import { setTimeout as wait } from 'node:timers/promises';

/** Returns what `work` resolves to; throws if that takes longer than `milliseconds`. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const limit = wait(Math.max(milliseconds, 0), undefined, settled).then((): never => {
    throw new Error(`took longer than ${milliseconds / 1000} s`);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    limit.catch(() => undefined);
    settled.abort();
  }
}
