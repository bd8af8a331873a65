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
  /** Absent for a command that a person runs. */
  readonly arn?: string;
  /** Name of its stack; absent for a command that a person runs. */
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

/** A message from a handler's process. */
interface Answer {
  readonly result?: unknown;
  readonly error?: string;
  /** Name of the error. */
  readonly type?: string;
}

const HOST = runtimeBundle('lambda-host');
/** Seconds that Lambda needs to reconnect an idle function to its VPC. */
const ATTACH_SECONDS = 60;

/** A Lambda function: runs the bundle of the plan in processes. Each process handles one event at a time. */
export class LambdaFunction {
  /** The principal of the function's API calls. */
  readonly caller: Caller;
  private readonly party: Party;
  /** The function's output, the latest last. */
  readonly lines: string[] = [];
  /** Idle processes, by the environment of their start. */
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

  /** Returns the last line of output with an error, or else the last line. */
  get complaint(): string {
    const lines = this.lines.flatMap((text) => text.split('\n'));
    return (lines.findLast((line) => line.includes('"error"')) ?? lines.at(-1) ?? 'it printed nothing').slice(
      0,
      500,
    );
  }

  /** Simulates weeks without an invocation: Lambda reclaims the network interfaces of a function in a VPC. */
  idle(): void {
    if (this.options.isInVpc) this.state = 'Inactive';
  }

  /** Invokes the handler asynchronously, as a handler does for itself before its timeout. */
  invokeLater(event: unknown): void {
    this.stage.announce('handed over', this.options.logicalId);
    this.later = Promise.allSettled([this.later, this.invoke(event)]);
  }

  /** Settles when the asynchronous invocations have ended. */
  async settled(): Promise<void> {
    for (let seen: unknown; seen !== this.later; await seen) seen = this.later;
  }

  /**
   * Invokes the handler and returns its result. Throws a `HandlerError` if the handler throws, and a `ServiceError`
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
    // Time also advances for a running handler.
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

  /** Fails the invocation of an inactive function, and lets Lambda reconnect the function to its VPC. */
  private requireActive(): void {
    const { state, options, stage } = this;
    if (state === 'Active') return;
    if (state === 'Pending')
      throw new ServiceError('ResourceConflictException', `${options.logicalId} is Pending`, 409);
    this.state = 'Pending';
    stage.announce('function was idle', options.logicalId);
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
      // Shorten the configurable pauses of the handlers, because waiting times are compressed.
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
    this.stage.network.readMessages(this.party, (child.stdio as readonly unknown[])[5] as Readable);
    return child;
  }
}
