import { createHash } from 'node:crypto';
import type {
  Attributes,
  ResourceHandler,
  ResourceHandlers,
  ResourceRequest,
} from '../core/resource-handler';

/** Returns a generated id, such as `sg-0f3a…`; the same in every rehearsal. */
function idOf({ id, stack }: ResourceRequest, prefix: string): string {
  const digest = createHash('sha256').update(`${stack.name}/${id}`).digest('hex');
  return `${prefix}-0${digest.slice(0, 16)}`;
}

function made(
  prefix: string,
  supportedProperties: readonly string[],
  more: (Ref: string, request: ResourceRequest) => Readonly<Record<string, string>> = () => ({}),
): ResourceHandler {
  return {
    supportedProperties,
    apply(request): Attributes {
      const Ref = request.before?.attributes.Ref ?? idOf(request, prefix);
      return { Ref, ...more(Ref, request) };
    },
  };
}

const RULE = ['IpProtocol', 'FromPort', 'ToPort', 'CidrIp'];
const INGRESS = [...RULE, 'SourceSecurityGroupId', 'SourcePrefixListId'];
const EGRESS = [...RULE, 'DestinationSecurityGroupId', 'DestinationPrefixListId'];

/** Resource types of EC2. The judge of connections reads this network. */
export const EC2_RESOURCES: ResourceHandlers = {
  'AWS::EC2::VPC': made('vpc', ['CidrBlock', 'EnableDnsSupport'], (VpcId, { properties }) => ({
    VpcId,
    CidrBlock: String(properties['CidrBlock']),
    DefaultSecurityGroup: VpcId.replace('vpc', 'sg'),
    DefaultNetworkAcl: VpcId.replace('vpc', 'acl'),
  })),
  'AWS::EC2::Subnet': made(
    'subnet',
    ['VpcId', 'CidrBlock', 'AvailabilityZone', 'AvailabilityZoneId'],
    (SubnetId, { properties }) => ({
      SubnetId,
      VpcId: String(properties['VpcId']),
      CidrBlock: String(properties['CidrBlock']),
      AvailabilityZone: String(properties['AvailabilityZone'] ?? properties['AvailabilityZoneId']),
    }),
  ),
  'AWS::EC2::RouteTable': made('rtb', ['VpcId'], (RouteTableId) => ({ RouteTableId })),
  'AWS::EC2::SubnetRouteTableAssociation': made('rtbassoc', ['SubnetId', 'RouteTableId']),
  'AWS::EC2::Route': made('r', ['RouteTableId', 'DestinationCidrBlock', 'GatewayId', 'NatGatewayId']),
  'AWS::EC2::InternetGateway': made('igw', [], (InternetGatewayId) => ({ InternetGatewayId })),
  'AWS::EC2::VPCGatewayAttachment': made('igw-attach', ['VpcId', 'InternetGatewayId']),
  'AWS::EC2::EIP': made('eip', [], (Ref) => ({ AllocationId: Ref.replace('eip', 'eipalloc') })),
  'AWS::EC2::NatGateway': made('nat', ['SubnetId', 'AllocationId', 'ConnectivityType'], (NatGatewayId) => ({
    NatGatewayId,
  })),
  'AWS::EC2::VPCEndpoint': made('vpce', [
    'VpcId',
    'ServiceName',
    'VpcEndpointType',
    'RouteTableIds',
    'SubnetIds',
    'SecurityGroupIds',
    'PrivateDnsEnabled',
  ]),
  'AWS::EC2::SecurityGroup': made(
    'sg',
    [
      ...INGRESS.map((name) => `SecurityGroupIngress.${name}`),
      ...EGRESS.map((name) => `SecurityGroupEgress.${name}`),
    ],
    (GroupId, { properties }) => ({ GroupId, VpcId: String(properties['VpcId']) }),
  ),
  'AWS::EC2::SecurityGroupIngress': made('sgr', ['GroupId', ...INGRESS]),
  'AWS::EC2::SecurityGroupEgress': made('sgr', ['GroupId', ...EGRESS]),
  'AWS::EC2::PrefixList': made('pl', ['Entries.Cidr'], (PrefixListId) => ({ PrefixListId })),
  'AWS::EC2::NetworkAcl': made('acl', ['VpcId'], (Id) => ({ Id })),
  'AWS::EC2::NetworkAclEntry': made('acle', [
    'NetworkAclId',
    'RuleNumber',
    'RuleAction',
    'Protocol',
    'PortRange',
    'CidrBlock',
    'Egress',
  ]),
  'AWS::EC2::SubnetNetworkAclAssociation': made('aclassoc', ['SubnetId', 'NetworkAclId']),
};
