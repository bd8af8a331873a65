import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { type ShutdownOptions, shutdownProblems, shutdownTimes } from '../../../constructs/server/shutdown';

const problems = (options: ShutdownOptions) => shutdownProblems(shutdownTimes(options), 60);
const s = Duration.seconds;

describe('shutdownProblems()', () => {
  test('has none for the defaults', () => {
    expect(problems({})).toEqual([]);
  });

  test.each([14, 30, 60, 120])(
    'has none for a stop timeout of %i s, from which the drain time follows',
    (seconds) => {
      expect(problems({ stopTimeout: s(seconds) })).toEqual([]);
    },
  );

  test('has none if each time just covers the previous one', () => {
    const options = { requestTimeout: s(59), deregistrationDelay: s(59), drain: s(115), stopTimeout: s(120) };
    expect(problems(options)).toEqual([]);
  });

  test.each<[string, ShutdownOptions, string]>([
    [
      'a delay shorter than the longest request',
      { requestTimeout: s(40) },
      "'task.shutdown.deregistrationDelay' must be at least 'requestTimeout' (40 s), got 30",
    ],
    [
      'a request as long as the load balancer keeps a silent connection',
      { requestTimeout: s(60), deregistrationDelay: s(60) },
      "'task.shutdown.requestTimeout' must be 1 to 59 s, got 60",
    ],
    [
      'no time for a request',
      { requestTimeout: s(0) },
      "'task.shutdown.requestTimeout' must be 1 to 59 s, got 0",
    ],
    [
      'a kill while the server drains',
      { drain: s(26) },
      "'task.shutdown.stopTimeout' must be at least 'drain' + 5 s (31), got 30",
    ],
    [
      'a stop timeout Fargate does not grant',
      { stopTimeout: s(121), drain: s(20) },
      "'task.shutdown.stopTimeout' must be at most 120 s on Fargate, got 121",
    ],
    [
      'a delay the load balancer does not grant',
      { deregistrationDelay: s(3601) },
      "'task.shutdown.deregistrationDelay' must be at most 3600 s, got 3601",
    ],
  ])('fails %s', (_, options, problem) => {
    expect(problems(options)).toEqual([expect.stringContaining(problem)]);
  });
});
