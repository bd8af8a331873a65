/** Compression of waiting times: a minute of a metric, a bake time or a delay takes a second. */
export const SPEED = 60;

/** Converts seconds in AWS to milliseconds in the rehearsal. */
export const compressed = (seconds: number): number => Math.ceil((seconds * 1000) / SPEED);

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until `promise` settles, or for at most `milliseconds`. Leaves no timer that keeps the process alive. */
export async function settled(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise, patience]).finally(() => clearTimeout(timer));
}

/** Waits until `check` returns true, or for at most `milliseconds`. Returns false if it never did. */
export async function until(check: () => boolean, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!check()) {
    if (Date.now() > end) return false;
    await pause(20);
  }
  return true;
}
