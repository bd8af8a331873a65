import { Agent, get } from 'node:http';
import { VIEWER } from './cloudfront/forwarding';
import { runningTime } from './core/running-time';

/** Number of requests in one step. */
export interface Tally {
  made: number;
  failed: number;
}

/**
 * Milliseconds between two requests. The small share of a canary release must still get enough requests for an alarm
 * in a metric minute, which lasts a second.
 */
const EVERY = 16;
const EVERY_IN_SHARES = 4;
/** Requests to the server that a metric minute waits for on a slow machine. */
const QUOTA = 30;
const QUOTA_IN_SHARES = 180;
/** Number of users, each with an address of its own. */
const USERS = 250;
/** Milliseconds until a request counts as failed. */
const PATIENCE = 10_000;

/** A small constant load that stands for users. Counts requests and failures for each step. */
export class Load {
  readonly steps = new Map<string, Tally>();
  /** Numbers of failures, by their description. */
  readonly failures = new Map<string, number>();
  /** Milliseconds of the requests that were answered without an error, by path. */
  readonly durations = new Map<string, number[]>();
  /** Number of requests that the application's rate limit refused with 429, which is not a failure of a release. */
  limited = 0;
  step = '';
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 200 });
  private readonly pending = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private next = 0;

  /**
   * @param paths requested in turn
   * @param inShares true if a release gets its traffic in steps
   */
  constructor(
    private readonly url: string,
    private readonly paths: readonly string[],
    private readonly inShares: boolean,
  ) {}

  /** Fewest requests to the server in a metric minute. */
  get quota(): number {
    return this.inShares ? QUOTA_IN_SHARES : QUOTA;
  }

  start(): void {
    this.timer = setInterval(
      () => {
        const path = this.paths[this.next++ % this.paths.length]!;
        const request = this.request(path, this.tally());
        this.pending.add(request);
        void request.finally(() => this.pending.delete(request));
      },
      this.inShares ? EVERY_IN_SHARES : EVERY,
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
    this.agent.destroy();
  }

  get total(): Tally {
    const all = [...this.steps.values()];
    const sum = (of: (tally: Tally) => number) => all.reduce((total, tally) => total + of(tally), 0);
    return { made: sum(({ made }) => made), failed: sum(({ failed }) => failed) };
  }

  /** Describes the failures in the steps whose name begins with a text. Returns undefined without failures. */
  failedDuring(name: string): string | undefined {
    const of = [...this.steps].filter(([step]) => step.startsWith(name));
    const failed = of.reduce((sum, [, { failed }]) => sum + failed, 0);
    if (failed === 0) return undefined;
    const [words] = [...this.failures.keys()].filter((text) => text.includes(`, during ${name}`));
    return `${failed} ${failed === 1 ? 'request' : 'requests'} failed (${words})`;
  }

  private tally(): Tally {
    const tally = this.steps.get(this.step) ?? { made: 0, failed: 0 };
    this.steps.set(this.step, tally);
    return tally;
  }

  private request(path: string, tally: Tally): Promise<void> {
    tally.made++;
    const failed = (why: string): void => {
      tally.failed++;
      const words = `${path}: ${why}, during ${this.step}`;
      this.failures.set(words, (this.failures.get(words) ?? 0) + 1);
    };
    const begun = runningTime();
    const answered = (): void => {
      const times = this.durations.get(path) ?? [];
      this.durations.set(path, times);
      times.push(runningTime() - begun);
    };
    return new Promise((resolve) => {
      const viewer = `198.51.100.${1 + (this.next % USERS)}`;
      const headers = { accept: '*/*', 'sec-fetch-mode': 'navigate', [VIEWER]: viewer };
      const asked = get(`${this.url}${path}`, { agent: this.agent, headers, timeout: PATIENCE }, (answer) => {
        if (answer.statusCode === 429) this.limited++;
        else if (answer.statusCode! >= 400) failed(`status ${answer.statusCode}`);
        else answer.on('end', answered);
        answer.resume().on('close', resolve);
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer')));
      asked.on('error', (error) => {
        failed(error.message);
        resolve();
      });
    });
  }
}
