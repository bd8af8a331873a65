import { type CfnSecurityGroup, type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** Rule that matches nothing. Without any rule EC2 adds one that allows all outbound traffic. */
const NOTHING = {
  cidrIp: '255.255.255.255/32',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  description: 'Nothing but what is allowed one by one',
};

/**
 * Defines a security group that allows no outbound traffic, except by rules that are added to it.
 *
 * `SecurityGroup` removes its own rule of this kind as soon as another rule is added. The other rule may be a resource that
 * is created later, and EC2 would allow everything until then.
 */
export function closedSecurityGroup(scope: Construct, vpc: IVpc, description: string): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, description, allowAllOutbound: false });
  (group.node.defaultChild as CfnSecurityGroup).securityGroupEgress = [NOTHING];
  return group;
}
