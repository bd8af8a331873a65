import { setTimeout as wait } from 'node:timers/promises';

/** Error of work that exceeded its time limit. */
export class TookTooLong extends Error {}

/** Returns the result of `work`. Throws `TookTooLong` if the result takes longer than `milliseconds`. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const limit = wait(Math.max(milliseconds, 0), undefined, settled).then((): never => {
    throw new TookTooLong(`took longer than ${milliseconds / 1000} s`);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    limit.catch(() => undefined);
    settled.abort();
  }
}
