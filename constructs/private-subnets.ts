import type { IVpc } from 'aws-cdk-lib/aws-ec2';

/**
 * Checks that a VPC has the subnets for tasks and internal load balancers.
 * @returns one problem, or none
 */
export function privateSubnetProblems(prop: string, vpc: IVpc): string[] {
  if (vpc.privateSubnets.length > 0) return [];
  return [
    `'${prop}' must have private subnets with a route to the internet (SubnetType.PRIVATE_WITH_EGRESS), got ` +
      `${vpc.publicSubnets.length} public and ${vpc.isolatedSubnets.length} isolated ones; add private subnets with a NAT ` +
      'gateway, or use Network',
  ];
}
