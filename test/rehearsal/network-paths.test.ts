import { describe, expect, test } from 'vitest';
import { Inventory, type InventoryItem } from '../../lib/rehearsal/core/inventory';
import type { Destination, Party } from '../../lib/rehearsal/core/network';
import { judgeConnection } from '../../lib/rehearsal/ec2/judge-connection';

type Resources = Record<string, { type: string; ref: string; properties: Record<string, unknown> }>;

const ec2 = (type: string, ref: string, properties: Record<string, unknown> = {}) => ({
  type: `AWS::EC2::${type}`,
  ref,
  properties,
});
const rule = (GroupId: string, more: Record<string, unknown>) => ({
  GroupId,
  IpProtocol: 'tcp',
  FromPort: 5432,
  ToPort: 5432,
  ...more,
});
const NOTHING = { CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 };

/** A subnet whose route table leads everything to a target. */
function routedSubnet(
  name: 'Public' | 'Private',
  CidrBlock: string,
  target: Record<string, string>,
): Resources {
  const id = name.toLowerCase();
  const [SubnetId, RouteTableId] = [`subnet-${id}`, `rtb-${id}`];
  return {
    [name]: ec2('Subnet', SubnetId, { VpcId: 'vpc-1', CidrBlock }),
    [`${name}Table`]: ec2('RouteTable', RouteTableId, { VpcId: 'vpc-1' }),
    [`${name}TableOfSubnet`]: ec2('SubnetRouteTableAssociation', `assoc-${id}`, { SubnetId, RouteTableId }),
    [`${name}Route`]: ec2('Route', `r-${id}`, {
      RouteTableId,
      DestinationCidrBlock: '0.0.0.0/0',
      ...target,
    }),
  };
}

/** A VPC with a task that may use a database and leave through a NAT gateway, and a load balancer before it. */
const network = (): Resources => ({
  Vpc: ec2('VPC', 'vpc-1', { CidrBlock: '10.0.0.0/16' }),
  Gateway: ec2('InternetGateway', 'igw-1'),
  Attachment: ec2('VPCGatewayAttachment', 'att-1', { VpcId: 'vpc-1', InternetGatewayId: 'igw-1' }),
  ...routedSubnet('Public', '10.0.0.0/24', { GatewayId: 'igw-1' }),
  Nat: ec2('NatGateway', 'nat-1', { SubnetId: 'subnet-public', AllocationId: 'eip-1' }),
  ...routedSubnet('Private', '10.0.1.0/24', { NatGatewayId: 'nat-1' }),
  Data: ec2('Subnet', 'subnet-data', { VpcId: 'vpc-1', CidrBlock: '10.0.2.0/24' }),
  ClientGroup: ec2('SecurityGroup', 'sg-client', { SecurityGroupEgress: [NOTHING] }),
  ClientToDatabase: ec2(
    'SecurityGroupEgress',
    'sgr-1',
    rule('sg-client', { DestinationSecurityGroupId: 'sg-data' }),
  ),
  ClientToAws: ec2(
    'SecurityGroupEgress',
    'sgr-2',
    rule('sg-client', { CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }),
  ),
  DataGroup: ec2('SecurityGroup', 'sg-data', { SecurityGroupEgress: [NOTHING] }),
  DatabaseFromClient: ec2(
    'SecurityGroupIngress',
    'sgr-3',
    rule('sg-data', { SourceSecurityGroupId: 'sg-client' }),
  ),
  EdgeGroup: ec2('SecurityGroup', 'sg-edge', {
    SecurityGroupIngress: [rule('', { SourcePrefixListId: 'pl-3b927c52', FromPort: 80, ToPort: 80 })],
  }),
  Service: {
    type: 'AWS::ECS::Service',
    ref: 'arn:service',
    properties: {
      NetworkConfiguration: {
        AwsvpcConfiguration: { Subnets: ['subnet-private'], SecurityGroups: ['sg-client'] },
      },
    },
  },
  Subnets: {
    type: 'AWS::RDS::DBSubnetGroup',
    ref: 'subnet-group',
    properties: { SubnetIds: ['subnet-data'] },
  },
  Cluster: {
    type: 'AWS::RDS::DBCluster',
    ref: 'cluster',
    properties: { DBSubnetGroupName: 'subnet-group', VpcSecurityGroupIds: ['sg-data'] },
  },
  Function: {
    type: 'AWS::Lambda::Function',
    ref: 'function',
    properties: { VpcConfig: { SubnetIds: ['subnet-private'], SecurityGroupIds: ['sg-client'] } },
  },
  Outside: { type: 'AWS::Lambda::Function', ref: 'function-2', properties: {} },
  LoadBalancer: {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    ref: 'arn:balancer',
    properties: { Scheme: 'internal', Subnets: ['subnet-private'], SecurityGroups: ['sg-edge'] },
  },
  Origin: {
    type: 'AWS::CloudFront::VpcOrigin',
    ref: 'vo-1',
    properties: { VpcOriginEndpointConfig: { Arn: 'arn:balancer' } },
  },
  Distribution: { type: 'AWS::CloudFront::Distribution', ref: 'E2REHEARSAL', properties: {} },
});

function inventoryOf(resources: Resources): Inventory {
  const inventory = new Inventory();
  for (const [id, { type, ref, properties }] of Object.entries(resources)) {
    const item: InventoryItem = { stack: 'shop', id, type, properties, attributes: { Ref: ref } };
    inventory.put(item);
  }
  return inventory;
}

/** Judges a connection of the network, after a change. */
function judge(
  from: string,
  to: Destination | string,
  port: number,
  change: (all: Resources) => void = () => {},
) {
  const resources = network();
  change(resources);
  const source: Party = { name: from, stack: 'shop' };
  const target = typeof to === 'string' ? { name: to } : to;
  const { verdict, reason } = judgeConnection(inventoryOf(resources), source, target, port)!;
  return reason === undefined ? verdict : `${verdict}: ${reason}`;
}

const set = (id: string, values: Record<string, unknown>) => (all: Resources) => {
  Object.assign(all[id]!.properties, values);
};
const without = (id: string) => (all: Resources) => {
  delete all[id];
};

const S3 = { outside: 's3' };
const ECS = { outside: 'ecs' };
const INTERNET = { outside: 'internet' };

describe('a correct network', () => {
  test.each([
    ['a task to its database', 'Service', 'Cluster', 5432],
    ['a task to AWS', 'Service', ECS, 443],
    ['a function in the VPC to AWS', 'Function', ECS, 443],
    ['a function outside the VPC to AWS', 'Outside', ECS, 443],
    ['CloudFront to the load balancer', 'Distribution', 'LoadBalancer', 80],
  ])('allows %s', (_, from, to, port) => {
    expect(judge(from, to, port)).toBe('allowed');
  });

  test('does not judge a party outside the plan', () => {
    expect(judgeConnection(inventoryOf(network()), { name: 'rollback' }, ECS, 443)).toBeUndefined();
  });
});

describe('security groups refuse', () => {
  test.each<[string, (all: Resources) => void, string]>([
    [
      'what no egress rule lets out',
      without('ClientToDatabase'),
      'ClientGroup has no egress rule for tcp 5432 to DataGroup (Cluster)',
    ],
    [
      'what no ingress rule lets in',
      without('DatabaseFromClient'),
      'DataGroup has no ingress rule for tcp 5432 from ClientGroup (Service)',
    ],
    [
      'another port',
      set('DatabaseFromClient', { FromPort: 5433, ToPort: 5433 }),
      'DataGroup has no ingress rule',
    ],
    ['another protocol', set('DatabaseFromClient', { IpProtocol: 'udp' }), 'DataGroup has no ingress rule'],
    [
      'another group',
      set('DatabaseFromClient', { SourceSecurityGroupId: 'sg-edge' }),
      'DataGroup has no ingress rule',
    ],
    [
      'addresses of another subnet',
      set('DatabaseFromClient', { SourceSecurityGroupId: undefined, CidrIp: '10.0.9.0/24' }),
      'DataGroup has no ingress rule',
    ],
    [
      'a database without the group',
      set('Cluster', { VpcSecurityGroupIds: ['sg-edge'] }),
      'ClientGroup has no egress rule',
    ],
  ])('%s', (_, change, reason) => {
    expect(judge('Service', 'Cluster', 5432, change)).toContain(`denied: ${reason}`);
  });

  test('CloudFront without the prefix list', () => {
    expect(judge('Distribution', 'LoadBalancer', 80, set('EdgeGroup', { SecurityGroupIngress: [] }))).toBe(
      'denied: EdgeGroup has no ingress rule for tcp 80 from CloudFront (Origin)',
    );
  });

  test.each<[string, (all: Resources) => void]>([
    ['a range', set('DatabaseFromClient', { SourceSecurityGroupId: undefined, CidrIp: '10.0.1.0/24' })],
    ['all protocols', set('DatabaseFromClient', { IpProtocol: -1, FromPort: undefined, ToPort: undefined })],
    [
      'a prefix list of the plan',
      (all) => {
        all['Offices'] = ec2('PrefixList', 'pl-own', { Entries: [{ Cidr: '10.0.0.0/8' }] });
        set('DatabaseFromClient', { SourceSecurityGroupId: undefined, SourcePrefixListId: 'pl-own' })(all);
      },
    ],
    [
      'a group without any egress rule',
      (all) => {
        delete all['ClientToDatabase'];
        delete all['ClientToAws'];
        set('ClientGroup', { SecurityGroupEgress: undefined })(all);
      },
    ],
  ])('no connection that %s allows', (_, change) => {
    expect(judge('Service', 'Cluster', 5432, change)).toBe('allowed');
  });
});

describe('routes refuse', () => {
  test.each<[string, (all: Resources) => void, string]>([
    [
      'a subnet without a route',
      without('PrivateRoute'),
      'route table PrivateTable of Private has no route to a NAT gateway',
    ],
    [
      'a subnet without a table',
      without('PrivateTableOfSubnet'),
      'Private has no SubnetRouteTableAssociation',
    ],
    [
      'a NAT gateway without an address',
      set('Nat', { AllocationId: undefined }),
      'NAT gateway Nat has no AllocationId',
    ],
    ['a private NAT gateway', set('Nat', { ConnectivityType: 'private' }), 'NAT gateway Nat is private'],
    [
      'a NAT gateway without a route',
      without('PublicRoute'),
      'route table PublicTable of Public has no route to a NAT gateway',
    ],
    [
      'a gateway that is not attached',
      without('Attachment'),
      'internet gateway Gateway has no VPCGatewayAttachment',
    ],
    [
      'a task without a public address behind an internet gateway',
      set('PrivateRoute', { NatGatewayId: undefined, GatewayId: 'igw-1' }),
      'Private routes to an internet gateway, which needs a public address',
    ],
    [
      'names that are not resolved',
      set('Vpc', { EnableDnsSupport: false }),
      'Vpc: EnableDnsSupport is false',
    ],
    [
      'one of two subnets',
      (all) =>
        set('Service', {
          NetworkConfiguration: {
            AwsvpcConfiguration: {
              Subnets: ['subnet-private', 'subnet-data'],
              SecurityGroups: ['sg-client'],
            },
          },
        })(all),
      'Data has no SubnetRouteTableAssociation',
    ],
  ])('%s', (_, change, reason) => {
    expect(judge('Service', ECS, 443, change)).toContain(`denied: ${reason}`);
  });

  test('a VPC origin in a VPC without an internet gateway', () => {
    expect(judge('Distribution', 'LoadBalancer', 80, without('Attachment'))).toContain(
      'denied: the VPC of Origin has no internet gateway',
    );
  });

  test('CloudFront without a VPC origin', () => {
    expect(judge('Distribution', 'LoadBalancer', 80, without('Origin'))).toContain(
      'denied: LoadBalancer is internal',
    );
  });

  test('a function outside the VPC', () => {
    expect(judge('Outside', 'Cluster', 5432)).toContain('denied: Outside is outside the VPC of Cluster');
  });

  test('an unknown gateway is not judged', () => {
    const change = set('PrivateRoute', { NatGatewayId: undefined, TransitGatewayId: 'tgw-1' });
    expect(judge('Service', ECS, 443, change)).toContain('not judged: route PrivateRoute');
  });
});

describe('endpoints', () => {
  const endpoint = (service: string, more: Record<string, unknown>) => (all: Resources) => {
    delete all['PrivateRoute'];
    all['Endpoint'] = ec2('VPCEndpoint', 'vpce-1', {
      VpcId: 'vpc-1',
      ServiceName: `com.amazonaws.eu-central-1.${service}`,
      ...more,
    });
  };
  const gateway = endpoint('s3', { VpcEndpointType: 'Gateway', RouteTableIds: ['rtb-private'] });
  const face = (more: Record<string, unknown> = {}) =>
    endpoint('ecs', {
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
      SubnetIds: ['subnet-data'],
      SecurityGroupIds: ['sg-endpoint'],
      ...more,
    });
  const endpointGroup = (all: Resources) => {
    all['EndpointGroup'] = ec2('SecurityGroup', 'sg-endpoint', {
      SecurityGroupIngress: [rule('', { CidrIp: '10.0.0.0/16', FromPort: 443, ToPort: 443 })],
    });
  };

  test('of gateway type lead to their service only', () => {
    expect(judge('Service', S3, 443, gateway)).toBe('allowed');
    expect(judge('Service', ECS, 443, gateway)).toContain('denied: route table PrivateTable');
    expect(judge('Service', { outside: 'aws' }, 443, gateway)).toBe('allowed');
    expect(judge('Service', INTERNET, 443, gateway)).toContain('denied');
  });

  test('of gateway type need a rule for the prefix list of the service', () => {
    const narrow = (all: Resources) => {
      gateway(all);
      set('ClientToAws', { CidrIp: undefined, DestinationPrefixListId: 'pl-63a5400a' })(all);
    };
    expect(judge('Service', S3, 443, narrow)).toBe('allowed');
    expect(
      judge('Service', S3, 443, (all) => {
        narrow(all);
        set('ClientToAws', { DestinationPrefixListId: 'pl-other' })(all);
      }),
    ).toContain('denied: ClientGroup has no egress rule for tcp 443 to the AWS API (s3)');
  });

  test('of interface type lead to their service, through their security group', () => {
    const good = (all: Resources) => {
      face()(all);
      endpointGroup(all);
    };
    expect(judge('Service', ECS, 443, good)).toBe('allowed');
    expect(judge('Service', S3, 443, good)).toContain('denied');
    expect(
      judge('Service', ECS, 443, (all) => {
        good(all);
        set('EndpointGroup', { SecurityGroupIngress: [] })(all);
      }),
    ).toContain('denied: EndpointGroup has no ingress rule for tcp 443 from ClientGroup (Service)');
  });

  test('of interface type need private DNS', () => {
    expect(judge('Service', ECS, 443, face({ PrivateDnsEnabled: false }))).toContain('denied');
  });
});

describe('network ACLs', () => {
  const entry = (RuleNumber: number, Egress: boolean, more: Record<string, unknown> = {}) =>
    ec2('NetworkAclEntry', `acle-${RuleNumber}${Egress}`, {
      NetworkAclId: 'acl-1',
      RuleNumber,
      Egress,
      Protocol: -1,
      CidrBlock: '0.0.0.0/0',
      RuleAction: 'allow',
      ...more,
    });
  const acl = (entries: Resources) => (all: Resources) => {
    all['Acl'] = ec2('NetworkAcl', 'acl-1', { VpcId: 'vpc-1' });
    all['AclOfData'] = ec2('SubnetNetworkAclAssociation', 'aclassoc-1', {
      SubnetId: 'subnet-data',
      NetworkAclId: 'acl-1',
    });
    Object.assign(all, entries);
  };

  test.each<[string, Resources, string]>([
    ['allow what their entries allow', { In: entry(1, false), Out: entry(1, true) }, 'allowed'],
    [
      'refuse what no entry allows',
      { Out: entry(1, true) },
      'denied: network ACL Acl of Data does not allow ingress',
    ],
    [
      'refuse the answers',
      { In: entry(1, false) },
      'denied: network ACL Acl of Data does not allow egress of tcp 1024-65535',
    ],
    [
      'go by the number of their entries',
      {
        In: entry(2, false),
        No: entry(1, false, { RuleAction: 'deny', CidrBlock: '10.0.1.0/28' }),
        Out: entry(1, true),
      },
      'denied: network ACL Acl of Data does not allow ingress',
    ],
    [
      'know ports',
      { In: entry(1, false, { Protocol: 6, PortRange: { From: 443, To: 443 } }), Out: entry(1, true) },
      'denied: network ACL Acl of Data does not allow ingress of tcp 5432',
    ],
  ])('%s', (_, entries, verdict) => {
    expect(judge('Service', 'Cluster', 5432, acl(entries))).toContain(verdict);
  });
});
