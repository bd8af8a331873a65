import { EventEmitter } from 'node:events';
import { compressed, pause } from './time';

/** The clock of a rehearsal. Waits are shorter than in AWS, so this clock runs ahead of the machine's clock. */
export class Clock extends EventEmitter<{ skip: [milliseconds: number] }> {
  /** Milliseconds by which this clock is ahead of the machine's clock. */
  ahead = 0;
  private readonly work = new Set<Promise<unknown>>();
  private stopped = false;

  /** @param late returns true while this minute still lacks requests, so that time must not advance */
  constructor(private readonly late: () => boolean = () => false) {
    super();
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return Date.now() + this.ahead;
  }

  /** Moves the clock forward immediately, and emits `skip`. */
  skip(seconds: number): void {
    this.ahead += seconds * 1000;
    this.emit('skip', seconds * 1000);
  }

  /**
   * Waits for a compressed time. Real work is no faster than in AWS, so the wait also lasts until the work in progress
   * at its end is complete.
   */
  async wait(seconds: number): Promise<void> {
    const end = this.now + seconds * 1000;
    await pause(compressed(seconds));
    await Promise.allSettled(this.work);
    while (this.late() && !this.stopped) await pause(50);
    // After the end of the rehearsal, no wait returns.
    if (this.stopped) await new Promise(() => {});
    this.ahead = Math.max(this.ahead, end - Date.now());
  }

  /** Stops the clock: from now on, no wait returns. */
  stop(): void {
    this.stopped = true;
  }

  /** Registers work that takes as long as in AWS. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.work.add(work);
    try {
      return await work;
    } finally {
      this.work.delete(work);
    }
  }
}
