import { setTimeout as wait } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { isTransient } from './refusal';
import { fail, succeed } from './respond';
import { TookTooLong, within } from './within';

/** State of the work, which `onEvent` returns and each poll receives. */
export interface Started {
  readonly PhysicalResourceId: string;
  /** Attributes for `Fn::GetAtt`. */
  readonly Data?: Readonly<Record<string, string>>;
}

interface Progress {
  readonly started?: Started;
  /** Time at which the resource fails, in milliseconds since 1970. */
  readonly deadline: number;
}

interface Polled extends Progress {
  readonly isComplete: boolean;
  /** Error with which the work failed. */
  readonly error?: unknown;
}

/** Event of CloudFormation. `Polling` is present if an earlier invocation of the function has started the work. */
type Event = CloudFormationCustomResourceEvent & { readonly Polling?: Progress };

/** Work of a custom resource that may take longer than the timeout of a Lambda function. */
export interface PolledWork<S extends Started> {
  /** Starts the work. Lambda may deliver an event twice, so a second call must find the work of the first. */
  onEvent(event: never): Promise<S>;
  /** Tells whether the work is complete. Throws if the work has failed. */
  isComplete(event: never): Promise<{ readonly IsComplete: boolean }>;
  /**
   * Stops the work and waits for its end, before the handler reports a failure to CloudFormation. Receives the state
   * of a poll, or the event if the work never started.
   * @default - the work ends by itself
   */
  abandon?(event: never): Promise<void>;
  /** Time between two polls, in milliseconds. */
  readonly intervalMs: number;
}

/**
 * Part of the function's timeout that is reserved for the next invocation. It is longer than one call of `onEvent` or
 * `isComplete`.
 */
const REINVOKE_MS = 180_000;
/** Maximum duration of a call of `onEvent` or `isComplete`, in milliseconds. */
const CALL_MS = 150_000;

const lambda = new LambdaClient({});

/**
 * Returns the Lambda handler of a `PolledResource`. It starts the work and polls until the work is complete. Shortly
 * before the function's timeout, it invokes the function again with the event and the state of the work.
 *
 * CloudFormation gets a response when the work is complete or has failed, or when the resource's total timeout is
 * over. If AWS throttles a call or fails, or cannot be reached, the handler repeats the call.
 */
export function polledResource<S extends Started>(
  work: PolledWork<S>,
): (event: CloudFormationCustomResourceEvent, context: Context) => Promise<void> {
  return async (event: Event, context) => {
    const polled = await poll(work, event, context);
    if (polled.error !== undefined) return fail(event, polled.error);
    const { isComplete, started, deadline } = polled;
    if (isComplete)
      return succeed(event, { physicalResourceId: started?.PhysicalResourceId, data: started?.Data });
    // If this call fails, the invocation fails, and Lambda delivers the event again.
    await lambda.send(
      new InvokeCommand({
        FunctionName: context.invokedFunctionArn,
        InvocationType: 'Event',
        Payload: JSON.stringify({ ...event, Polling: { started, deadline } }),
      }),
    );
  };
}

/** Polls until the work is complete, has failed, or needs another invocation of the function. */
async function poll<S extends Started>(work: PolledWork<S>, event: Event, context: Context): Promise<Polled> {
  const minutes = Number(process.env['TOTAL_TIMEOUT_MINUTES']);
  const deadline = event.Polling?.deadline ?? Date.now() + minutes * 60_000;
  let started = event.Polling?.started;
  const state = () => ({ ...event, ...started, ...(started && { Data: started.Data ?? {} }) }) as never;
  const requireTime = (): void => {
    if (!(minutes > 0))
      throw new Error(
        `TOTAL_TIMEOUT_MINUTES must be a number over 0, got '${process.env['TOTAL_TIMEOUT_MINUTES']}'`,
      );
    if (Date.now() > deadline) throw new Error(`did not finish within ${minutes} minutes`);
  };
  try {
    // Lambda may deliver an event after CloudFormation has given up.
    requireTime();
    for (;;) {
      started ??= await attempt(() => work.onEvent(event as never));
      const progress = started && (await attempt(() => work.isComplete(state())));
      if (progress?.IsComplete) return { isComplete: true, started, deadline };
      requireTime();
      if (context.getRemainingTimeInMillis() < REINVOKE_MS) return { isComplete: false, started, deadline };
      await wait(Number(process.env['POLL_MS'] ?? work.intervalMs));
    }
  } catch (error) {
    await abandon(work, state());
    return { isComplete: false, started, deadline, error };
  }
}

/** Stops work that has failed. Logs its own failure instead of throwing it, which would hide the reason. */
async function abandon<S extends Started>(work: PolledWork<S>, state: never): Promise<void> {
  if (!work.abandon) return;
  try {
    await within(CALL_MS, work.abandon(state));
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', message: `the work may still be running: ${error}` }));
  }
}

/**
 * Returns the result of a call, or undefined if the caller should repeat the call: AWS throttled it, failed or could
 * not be reached.
 */
async function attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await within(CALL_MS, call());
  } catch (error) {
    if (!(error instanceof TookTooLong) && !isTransient(error)) throw error;
    console.warn(JSON.stringify({ level: 'warn', message: `trying again: ${error}` }));
    return undefined;
  }
}
