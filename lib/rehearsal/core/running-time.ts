/** Milliseconds between two looks at the time. */
const EVERY = 20;
/** A longer gap between two looks means that this process could not run. */
const LONGEST = 50;

/** The functions of Node.js, which tests may replace for other parts of a rehearsal. */
const timer = setInterval;
const now = performance.now.bind(performance);

let counted = 0;
let looked: number | undefined;

/**
 * Returns the milliseconds in which this process could run. Response times on this clock leave out the time in which
 * other work kept the rehearsal from reading an answer, so a busy machine makes no server slow.
 */
export function runningTime(): number {
  if (looked === undefined) {
    looked = now();
    timer(() => {
      counted = runningTime();
      looked = now();
    }, EVERY).unref();
  }
  return counted + Math.min(now() - looked, LONGEST);
}
