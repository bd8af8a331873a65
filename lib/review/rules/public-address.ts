import type { Comparison, ResourceChange } from '../change';
import { plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { isOn, judgeSettings, type Setting, turnedOn, value } from './setting';

const onInternet = (now: unknown, before: unknown) => now === 'internet-facing' && before !== now;
const behind =
  'Leave it private: CloudFront reaches it through its VPC origin, and what is public has a firewall before it.';

const SETTINGS: readonly Setting[] = [
  {
    types: [
      'AWS::RDS::DBInstance',
      'AWS::RDS::DBCluster',
      'AWS::DMS::ReplicationInstance',
      'AWS::Redshift::Cluster',
    ],
    property: 'PubliclyAccessible',
    worse: turnedOn,
    bad: isOn,
    severity: 'danger',
    what: 'Public access to the database',
    why: 'It gets an address on the internet; a password is then all that protects the data.',
    advice: 'Keep it private. People reach it through the database tool, programs from within the VPC.',
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'],
    property: 'Scheme',
    absent: 'internet-facing',
    worse: onInternet,
    bad: (now) => now === 'internet-facing',
    severity: 'danger',
    what: 'The load balancer’s scheme',
    why: 'Requests can then come past CloudFront: without its firewall, rate limit, TLS and headers.',
    advice: behind,
  },
  {
    types: ['AWS::ECS::Service', 'AWS::ECS::TaskSet'],
    property: 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
    worse: turnedOn,
    bad: isOn,
    severity: 'caution',
    what: 'Public addresses for tasks',
    why: 'Every task is then on the internet, with only its security group before it.',
    advice: 'Keep DISABLED and private subnets with a NAT gateway or VPC endpoints.',
  },
  {
    types: ['AWS::EC2::Subnet'],
    property: 'MapPublicIpOnLaunch',
    worse: turnedOn,
    severity: 'caution',
    what: 'Public addresses for whatever starts in the subnet',
    why: 'What is put there later is on the internet without anybody saying so.',
    advice: 'Leave it off and give a public address only to what needs one.',
  },
  {
    types: ['AWS::Lambda::Url'],
    property: 'AuthType',
    worse: (now) => now === 'NONE',
    bad: (now) => now === 'NONE',
    severity: 'danger',
    what: 'Authentication of the function’s URL',
    why: 'Anybody can call it.',
    advice: 'Use AWS_IAM, with CloudFront’s origin access control before it.',
  },
  {
    types: ['AWS::ApiGateway::Method', 'AWS::ApiGatewayV2::Route'],
    property: 'AuthorizationType',
    absent: 'NONE',
    worse: (now) => now === 'NONE',
    severity: 'danger',
    what: 'Authorization',
    why: 'Anybody can call it.',
    advice: 'Keep the authorizer.',
  },
  {
    types: ['AWS::EKS::Cluster'],
    property: 'ResourcesVpcConfig.EndpointPublicAccess',
    worse: turnedOn,
    severity: 'danger',
    what: 'Public access to the cluster’s API',
    why: 'Anybody can try to sign in.',
    advice: 'Keep it private.',
  },
];

/** Something gets an address on the internet. */
export const publicAddress: Rule = {
  name: 'public-address',
  severities: ['danger', 'caution'],
  summary:
    'A database, load balancer, task, subnet, function or route gets an address on the internet, or moves to a public subnet.',
  judge(comparison) {
    return [
      ...judgeSettings(comparison, SETTINGS),
      ...comparison.resources.flatMap((change) => [
        ...publicSubnets(change),
        ...publicRoute(change, comparison),
      ]),
    ];
  },
};

const SUBNETS: Readonly<Record<string, string>> = {
  'AWS::ECS::Service': 'NetworkConfiguration.AwsvpcConfiguration.Subnets',
  'AWS::RDS::DBSubnetGroup': 'SubnetIds',
  'AWS::RDS::DBProxy': 'VpcSubnetIds',
  'AWS::Lambda::Function': 'VpcConfig.SubnetIds',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'Subnets',
};

function publicSubnets(change: ResourceChange): Observation[] {
  const property = SUBNETS[change.resourceType];
  if (!property || !change.before || !change.after) return [];
  const open = (properties: unknown) => {
    const subnets = value(properties, property);
    return Array.isArray(subnets) ? subnets.map(plain).filter((subnet) => /public/i.test(subnet)) : [];
  };
  const known = open(change.before.Properties);
  const now = open(change.after.Properties);
  if (known.length > 0 || now.length === 0) return [];
  const isData = change.resourceType.startsWith('AWS::RDS::');
  return [
    observe(change, {
      severity: isData ? 'danger' : 'caution',
      property: `Properties.${property}`,
      message: `Subnets: ${show(value(change.before.Properties, property))} → ${show(value(change.after.Properties, property))}. It moves to subnets with a way in from the internet.`,
      advice: 'Leave it in the private subnets.',
    }),
  ];
}

/** A way to the internet gateway for what had none. */
function publicRoute(change: ResourceChange, { resources }: Comparison): Observation[] {
  if (change.resourceType !== 'AWS::EC2::Route') return [];
  const { GatewayId, RouteTableId, DestinationCidrBlock, DestinationIpv6CidrBlock } =
    change.after?.Properties ?? {};
  const everywhere = DestinationCidrBlock === '0.0.0.0/0' || DestinationIpv6CidrBlock === '::/0';
  const had = change.before?.Properties?.['GatewayId'];
  const table = (RouteTableId as { Ref?: string } | undefined)?.Ref;
  const isNew = resources.some(
    ({ kind, stack, logicalId }) => kind === 'added' && stack === change.stack && logicalId === table,
  );
  if (GatewayId === undefined || had !== undefined || !everywhere || isNew) return [];
  return [
    observe(change, {
      severity: 'danger',
      property: 'Properties.GatewayId',
      message: `Default route of ${table}: ${show(change.before?.Properties?.['NatGatewayId'])} → ${show(GatewayId)}. Its subnets turn public: what has a public address there is reachable, and what has none loses its way out.`,
      advice: 'Keep the NAT gateway, or no route at all, for private subnets.',
    }),
  ];
}
