import type { Duration } from 'aws-cdk-lib';
import type { InstanceType } from 'aws-cdk-lib/aws-ec2';

/**
 * Aurora Serverless v2 capacity. Each instance scales between two limits. One ACU is about 2 GiB of memory with
 * matching CPU and network.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export interface ServerlessV2Capacity {
  /**
   * Minimum capacity of an instance, 0 to 256 ACUs in steps of 0.5. With 0, an idle database pauses. This requires
   * `ConnectionPooling.none()`, because a proxy keeps connections open.
   */
  readonly serverlessV2MinCapacity: number;
  /**
   * Maximum capacity of an instance, 1 to 256 ACUs in steps of 0.5. Aurora also computes `max_connections` from it
   * when an instance starts.
   */
  readonly serverlessV2MaxCapacity: number;
  /**
   * Idle time after which an instance pauses, 5 minutes to 24 hours. Allowed only with a minimum of 0.
   * @default Duration.minutes(5)
   */
  readonly serverlessV2AutoPauseDuration?: Duration;
}

/** Provisioned capacity: instances of a fixed class. */
export interface ProvisionedCapacity {
  /** Instance class of every instance, such as `r8g.large`. */
  readonly instanceType: InstanceType;
}

/** Capacity of the instances of a cluster. */
export type DatabaseCapacity = ServerlessV2Capacity | ProvisionedCapacity;

/** Returns true for Serverless v2 capacity. */
export function isServerlessV2(capacity: DatabaseCapacity): capacity is ServerlessV2Capacity {
  return 'serverlessV2MinCapacity' in capacity;
}

/** Describes a capacity in a few words, such as `1 to 8 ACU` or `r8g.large`. */
export function describeCapacity(capacity: DatabaseCapacity): string {
  return isServerlessV2(capacity)
    ? `${capacity.serverlessV2MinCapacity} to ${capacity.serverlessV2MaxCapacity} ACU`
    : capacity.instanceType.toString();
}
