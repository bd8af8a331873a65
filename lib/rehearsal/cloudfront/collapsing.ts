import { PassThrough } from 'node:stream';
import type { Answer } from './origins';

/** Longest time that a request waits for another one's answer, in milliseconds. */
const PAUSE = 500;
/** Cache-Control directives that stop CloudFront from sharing an answer, if the minimum TTL is 0. */
const UNSHARED = /\b(private|no-store|no-cache|(max-age|s-maxage)=0)\b/;

/**
 * Simultaneous requests for the same object. CloudFront sends one request to the origin and shares the answer, unless
 * its Cache-Control forbids that.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
 */
export class Collapsing {
  /** Paths whose answer went to several viewers although it had no Cache-Control. */
  readonly shared = new Set<string>();
  private readonly flights = new Map<string, SharedRequest>();

  /**
   * Sends a request to the origin, or waits for the answer to an equal request.
   * @param key cache key of the request; undefined for a request that is never collapsed
   */
  async ask(key: string | undefined, path: string, askOrigin: () => Promise<Answer>): Promise<Answer> {
    if (key === undefined) return askOrigin();
    const flight = this.flights.get(key);
    if (flight) return (await flight.join(path, this.shared)) ?? askOrigin();
    const first = new SharedRequest();
    this.flights.set(key, first);
    try {
      return first.complete(await askOrigin());
    } finally {
      this.flights.delete(key);
      first.distribute();
    }
  }
}

/** One request to the origin, and the requests that wait for its answer. */
class SharedRequest {
  private readonly waiting: ((answer: Answer | undefined) => void)[] = [];
  private answer?: Answer;

  /** Waits for the answer. Returns undefined if the request must go to the origin itself. */
  join(path: string, shared: Set<string>): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, PAUSE, undefined);
      this.waiting.push((answer) => {
        clearTimeout(limit);
        // An error of the load balancer or the server is about no user.
        const isUsers = answer && answer.status < 500;
        if (isUsers && answer.headers['cache-control'] === undefined) shared.add(path);
        resolve(answer);
      });
    });
  }

  complete(answer: Answer): Answer {
    this.answer = answer;
    return answer;
  }

  /** Gives each waiting request the answer, with a body of its own. */
  distribute(): void {
    const { answer } = this;
    const isShared = answer && !UNSHARED.test(String(answer.headers['cache-control'] ?? ''));
    for (const resolve of this.waiting) resolve(isShared ? copyOf(answer) : undefined);
  }
}

function copyOf(answer: Answer): Answer {
  const { body } = answer;
  return {
    ...answer,
    headers: { ...answer.headers },
    body: Buffer.isBuffer(body) ? body : body.pipe(new PassThrough()),
  };
}
