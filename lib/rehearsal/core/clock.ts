import { EventEmitter } from 'node:events';
import { compressed, pause } from './time';

/** The clock of a rehearsal. Waits are shorter than in AWS, so the clock runs ahead of this machine's. */
export class Clock extends EventEmitter<{ skip: [milliseconds: number] }> {
  /** Milliseconds by which the clock is ahead of this machine's. */
  ahead = 0;
  private readonly work = new Set<Promise<unknown>>();
  private stopped = false;

  /** @param late tells if requests of this minute are still missing, so that time must not go on */
  constructor(private readonly late: () => boolean = () => false) {
    super();
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return Date.now() + this.ahead;
  }

  /** Moves the clock forward at once, and emits `skip`. */
  skip(seconds: number): void {
    this.ahead += seconds * 1000;
    this.emit('skip', seconds * 1000);
  }

  /**
   * Waits for a time that is compressed here. Work is not faster here than in AWS, so the wait also lasts until the
   * work that is under way at its end is done.
   */
  async wait(seconds: number): Promise<void> {
    const end = this.now + seconds * 1000;
    await pause(compressed(seconds));
    await Promise.allSettled(this.work);
    while (this.late() && !this.stopped) await pause(50);
    // After the end of the rehearsal no wait ends.
    if (this.stopped) await new Promise(() => {});
    this.ahead = Math.max(this.ahead, end - Date.now());
  }

  /** Stops the clock: waits never end from now on. */
  stop(): void {
    this.stopped = true;
  }

  /** Registers work that takes as long here as in AWS. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.work.add(work);
    try {
      return await work;
    } finally {
      this.work.delete(work);
    }
  }
}
