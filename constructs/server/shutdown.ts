import { Duration } from 'aws-cdk-lib';

/** Times with which a task shuts down without failing a request. */
export interface ShutdownOptions {
  /**
   * Time that CloudFront waits for a response: 1 to 59 seconds, less than the idle timeout of the load balancer.
   * @default Duration.seconds(30)
   */
  readonly requestTimeout?: Duration;
  /**
   * Time between the end of new requests to a task and its SIGTERM; at least `requestTimeout`.
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;
  /**
   * Time that the server has after SIGTERM to finish its requests. The container gets this time in milliseconds in the
   * variable `SHUTDOWN_TIMEOUT_MS`.
   * @default - two thirds of `stopTimeout`
   */
  readonly drain?: Duration;
  /**
   * Time between SIGTERM and SIGKILL: at least 5 seconds more than `drain`, at most 120 seconds.
   * @default Duration.seconds(30)
   */
  readonly stopTimeout?: Duration;
}

/** Shutdown options with their defaults. */
export type ShutdownTimes = Required<ShutdownOptions>;

/** Longest stop timeout of Fargate, in seconds. */
const MAX_STOP_SECONDS = 120;
/** Seconds that the server needs after the last request to close the database pool and exit. */
const EXIT_SECONDS = 5;

/** Fills in the defaults. */
export function shutdownTimes(options: ShutdownOptions = {}): ShutdownTimes {
  const stopTimeout = options.stopTimeout ?? Duration.seconds(30);
  return {
    requestTimeout: options.requestTimeout ?? Duration.seconds(30),
    deregistrationDelay: options.deregistrationDelay ?? Duration.seconds(30),
    drain: options.drain ?? Duration.seconds(Math.floor((stopTimeout.toSeconds() * 2) / 3)),
    stopTimeout,
  };
}

/** Returns a message for each shutdown time that does not fit the others. */
export function shutdownProblems(times: ShutdownTimes, idleSeconds: number): string[] {
  const request = times.requestTimeout.toSeconds();
  const delay = times.deregistrationDelay.toSeconds();
  const drain = times.drain.toSeconds();
  const stop = times.stopTimeout.toSeconds();
  const problems: string[] = [];
  if (request < 1 || request >= idleSeconds)
    problems.push(
      `'task.shutdown.requestTimeout' must be 1 to ${idleSeconds - 1} s, got ${request}; ` +
        `the load balancer closes a connection that is idle for ${idleSeconds} s`,
    );
  if (delay < request)
    problems.push(
      `'task.shutdown.deregistrationDelay' must be at least 'requestTimeout' (${request} s), got ${delay}; ` +
        'otherwise a task could stop before its requests end',
    );
  if (delay > 3600) problems.push(`'task.shutdown.deregistrationDelay' must be at most 3600 s, got ${delay}`);
  if (stop > MAX_STOP_SECONDS)
    problems.push(
      `'task.shutdown.stopTimeout' must be at most ${MAX_STOP_SECONDS} s on Fargate, got ${stop}`,
    );
  if (drain + EXIT_SECONDS > stop)
    problems.push(
      `'task.shutdown.stopTimeout' must be at least 'drain' + ${EXIT_SECONDS} s (${drain + EXIT_SECONDS}), got ${stop}; ` +
        'otherwise ECS kills the server while it drains',
    );
  return problems;
}
