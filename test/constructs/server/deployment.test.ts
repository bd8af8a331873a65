import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { DeploymentStrategy } from '../../../constructs/server';

const m = Duration.minutes;

describe('Deployment', () => {
  test.each([
    DeploymentStrategy.blueGreen(),
    DeploymentStrategy.canary(),
    DeploymentStrategy.linear(),
    DeploymentStrategy.rolling(),
  ])('has no problems by default ($strategy)', (deployment) => {
    expect(deployment.problems()).toEqual([]);
  });

  test('has no traffic shift time for all-at-once', () => {
    expect(DeploymentStrategy.blueGreen().shiftMinutes).toBe(0);
  });

  test('waits once for a canary', () => {
    expect(DeploymentStrategy.canary({ stepBakeTime: m(15) }).shiftMinutes).toBe(15);
  });

  test('waits between the steps of a linear shift, not after the last one', () => {
    expect(DeploymentStrategy.linear({ stepPercent: 30, stepBakeTime: m(5) }).shiftMinutes).toBe(15);
  });

  test("fits exactly into CloudFormation's time limit", () => {
    expect(DeploymentStrategy.blueGreen({ healthyWithin: m(15), bakeTime: m(515) }).problems()).toEqual([]);
  });

  test.each<[string, DeploymentStrategy, string]>([
    [
      'a bake time no alarm can use',
      DeploymentStrategy.blueGreen({ bakeTime: m(4) }),
      "'bakeTime' of 'deployment.strategy' must be whole minutes, at least 5, got 4",
    ],
    [
      'a broken minute',
      DeploymentStrategy.blueGreen({ bakeTime: Duration.seconds(330) }),
      "'bakeTime' of 'deployment.strategy' must be whole minutes, at least 5, got 5.5",
    ],
    [
      'a canary that is not watched',
      DeploymentStrategy.canary({ stepBakeTime: m(0) }),
      "'stepBakeTime' of 'deployment.strategy' must be whole minutes, at least 5, got 0",
    ],
    [
      'a share of nothing',
      DeploymentStrategy.canary({ stepPercent: 0 }),
      "'stepPercent' of 'deployment.strategy' must be 0.1 to 100, got 0",
    ],
    [
      'steps ECS does not take',
      DeploymentStrategy.linear({ stepPercent: 2 }),
      "'stepPercent' of 'deployment.strategy' must be 3 to 100, got 2",
    ],
    [
      'more time than CloudFormation grants',
      DeploymentStrategy.blueGreen({ bakeTime: m(516) }),
      "'deployment.strategy' must take at most 540 minutes, or CloudFormation may refuse the service, got 541",
    ],
  ])('fails %s', (_, deployment, problem) => {
    expect(deployment.problems()).toEqual([expect.stringContaining(problem)]);
  });
});
