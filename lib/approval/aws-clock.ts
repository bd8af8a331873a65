import { performance } from 'node:perf_hooks';

/** A client of the AWS SDK, as far as its answers are looked at. */
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
 * The time as AWS's own answers say it. The clock of this machine, which whoever runs a command can set, decides
 * neither whether an approval has expired nor whether a freeze window is open.
 */
export class AwsClock {
  private seen?: { readonly time: number; readonly at: number };

  /** Reads the `Date` header of each answer that a client gets. */
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
    if (!this.seen) throw new Error('AWS has not told the time yet: no answer came');
    return new Date(this.seen.time + performance.now() - this.seen.at);
  }
}
