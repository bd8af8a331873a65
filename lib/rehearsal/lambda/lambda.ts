import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { runtimeBundle } from '../../files/runtime-bundle';
import { EDGE_DOMAIN } from '../cloudfront/distribution';
import { signal } from '../core/workspace';
import { processEnvironment } from '../ecs/task';
import type { EmulatedAccount } from '../emulated-account';

export interface LambdaOptions {
  readonly logicalId: string;
  /** Folder of its bundle. */
  readonly code: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
}

/** What a handler's process answers. */
interface Answer {
  readonly result?: unknown;
  readonly error?: string;
  /** Name of the error. */
  readonly type?: string;
}

/** What a handler threw. */
export class HandlerError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

const HOST = runtimeBundle('lambda-host');

/** A function of AWS Lambda: its very bundle, in a process that takes one event after the other. */
export class Lambda {
  /** What it wrote, most recent last. */
  readonly lines: string[] = [];
  /** A process that waits for the next event, by what it was started with. */
  private readonly warm = new Map<string, ChildProcess>();

  constructor(
    readonly options: LambdaOptions,
    private readonly cloud: EmulatedAccount,
  ) {}

  /** What it said last about what is wrong. */
  get complaint(): string {
    const lines = this.lines.flatMap((text) => text.split('\n'));
    return (lines.findLast((line) => line.includes('"error"')) ?? lines.at(-1) ?? 'it said nothing').slice(
      0,
      500,
    );
  }

  /** What the handler returns. Throws what it throws. */
  async invoke(event: unknown): Promise<unknown> {
    const { code, handler, timeout, logicalId } = this.options;
    const { clock, edge } = this.cloud;
    const surroundings = this.surroundings();
    const child = this.warm.get(surroundings) ?? this.start(surroundings);
    this.warm.delete(surroundings);
    const addresses = edge ? { [`https://${EDGE_DOMAIN}/`]: `${edge.url}/` } : {};
    child.send({ code, handler, event, timeout: timeout * 1000, ahead: clock.ahead, addresses });
    const limit = setTimeout(() => signal(child, 'SIGKILL'), timeout * 1000);
    const settled = new AbortController();
    const answer = await Promise.race([
      once(child, 'message', settled).then(([message]) => message as Answer),
      once(child, 'disconnect', settled).then(
        (): Answer => ({
          type: 'Sandbox.Timedout',
          error: `${logicalId} ended without a result within ${timeout} s`,
        }),
      ),
    ]);
    settled.abort();
    clearTimeout(limit);
    if (child.connected) this.warm.set(surroundings, child);
    if (answer.error !== undefined) throw new HandlerError(answer.type ?? 'Error', answer.error);
    return answer.result;
  }

  /** What a process is started with, and keeps: its environment. */
  private surroundings(): string {
    const { workspace, names, region } = this.cloud;
    return JSON.stringify({
      ...processEnvironment({ workspace, names, region }, { guard: 4 }),
      AWS_ENDPOINT_URL: 'http://api.aws.rehearsal',
      AWS_ACCESS_KEY_ID: 'rehearsal',
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
      // The pauses of handlers that let them be set, as everything that waits goes by faster.
      PAUSE_MS: '100',
      POLL_MS: '100',
      ...this.options.environment,
    });
  }

  private start(surroundings: string): ChildProcess {
    const child = this.cloud.workspace.start(process.execPath, [HOST], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      env: JSON.parse(surroundings),
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => this.lines.push(String(chunk).trim()));
    return child;
  }
}
