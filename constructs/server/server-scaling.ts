import { Duration } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/**
 * Number of tasks of a server, and the load at which autoscaling changes it. If `minCapacity` equals `maxCapacity`,
 * there is no autoscaling.
 */
export interface ServerScalingOptions {
  /**
   * Minimum number of tasks, at least 1.
   * @default 2
   */
  readonly minCapacity?: number;
  /**
   * Maximum number of tasks.
   * @default - 4, or `minCapacity` if that is more
   */
  readonly maxCapacity?: number;
  /**
   * Target for the average CPU utilization of the tasks, in percent.
   * @default 60
   */
  readonly targetUtilizationPercent?: number;
  /**
   * Target for the number of requests per task and minute.
   * @default - no scaling by requests
   */
  readonly requestsPerTarget?: number;
}

/** Scaling options with both capacities set. */
export type Scaling = ServerScalingOptions &
  Required<Pick<ServerScalingOptions, 'minCapacity' | 'maxCapacity'>>;

/** Fills in the defaults. */
export function withDefaultScaling(options: ServerScalingOptions = {}): Scaling {
  const { minCapacity = 2, maxCapacity = Math.max(4, minCapacity) } = options;
  return { ...options, minCapacity, maxCapacity };
}

/** True if autoscaling is on. */
export const isScaled = ({ minCapacity, maxCapacity }: Scaling): boolean => maxCapacity > minCapacity;

export interface ServerScalingProps extends Scaling {
  readonly service: FargateService;
  /** Target groups of the service. Either of them may serve users. */
  readonly targetGroups: readonly ApplicationTargetGroup[];
}

const COOLDOWN = {
  scaleOutCooldown: Duration.minutes(1).toSeconds(),
  scaleInCooldown: Duration.minutes(5).toSeconds(),
};

/**
 * Autoscaling of a service with two target groups.
 *
 * Defines a scalable target and a target-tracking policy for CPU. If you set `requestsPerTarget`, it also defines a
 * policy for requests per task.
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

/**
 * Sums the requests per task over the target groups, because each group serves a share of the traffic during a
 * deployment.
 */
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
      // SUM ignores a target group without data; `+` does not. FILL would turn the latest minutes, whose data is late,
      // into 0, and the policy's alarm needs three high minutes in a row.
      expression: `SUM([${queries.map(({ id }) => id).join(', ')}])`,
      label: 'requests per task, both target groups',
      returnData: true,
    },
  ];
}
