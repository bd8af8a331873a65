import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { runtimeBundle } from '../../files/runtime-bundle';
import { type Caller, HandlerError, ServiceError } from '../core/aws-api';
import type { Party } from '../core/network';
import { processEnvironment } from '../core/process-environment';
import type { Stage } from '../core/stage';
import { compressed } from '../core/time';
import { signal } from '../core/workspace';

export interface LambdaFunctionOptions {
  readonly logicalId: string;
  /** Absent for a command of a person. */
  readonly arn?: string;
  /** Name of its stack; absent for a command of a person. */
  readonly stack?: string;
  /** Folder of the bundle. */
  readonly code: string;
  /** File and export, such as `index.handler`. */
  readonly handler: string;
  /** ARN of the execution role. */
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
  /** True for a function in a VPC. */
  readonly isInVpc?: boolean;
}

/** Message of a handler's process. */
interface Answer {
  readonly result?: unknown;
  readonly error?: string;
  /** Name of the error. */
  readonly type?: string;
}

const HOST = runtimeBundle('lambda-host');
/** Seconds that Lambda takes to attach an idle function to its VPC again. */
const ATTACH_SECONDS = 60;

/** A function of AWS Lambda: the bundle of the plan, in a process that takes one event after the other. */
export class LambdaFunction {
  /** The principal of the function's own API calls. */
  readonly caller: Caller;
  private readonly party: Party;
  /** Chunks of the function's output, latest last. */
  readonly lines: string[] = [];
  /** Processes that wait for the next event, by the environment that they were started with. */
  private readonly warm = new Map<string, ChildProcess>();
  private readonly accessKey: string;
  private later: Promise<unknown> = Promise.resolve();
  private state: 'Active' | 'Pending' | 'Inactive' = 'Active';

  constructor(
    readonly options: LambdaFunctionOptions,
    private readonly stage: Stage,
  ) {
    this.party = { name: options.logicalId, stack: options.stack };
    const from = options.isInVpc ? { from: this.party } : {};
    this.caller = { name: options.logicalId, principal: options.role, ...from };
    this.accessKey = stage.api.accessKeyOf(this.caller);
  }

  /** The last line of output that tells of an error, or else the last line. */
  get complaint(): string {
    const lines = this.lines.flatMap((text) => text.split('\n'));
    return (lines.findLast((line) => line.includes('"error"')) ?? lines.at(-1) ?? 'it said nothing').slice(
      0,
      500,
    );
  }

  /** Has weeks pass without an invocation: Lambda takes the network interfaces of a function in a VPC away. */
  idle(): void {
    if (this.options.isInVpc) this.state = 'Inactive';
  }

  /** Invokes the handler for somebody who does not wait, such as the handler itself before its timeout. */
  invokeLater(event: unknown): void {
    this.stage.tell('handed over', this.options.logicalId);
    this.later = Promise.allSettled([this.later, this.invoke(event)]);
  }

  /** Settles when the invocations that nobody waits for have ended. */
  async settled(): Promise<void> {
    for (let seen: unknown; seen !== this.later; await seen) seen = this.later;
  }

  /**
   * Invokes the handler and returns its result. Throws a `HandlerError` when the handler throws, and a `ServiceError`
   * while the function has no network interfaces.
   */
  async invoke(event: unknown): Promise<unknown> {
    this.requireActive();
    const { code, handler, timeout, logicalId, arn } = this.options;
    const { clock, network } = this.stage;
    const environment = this.environment();
    const child = this.warm.get(environment) ?? this.start(environment);
    this.warm.delete(environment);
    const addresses = network.sitesFor(this.party);
    child.send({ code, handler, event, arn, timeout: timeout * 1000, ahead: clock.ahead, addresses });
    // Time goes on for a handler that runs, too.
    const skip = (milliseconds: number) => child.connected && child.send({ skip: milliseconds });
    clock.on('skip', skip);
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
    clock.off('skip', skip);
    if (child.connected) this.warm.set(environment, child);
    if (answer.error !== undefined) throw new HandlerError(answer.type ?? 'Error', answer.error);
    return answer.result;
  }

  /** The invocation of an inactive function fails, and has Lambda attach the function to its VPC. */
  private requireActive(): void {
    const { state, options, stage } = this;
    if (state === 'Active') return;
    if (state === 'Pending')
      throw new ServiceError('ResourceConflictException', `${options.logicalId} is Pending`, 409);
    this.state = 'Pending';
    stage.tell('function was idle', options.logicalId);
    setTimeout(() => {
      this.state = 'Active';
    }, compressed(ATTACH_SECONDS)).unref();
    throw new ServiceError(
      'ResourceNotReadyException',
      `${options.logicalId} is inactive and its VPC connection is no longer available`,
      502,
    );
  }

  /** Environment variables of a process, as JSON. */
  private environment(): string {
    return JSON.stringify({
      ...processEnvironment(this.stage, this.party, { tell: 5, guard: 4 }),
      AWS_ENDPOINT_URL: 'http://api.aws.rehearsal',
      AWS_ACCESS_KEY_ID: this.accessKey,
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
      // Pauses of the handlers that let them be set: all waiting goes by faster here.
      PAUSE_MS: '100',
      POLL_MS: '100',
      ...this.options.environment,
    });
  }

  private start(environment: string): ChildProcess {
    const child = this.stage.workspace.start(process.execPath, [HOST], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'],
      env: JSON.parse(environment),
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => this.lines.push(String(chunk).trim()));
    this.stage.network.hear(this.party, (child.stdio as readonly unknown[])[5] as Readable);
    return child;
  }
}
