import type { Case } from './case';
import { one } from './one';

const INSTANCE = 'AWS::RDS::DBInstance';
const BUCKET = 'AWS::S3::Bucket';

const out = (...lists: readonly string[]) => ({
  SecurityGroupEgress: lists.map((DestinationPrefixListId) => ({
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    DestinationPrefixListId,
  })),
});
const group = (...groups: readonly string[]) => ({
  ...out('pl-a'),
  SecurityGroupIngress: groups.map((SourceSecurityGroupId) => ({
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    SourceSecurityGroupId,
  })),
});

/** Changes that deserve a look and no more. */
export const glances: readonly Case[] = [
  one(
    'less performance data',
    INSTANCE,
    { PerformanceInsightsRetentionPeriod: 465 },
    { PerformanceInsightsRetentionPeriod: 7 },
    'clean',
    'backup',
  ),
  one(
    'lists decide who reads a bucket',
    BUCKET,
    {},
    { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
    'caution',
    'public-access-block',
  ),
  one(
    'another priority of a listener rule',
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { Priority: 5 },
    { Priority: 6 },
    'caution',
    'listener-rule',
  ),
  one(
    'one port from one more group',
    'AWS::EC2::SecurityGroup',
    group('sg-a'),
    group('sg-a', 'sg-b'),
    'clean',
    'network-ingress',
  ),
  one(
    'one port to one more list',
    'AWS::EC2::SecurityGroup',
    out('pl-a'),
    out('pl-a', 'pl-b'),
    'clean',
    'network-egress',
  ),
];
