import { Duration } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/** Number of tasks of a server, and the load that changes it. Equal numbers mean no autoscaling. */
export interface ServerScalingOptions {
  /**
   * Lowest number of tasks, at least 1.
   * @default 2
   */
  readonly minCapacity?: number;
  /**
   * Highest number of tasks.
   * @default - 4, or `minCapacity` if that is more
   */
  readonly maxCapacity?: number;
  /**
   * CPU use of all tasks that autoscaling aims at, in percent.
   * @default 60
   */
  readonly targetUtilizationPercent?: number;
  /**
   * Number of requests per task and minute that autoscaling aims at.
   * @default - requests do not change the number of tasks
   */
  readonly requestsPerTarget?: number;
}

/** Scaling with both numbers of tasks. */
export type Scaling = ServerScalingOptions &
  Required<Pick<ServerScalingOptions, 'minCapacity' | 'maxCapacity'>>;

/** Fills in the defaults. */
export function withDefaultScaling(options: ServerScalingOptions = {}): Scaling {
  const { minCapacity = 2, maxCapacity = Math.max(4, minCapacity) } = options;
  return { ...options, minCapacity, maxCapacity };
}

/** True when the number of tasks follows the load. */
export const isScaled = ({ minCapacity, maxCapacity }: Scaling): boolean => maxCapacity > minCapacity;

export interface ServerScalingProps extends Scaling {
  readonly service: FargateService;
  /** Target groups of the service; each of them may have users. */
  readonly targetGroups: readonly ApplicationTargetGroup[];
}

const COOLDOWN = {
  scaleOutCooldown: Duration.minutes(1).toSeconds(),
  scaleInCooldown: Duration.minutes(5).toSeconds(),
};

/**
 * Autoscaling that works in either target group.
 *
 * Defines a scalable target, a policy that tracks CPU, and a policy that tracks requests per task if you ask for it.
 */
export class ServerScaling extends Construct {
  constructor(scope: Construct, id: string, props: ServerScalingProps) {
    super(scope, id);

    const { service, targetGroups, minCapacity, maxCapacity } = props;
    const target = new CfnScalableTarget(this, 'Target', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${service.cluster.clusterName}/${service.serviceName}`,
      minCapacity,
      maxCapacity,
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
      targetValue: props.targetUtilizationPercent ?? 60,
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    });
    if (props.requestsPerTarget !== undefined)
      track('Requests', {
        targetValue: props.requestsPerTarget,
        customizedMetricSpecification: { metrics: requestsPerTarget(targetGroups) },
      });
  }
}

type Configuration = CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty;
type Query = CfnScalingPolicy.TargetTrackingMetricDataQueryProperty;

/** Sums the requests per task over the target groups, because during a deployment each group has a share. */
function requestsPerTarget(groups: readonly ApplicationTargetGroup[]): Query[] {
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
      // Unlike `+`, SUM leaves out a target group without data. Unlike FILL, it makes no 0 of the newest minutes, whose
      // data is late: the policy's alarm wants three high minutes in a row.
      expression: `SUM([${queries.map(({ id }) => id).join(', ')}])`,
      label: 'requests a task, over all target groups',
      returnData: true,
    },
  ];
}
