import { once } from 'node:events';
import { join } from 'node:path';
import type { Cloud } from './cloud';
import { EDGE_DOMAIN } from './edge';
import { processEnvironment } from './task';
import { signal } from './workspace';

export interface LambdaOptions {
  readonly logicalId: string;
  /** Folder of its bundle. */
  readonly code: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
}

const HOST = join(__dirname, '..', '..', 'bundles', 'lambda-host', 'index.mjs');

/** A function of AWS Lambda: its very bundle, in a process of its own for each event. */
export class Lambda {
  /** What it wrote, most recent last. */
  readonly lines: string[] = [];

  constructor(
    readonly options: LambdaOptions,
    private readonly cloud: Cloud,
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
    const { code, handler, environment, timeout, logicalId } = this.options;
    const { workspace, names, region, ahead, edge } = this.cloud;
    const child = workspace.start(process.execPath, [HOST], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      env: {
        ...processEnvironment({ workspace, names, region }, { guard: 4 }),
        AWS_ENDPOINT_URL: 'http://api.aws.rehearsal',
        AWS_ACCESS_KEY_ID: 'rehearsal',
        AWS_SECRET_ACCESS_KEY: 'rehearsal',
        // The pauses of handlers that let them be set, as everything that waits goes by faster.
        PAUSE_MS: '100',
        POLL_MS: '100',
        ...environment,
      },
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => this.lines.push(String(chunk).trim()));
    const addresses = edge ? { [`https://${EDGE_DOMAIN}/`]: `${edge.url}/` } : {};
    child.send({ code, handler, event, timeout: timeout * 1000, ahead, addresses });
    const limit = setTimeout(() => signal(child, 'SIGKILL'), timeout * 1000);
    const answer = await Promise.race([
      once(child, 'message').then(([message]) => message as { result?: unknown; error?: string }),
      once(child, 'disconnect').then(() => ({
        error: `${logicalId} ended without a result within ${timeout} s`,
      })),
    ]);
    clearTimeout(limit);
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }
}
