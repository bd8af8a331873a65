import { Duration } from 'aws-cdk-lib';

/** Times in which a task ends without failing a request. */
export interface ShutdownOptions {
  /**
   * Longest time that CloudFront waits for an answer: 1 to 59 seconds, less than the idle timeout of the load balancer.
   * @default Duration.seconds(30)
   */
  readonly requestTimeout?: Duration;
  /**
   * Time between the moment a task gets no more requests and its SIGTERM; at least `requestTimeout`.
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;
  /**
   * Time that the server has after SIGTERM to finish its requests. The container gets it in milliseconds, as the variable
   * `SHUTDOWN_TIMEOUT_MS`.
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
/** Seconds to close the database pool and to end, after the last request. */
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

/** Checks that the times fit together. */
export function shutdownProblems(times: ShutdownTimes, idleSeconds: number): string[] {
  const request = times.requestTimeout.toSeconds();
  const delay = times.deregistrationDelay.toSeconds();
  const drain = times.drain.toSeconds();
  const stop = times.stopTimeout.toSeconds();
  const problems: string[] = [];
  if (request < 1 || request >= idleSeconds)
    problems.push(
      `'task.shutdown.requestTimeout' must be 1 to ${idleSeconds - 1} s, got ${request}; ` +
        `the load balancer gives up after ${idleSeconds} s of silence`,
    );
  if (delay < request)
    problems.push(
      `'task.shutdown.deregistrationDelay' must be at least 'requestTimeout' (${request} s), got ${delay}; ` +
        'a request could lose its task',
    );
  if (delay > 3600) problems.push(`'task.shutdown.deregistrationDelay' must be at most 3600 s, got ${delay}`);
  if (stop > MAX_STOP_SECONDS)
    problems.push(
      `'task.shutdown.stopTimeout' must be at most ${MAX_STOP_SECONDS} s on Fargate, got ${stop}`,
    );
  if (drain + EXIT_SECONDS > stop)
    problems.push(
      `'task.shutdown.stopTimeout' must be at least 'drain' + ${EXIT_SECONDS} s (${drain + EXIT_SECONDS}), got ${stop}; ` +
        'the server would be killed while it drains',
    );
  return problems;
}
