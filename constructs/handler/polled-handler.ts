import { setTimeout as wait } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { isPassing } from './refusal';
import { fail, succeed } from './respond';
import { TookTooLong, within } from './within';

/** The state that the start of the work hands to each poll. */
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
  /** Reason of a failure. */
  readonly error?: unknown;
}

/** An event of CloudFormation, which an earlier invocation of the function may have handed on. */
type Event = CloudFormationCustomResourceEvent & { readonly Polling?: Progress };

/** A custom resource whose work may outlast a Lambda function. */
export interface PolledWork<S extends Started> {
  /** Starts the work. Lambda may deliver an event twice, so a second start must find the work of the first. */
  onEvent(event: never): Promise<S>;
  /** Tells if the work is complete; throws when it failed. */
  isComplete(event: never): Promise<{ readonly IsComplete: boolean }>;
  /**
   * Ends the work and waits for its end, before CloudFormation hears of a failure. Gets the state of a poll, or the event
   * if the work never started.
   * @default - the work ends by itself
   */
  abandon?(event: never): Promise<void>;
  /** Time between two polls, in milliseconds. */
  readonly intervalMs: number;
}

/** Time kept of the function's timeout to hand the event on; longer than one call of `onEvent` or `isComplete`. */
const HAND_ON_MS = 180_000;
/** Longest call of `onEvent` or `isComplete`. */
const CALL_MS = 150_000;

const lambda = new LambdaClient({});

/**
 * Returns the Lambda handler of a `PolledResource`. It starts the work and polls until the work is complete. Shortly
 * before the function's timeout it invokes the function again, with the event and the state of the work.
 *
 * CloudFormation has an answer when the work is complete, when it fails, and after the resource's total timeout.
 * If an AWS API throttles, fails or cannot be reached, the call is repeated.
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
    // If this call fails, the invocation fails, and Lambda delivers its event again.
    await lambda.send(
      new InvokeCommand({
        FunctionName: context.invokedFunctionArn,
        InvocationType: 'Event',
        Payload: JSON.stringify({ ...event, Polling: { started, deadline } }),
      }),
    );
  };
}

/** Polls until the work is complete or has failed, or the function has to hand the event on. */
async function poll<S extends Started>(work: PolledWork<S>, event: Event, context: Context): Promise<Polled> {
  const minutes = Number(process.env['TOTAL_TIMEOUT_MINUTES']);
  const deadline = event.Polling?.deadline ?? Date.now() + minutes * 60_000;
  let started = event.Polling?.started;
  const state = () => ({ ...event, ...started, ...(started && { Data: started.Data ?? {} }) }) as never;
  const requireTime = (): void => {
    if (Date.now() > deadline) throw new Error(`did not finish within ${minutes} minutes`);
  };
  try {
    // Lambda may deliver an event when CloudFormation has long given up.
    requireTime();
    for (;;) {
      started ??= await attempt(() => work.onEvent(event as never));
      const progress = started && (await attempt(() => work.isComplete(state())));
      if (progress?.IsComplete) return { isComplete: true, started, deadline };
      requireTime();
      if (context.getRemainingTimeInMillis() < HAND_ON_MS) return { isComplete: false, started, deadline };
      await wait(Number(process.env['POLL_MS'] ?? work.intervalMs));
    }
  } catch (error) {
    await abandon(work, state());
    return { isComplete: false, started, deadline, error };
  }
}

/** Ends work that has failed. A failure to do so is logged: it must not hide the reason. */
async function abandon<S extends Started>(work: PolledWork<S>, state: never): Promise<void> {
  if (!work.abandon) return;
  try {
    await within(CALL_MS, work.abandon(state));
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', message: `the work may go on: ${error}` }));
  }
}

/** The result of a call; undefined if AWS throttled, failed or was out of reach, and the call should be repeated. */
async function attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await within(CALL_MS, call());
  } catch (error) {
    if (!(error instanceof TookTooLong) && !isPassing(error)) throw error;
    console.warn(JSON.stringify({ level: 'warn', message: `asking again: ${error}` }));
    return undefined;
  }
}
