/** Subnets and security groups of a network interface. */
export interface Placement {
  /** Subnet ids. */
  readonly subnets: readonly string[];
  /** Security group ids. If the resource has none, those of the VPC's default group. */
  readonly groups: readonly string[];
  readonly hasPublicIp: boolean;
}
