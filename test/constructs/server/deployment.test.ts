import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { Deployment } from '../../../constructs/server';

const m = Duration.minutes;

describe('Deployment', () => {
  test.each([Deployment.blueGreen(), Deployment.canary(), Deployment.linear(), Deployment.rolling()])(
    'has no problems by default ($strategy)',
    (deployment) => {
      expect(deployment.problems()).toEqual([]);
    },
  );

  test('plans no time for a shift at once', () => {
    expect(Deployment.blueGreen().shiftMinutes).toBe(0);
  });

  test('plans one watch for a canary', () => {
    expect(Deployment.canary({ watch: m(15) }).shiftMinutes).toBe(15);
  });

  test('plans a watch between the steps of a linear shift, none after the last', () => {
    expect(Deployment.linear({ stepPercent: 30, watch: m(5) }).shiftMinutes).toBe(15);
  });

  test('fits exactly into the time CloudFormation grants', () => {
    expect(Deployment.blueGreen({ healthyWithin: m(15), bakeTime: m(515) }).problems()).toEqual([]);
  });

  test.each<[string, Deployment, string]>([
    [
      'a bake time no alarm can use',
      Deployment.blueGreen({ bakeTime: m(4) }),
      "'deployment.bakeTime' must be whole minutes, at least 5, got 4",
    ],
    [
      'a broken minute',
      Deployment.blueGreen({ bakeTime: Duration.seconds(330) }),
      "'deployment.bakeTime' must be whole minutes, at least 5, got 5.5",
    ],
    [
      'a canary that is not watched',
      Deployment.canary({ watch: m(0) }),
      "'deployment.watch' must be whole minutes, at least 5, got 0",
    ],
    [
      'a share of nothing',
      Deployment.canary({ percent: 0 }),
      "'deployment.percent' must be 0.1 to 100, got 0",
    ],
    [
      'steps ECS does not take',
      Deployment.linear({ stepPercent: 2 }),
      "'deployment.stepPercent' must be 3 to 100, got 2",
    ],
    [
      'more time than CloudFormation grants',
      Deployment.blueGreen({ bakeTime: m(516) }),
      "'deployment' must fit in 540 minutes, or CloudFormation may refuse the service, got 541",
    ],
  ])('fails %s', (_, deployment, problem) => {
    expect(deployment.problems()).toEqual([expect.stringContaining(problem)]);
  });
});
