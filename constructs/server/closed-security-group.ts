import { type CfnSecurityGroup, type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** Rule that matches no traffic. Without an egress rule, EC2 adds one that allows all outbound traffic. */
const NOTHING = {
  cidrIp: '255.255.255.255/32',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  description: 'Nothing but what is allowed one by one',
};

/**
 * Defines a security group that allows no outbound traffic except through rules that are added to it.
 *
 * `SecurityGroup` has such a rule, too, but removes it as soon as another rule is added. If CloudFormation creates the
 * other rule as a separate resource, EC2 allows all traffic until that resource exists.
 */
export function closedSecurityGroup(scope: Construct, vpc: IVpc, description: string): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, description, allowAllOutbound: false });
  (group.node.defaultChild as CfnSecurityGroup).securityGroupEgress = [NOTHING];
  return group;
}
