import { Duration } from 'aws-cdk-lib';

/** How a task leaves without failing a request; each time must cover the one before it. */
export interface ShutdownOptions {
  /**
   * Longest answer CloudFront waits for; 1 to 59 seconds, less than the load balancer's idle timeout.
   * @default Duration.seconds(30)
   */
  readonly requestTimeout?: Duration;
  /**
   * How long a leaving task keeps its requests before it gets SIGTERM; at least `requestTimeout`.
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;
  /**
   * How long the server, after SIGTERM, finishes what is left; it hears this as `SHUTDOWN_TIMEOUT_MS`.
   * @default two thirds of `stopTimeout`
   */
  readonly drain?: Duration;
  /**
   * Time between SIGTERM and SIGKILL; more than `drain`, at most 120 seconds.
   * @default Duration.seconds(30)
   */
  readonly stopTimeout?: Duration;
}

/** Fargate kills a container after this, whatever the task definition says. */
const MAX_STOP_SECONDS = 120;
/** Time to close the database pool and end, after the last request. */
const EXIT_SECONDS = 5;

/** The times with their defaults. */
export function shutdownTimes(options: ShutdownOptions = {}): Required<ShutdownOptions> {
  const stopTimeout = options.stopTimeout ?? Duration.seconds(30);
  return {
    requestTimeout: options.requestTimeout ?? Duration.seconds(30),
    deregistrationDelay: options.deregistrationDelay ?? Duration.seconds(30),
    drain: options.drain ?? Duration.seconds(Math.floor((stopTimeout.toSeconds() * 2) / 3)),
    stopTimeout,
  };
}

/** Where the times do not fit together. */
export function shutdownProblems(times: Required<ShutdownOptions>, idleSeconds: number): string[] {
  const request = times.requestTimeout.toSeconds();
  const delay = times.deregistrationDelay.toSeconds();
  const drain = times.drain.toSeconds();
  const stop = times.stopTimeout.toSeconds();
  const problems: string[] = [];
  if (request < 1 || request >= idleSeconds)
    problems.push(
      `'shutdown.requestTimeout' must be 1 to ${idleSeconds - 1} s, got ${request}; ` +
        `the load balancer gives up after ${idleSeconds} s of silence`,
    );
  if (delay < request)
    problems.push(
      `'shutdown.deregistrationDelay' must be at least 'requestTimeout' (${request} s), got ${delay}; ` +
        'a request could lose its task',
    );
  if (delay > 3600) problems.push(`'shutdown.deregistrationDelay' must be at most 3600 s, got ${delay}`);
  if (stop > MAX_STOP_SECONDS)
    problems.push(`'shutdown.stopTimeout' must be at most ${MAX_STOP_SECONDS} s on Fargate, got ${stop}`);
  if (drain + EXIT_SECONDS > stop)
    problems.push(
      `'shutdown.stopTimeout' must be at least 'drain' + ${EXIT_SECONDS} s (${drain + EXIT_SECONDS}), got ${stop}; ` +
        'the server would be killed while it drains',
    );
  return problems;
}
