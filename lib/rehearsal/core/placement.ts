/** Subnets and security groups of a network interface. */
export interface Placement {
  /** Ids. */
  readonly subnets: readonly string[];
  /** Ids of security groups; those of the VPC's default group if there is none. */
  readonly groups: readonly string[];
  readonly hasPublicIp: boolean;
}
