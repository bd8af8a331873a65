import { describe, expect, test } from 'vitest';
import { DeploymentStrategy } from '../../../constructs/server';
import { only, serverTemplate } from './server-stack';

const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const scaling = { minCapacity: 2, maxCapacity: 8, requestsPerTarget: 600 };

/** Returns the target tracking configuration of a policy. */
function tracking(name: string, props: Parameters<typeof serverTemplate>[0] = { scaling }) {
  const found = serverTemplate(props).findResources(POLICY, { Properties: { PolicyName: name } });
  return Object.values(found)[0]?.Properties.TargetTrackingScalingPolicyConfiguration;
}

describe('autoscaling', () => {
  test('stays between minimum and maximum', () => {
    const target = only(serverTemplate({ scaling }), 'AWS::ApplicationAutoScaling::ScalableTarget');
    expect(target).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 8,
      ScalableDimension: 'ecs:service:DesiredCount',
    });
  });

  test('tracks CPU', () => {
    expect(tracking('Cpu', { scaling: { ...scaling, targetUtilizationPercent: 45 } })).toMatchObject({
      TargetValue: 45,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    });
  });

  test('tracks requests per task over both target groups', () => {
    const { TargetValue, CustomizedMetricSpecification } = tracking('Requests');
    expect(TargetValue).toBe(600);
    expect(CustomizedMetricSpecification.Metrics).toEqual([
      expect.objectContaining({ Id: 'requests1', ReturnData: false }),
      expect.objectContaining({ Id: 'requests2', ReturnData: false }),
      expect.objectContaining({
        Id: 'total',
        Expression: 'SUM([requests1, requests2])',
        ReturnData: true,
      }),
    ]);
  });

  test('tracks the single target group of a rolling deployment', () => {
    const { CustomizedMetricSpecification } = tracking('Requests', {
      scaling,
      deployment: { strategy: DeploymentStrategy.rolling() },
    });
    expect(CustomizedMetricSpecification.Metrics).toHaveLength(2);
  });

  test('does not track requests by default', () => {
    expect(tracking('Requests', {})).toBeUndefined();
  });

  test('raises the maximum with the minimum', () => {
    const target = only(serverTemplate({ scaling: { minCapacity: 6 } }), 'AWS::ECS::Service');
    expect(target.DesiredCount).toBe(6);
  });

  test('scales out faster than in', () => {
    expect(tracking('Cpu')).toMatchObject({ ScaleOutCooldown: 60, ScaleInCooldown: 300 });
  });
});
