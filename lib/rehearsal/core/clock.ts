import { compressed, pause } from './time';

/** The time of a rehearsal: this machine's, and what was waited for in less than it takes. */
export class Clock {
  /** Milliseconds by which it is ahead of this machine's. */
  ahead = 0;
  private readonly work = new Set<Promise<unknown>>();
  private stopped = false;

  /** @param late whether what happens meanwhile is late, so that time has to wait for it */
  constructor(private readonly late: () => boolean = () => false) {}

  /** Milliseconds since 1970. */
  get now(): number {
    return Date.now() + this.ahead;
  }

  /** Lets time pass at once. */
  skip(seconds: number): void {
    this.ahead += seconds * 1000;
  }

  /**
   * Waits as long as it takes here. Work does not get done faster because waiting does: a wait is not over
   * before what was under way when it should have been.
   */
  async wait(seconds: number): Promise<void> {
    const end = this.now + seconds * 1000;
    await pause(compressed(seconds));
    await Promise.allSettled(this.work);
    while (this.late() && !this.stopped) await pause(50);
    // Nobody goes on when all is over.
    if (this.stopped) await new Promise(() => {});
    this.ahead = Math.max(this.ahead, end - Date.now());
  }

  /** Ends every wait without an end. */
  stop(): void {
    this.stopped = true;
  }

  /** Something that takes as long here as anywhere. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.work.add(work);
    try {
      return await work;
    } finally {
      this.work.delete(work);
    }
  }
}
