import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ParameterStore, StoredVersion } from './parameter-store';
import { DeliveryError, RefusedError } from './refused';

/** Time after which a lock expires if it is not renewed. */
const LEASE_MS = 10 * 60_000;
const RENEW_MS = 2 * 60_000;

const entrySchema = z.object({
  formatVersion: z.literal(1),
  holder: z.string(),
  plan: z.string(),
  author: z.string(),
  approvers: z.array(z.string()),
  released: z.boolean(),
});

/** A version of the lock's parameter. The release record reads it, to name plan, author and approvers. */
export type LockEntry = z.infer<typeof entrySchema>;

/** The holder at a moment. */
export interface Holder {
  readonly entry: LockEntry;
  readonly until: Date;
  /** Session that holds the lock. */
  readonly writer: string;
}

/**
 * Returns the holder from the versions of a parameter. The store numbers and dates the versions, so every reader finds
 * the same holder. A version acquires the lock if it is free at the version's time; a version of the holder renews or
 * releases it. Other versions change nothing.
 */
export function holderOf(history: readonly StoredVersion[], at: Date): Holder | undefined {
  let held: Holder | undefined;
  for (const { value, at: time, writer } of history) {
    const entry = parse(value);
    if (!entry) continue;
    const free = held === undefined || held.until <= time;
    if (!free && held?.entry.holder !== entry.holder) continue;
    held = entry.released ? undefined : { entry, until: new Date(time.getTime() + LEASE_MS), writer };
  }
  return held && held.until > at ? held : undefined;
}

/**
 * The lock that allows one deployment at a time. It expires ten minutes after the last renewal, even if its holder
 * crashes.
 */
export class DeploymentLock {
  private readonly entry: LockEntry;
  private timer?: NodeJS.Timeout;
  private lost?: Error;

  constructor(
    private readonly store: ParameterStore,
    private readonly name: string,
    deployment: Pick<LockEntry, 'plan' | 'author' | 'approvers'>,
    private readonly renewMs = RENEW_MS,
  ) {
    this.entry = { formatVersion: 1, holder: randomUUID(), released: false, ...deployment };
  }

  /** @throws RefusedError while another deployment holds the lock */
  async acquire(now: () => Date): Promise<void> {
    const before = holderOf(await this.store.history(this.name), now());
    if (before) throw inFlight(before);
    await this.take(now);
    this.timer = setInterval(() => {
      this.take(now).catch((error: Error) => {
        this.lost = error;
      });
    }, this.renewMs);
    this.timer.unref();
  }

  /** @throws DeliveryError after the lock could not be renewed */
  check(): void {
    if (this.lost) throw new DeliveryError(`the deployment lost its lock: ${this.lost.message}`);
  }

  /** Releases the lock. If that fails, the lock expires. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.store.write(this.name, { ...this.entry, released: true }, 'free').catch(() => undefined);
  }

  /** Writes a version, and reads if it acquired or renewed the lock. */
  private async take(now: () => Date): Promise<void> {
    const { plan } = this.entry;
    const version = await this.store.write(this.name, this.entry, `held for plan ${plan.slice(0, 16)}`);
    const history = await this.store.historyWith(this.name, version);
    const holder = holderOf(history, now());
    if (holder && holder.entry.holder !== this.entry.holder) throw inFlight(holder);
    this.lost = undefined;
  }
}

/** Returns the parsed lock, or undefined for other contents. */
export function parse(value: string): LockEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(value));
  } catch {
    return undefined;
  }
}

function inFlight({ entry, until, writer }: Holder): RefusedError {
  return new RefusedError('another deployment is in progress', [
    `plan ${entry.plan.slice(0, 16)} is being deployed by ${writer}; the lock expires at ${until.toISOString()}, or when that deployment ends`,
  ]);
}
