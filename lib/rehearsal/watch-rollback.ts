import type { EmulatedAccount } from './emulated-account';

/**
 * Watches the rollback of a stack. Returns a function that describes the moment in which users had the new client with
 * the former server; the function returns undefined if there was none.
 */
export function watchRollback({
  stage: { milestones },
  cloudFront,
}: EmulatedAccount): () => string | undefined {
  const pointers = () => JSON.stringify([...cloudFront.keyValueStores.values()].map((store) => [...store]));
  const before = pointers();
  let problem: string | undefined;
  const check = (share: string): void => {
    if (pointers() !== before)
      problem ??= `users had the new client with the former server: ${share} of the traffic moved back before the pointer did`;
  };
  milestones.once('stack rolls back', () => milestones.once('production traffic moved', check));
  return () => problem;
}
