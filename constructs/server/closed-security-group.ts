import { type CfnSecurityGroup, type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** Matches nothing; it only keeps EC2 from adding its rule that lets everything out. */
const NOTHING = {
  cidrIp: '255.255.255.255/32',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  description: 'Nothing but what is allowed one by one',
};

/**
 * A security group that lets nothing out but what is added to it.
 *
 * The L2 drops its own such rule as soon as another is added, also when that one becomes a resource of
 * its own, which exists only later than the group.
 */
export function closedSecurityGroup(scope: Construct, vpc: IVpc, description: string): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, description, allowAllOutbound: false });
  (group.node.defaultChild as CfnSecurityGroup).securityGroupEgress = [NOTHING];
  return group;
}
