import { Duration } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/** How many tasks run; equal numbers mean no autoscaling. */
export interface TaskCount {
  readonly minimum: number;
  readonly maximum: number;
  /**
   * CPU use of all tasks that autoscaling aims at, in percent.
   * @default 60
   */
  readonly cpuPercent?: number;
  /**
   * Requests a minute and task that autoscaling aims at.
   * @default requests do not scale
   */
  readonly requestsPerTask?: number;
}

export interface ServerScalingProps {
  readonly service: FargateService;
  readonly tasks: TaskCount;
  /** The colours; production may be served from any of them. */
  readonly targetGroups: readonly ApplicationTargetGroup[];
}

const COOLDOWN = {
  scaleOutCooldown: Duration.minutes(1).toSeconds(),
  scaleInCooldown: Duration.minutes(5).toSeconds(),
};

/**
 * Autoscaling that survives a change of colour.
 *
 * Defines a scalable target and policies that track CPU and, when asked for, requests a task over all
 * target groups.
 */
export class ServerScaling extends Construct {
  constructor(scope: Construct, id: string, props: ServerScalingProps) {
    super(scope, id);

    const { service, tasks, targetGroups } = props;
    const target = new CfnScalableTarget(this, 'Target', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${service.cluster.clusterName}/${service.serviceName}`,
      minCapacity: tasks.minimum,
      maxCapacity: tasks.maximum,
    });
    const track = (policyName: string, configuration: Configuration): void => {
      new CfnScalingPolicy(this, policyName, {
        policyName,
        policyType: 'TargetTrackingScaling',
        scalingTargetId: target.ref,
        targetTrackingScalingPolicyConfiguration: { ...COOLDOWN, ...configuration },
      });
    };
    track('Cpu', {
      targetValue: tasks.cpuPercent ?? 60,
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    });
    if (tasks.requestsPerTask !== undefined)
      track('Requests', {
        targetValue: tasks.requestsPerTask,
        customizedMetricSpecification: { metrics: requestsPerTask(targetGroups) },
      });
  }
}

type Configuration = CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty;
type Query = CfnScalingPolicy.TargetTrackingMetricDataQueryProperty;

/**
 * Requests per target, summed over the groups: one group has all requests, or each has its share of them
 * during a deployment, and the sum is right in either case.
 */
function requestsPerTask(groups: readonly ApplicationTargetGroup[]): Query[] {
  const queries = groups.map(
    (group, index): Query => ({
      id: `requests${index + 1}`,
      returnData: false,
      metricStat: {
        stat: 'Sum',
        metric: {
          namespace: 'AWS/ApplicationELB',
          metricName: 'RequestCountPerTarget',
          dimensions: [{ name: 'TargetGroup', value: group.targetGroupFullName }],
        },
      },
    }),
  );
  return [
    ...queries,
    {
      id: 'total',
      expression: queries.map(({ id }) => `FILL(${id}, 0)`).join(' + '),
      label: 'requests a task, over all target groups',
      returnData: true,
    },
  ];
}
