import type { InstanceType } from 'aws-cdk-lib/aws-ec2';

/**
 * Aurora Serverless v2: scales between two capacities, one ACU being about 2 GiB of memory.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export interface ServerlessCapacity {
  /** In ACUs, 0 to 256 in steps of 0.5. 0 pauses an idle database, and only without a proxy. */
  readonly minimumAcu: number;
  /** In ACUs, 1 to 256 in steps of 0.5. It also sets `max_connections`, anew at each restart. */
  readonly maximumAcu: number;
}

/** Instances of a fixed class. */
export interface InstanceCapacity {
  readonly instanceType: InstanceType;
}

/** How large the instances of a cluster are. */
export type DatabaseCapacity = ServerlessCapacity | InstanceCapacity;

export function isServerless(capacity: DatabaseCapacity): capacity is ServerlessCapacity {
  return 'minimumAcu' in capacity;
}
