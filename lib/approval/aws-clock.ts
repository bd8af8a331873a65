import { performance } from 'node:perf_hooks';

/** The part of an AWS SDK client that the clock uses. */
interface ClientWithAnswers {
  readonly middlewareStack: {
    add(
      // biome-ignore lint/suspicious/noExplicitAny: every client has types of its own for the same stack
      middleware: (next: any, context: any) => (args: any) => Promise<any>,
      options: { readonly step: 'deserialize'; readonly name: string; readonly override: boolean },
    ): void;
  };
}

/**
 * The time in the answers of AWS. The clock of this machine, which its user can set, decides neither about expired
 * approvals nor about freeze windows.
 */
export class AwsClock {
  private seen?: { readonly time: number; readonly at: number };

  /** Reads the `Date` header of each answer to a client. */
  watch<T extends ClientWithAnswers>(client: T): T {
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { response } = result as { response?: { headers?: Record<string, string> } };
        const time = Date.parse(response?.headers?.['date'] ?? '');
        if (!Number.isNaN(time)) this.seen = { time, at: performance.now() };
        return result;
      },
      { step: 'deserialize', name: 'awsClock', override: true },
    );
    return client;
  }

  /** @throws Error before the first answer */
  now(): Date {
    if (!this.seen) throw new Error('the time of AWS is unknown, because no answer has arrived');
    return new Date(this.seen.time + performance.now() - this.seen.at);
  }
}
