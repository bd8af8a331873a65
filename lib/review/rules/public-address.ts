import type { Comparison, ResourceChange } from '../change';
import { plain, show } from '../show';
import { holderOf } from '../stateful-resources';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, isOn, turnedOff, turnedOn, value } from './setting';

const behind =
  'Leave it private: CloudFront reaches it through its VPC origin, and a firewall stands before what is public.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'],
    property: 'Scheme',
    absent: 'internet-facing',
    worse: (now) => now === 'internet-facing',
    bad: (now) => now === 'internet-facing',
    severity: 'danger',
    what: 'The load balancer’s scheme',
    why: 'Requests can then come past CloudFront: without its firewall, rate limit, TLS and headers.',
    fix: behind,
    link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html',
  },
  {
    types: ['AWS::EKS::Cluster'],
    property: 'ResourcesVpcConfig.EndpointPublicAccess',
    absent: true,
    worse: turnedOn,
    severity: 'danger',
    what: 'Public access to the cluster’s API',
    why: 'Anybody can try to sign in.',
    fix: 'Keep it private.',
    link: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
  },
  {
    types: ['AWS::EKS::Cluster'],
    property: 'ResourcesVpcConfig.PublicAccessCidrs',
    absent: ['0.0.0.0/0'],
    worse: (now) => plain(now).includes('0.0.0.0/0'),
    severity: 'danger',
    what: 'Addresses that reach the cluster’s API',
    why: 'Anybody can try to sign in.',
    fix: 'Name the addresses of your offices and pipelines, or keep the API private.',
    link: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
  },
  {
    types: ['AWS::ApiGateway::RestApi', 'AWS::ApiGateway::DomainName'],
    property: 'EndpointConfiguration.Types',
    worse: (now, before) => plain(before).includes('PRIVATE') && !plain(now).includes('PRIVATE'),
    severity: 'danger',
    what: 'The API’s endpoint',
    why: 'Everybody on the internet can call it, not only the VPC.',
    fix: 'Keep it PRIVATE.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html',
  },
  {
    types: ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api'],
    property: 'DisableExecuteApiEndpoint',
    worse: turnedOff,
    severity: 'danger',
    what: 'The API’s default address, switched off',
    why: 'Requests can then come past the domain: without its firewall and its client certificates.',
    fix: 'Keep it disabled.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html',
  },
];

const OPEN =
  /^(public(_only|_and_private|_access)?|internet([-_]?facing)?|publicinternetonly|service_provided_eips|edge|regional|public-read(-write)?|authenticated-?read|allow-bidirectional|any|anywhere|global|public_read)$/i;
const CLOSED = /private|vpc|internal|disabled|none|off|^$/i;

/** A single task, subnet or machine that gets an address is no open door yet; a service's endpoint is. */
const severity: GeneralSetting['severity'] = ({ resourceType }) =>
  /^AWS::(EC2::(Subnet|Instance|LaunchTemplate|NetworkInterface)|ECS::|AutoScaling::|Batch::|Events::|Scheduler::|Pipes::)/.test(
    resourceType,
  )
    ? 'caution'
    : 'danger';

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)((Block|Ignore|Restrict)Public\w*|PublicAccessBlock\w*)$/,
    worse: turnedOff,
    bad: (now) => String(now) === 'false',
    severity: 'danger',
    why: 'One wrong policy or ACL then shows its content to everybody.',
    fix: 'Keep the block on.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  },
  {
    property:
      /(^|\.)(\w*Publicly?\w*Access\w*|PubliclyAccessible|\w*(?<!Map)Public(Ip|IP|Ips|IPs|Gua|Connectivity|Overrides)\w*|AllowFromPublic|IsPublic\w*|IsHcxPublic|AutoAssignElasticIps|EnableDefaultInternetAccess|DirectInternetAccess|Ipv6InternetAccessEnabled|AppNetworkAccessType|WebserverAccessMode|EndpointType|NetworkAccess\w*|PublicAccess\.Type|ConnectionMode|DataPlaneRouting|NetworkMode|InternetGateway\w*Mode|Connectivity|AccessType|\w*Visibility|AccessRules\.GetObject)$/,
    worse: (now, before) =>
      turnedOn(now, before) ||
      (OPEN.test(String(now)) && (before === undefined || CLOSED.test(String(before)))),
    bad: isOn,
    severity,
    why: 'It gets an address on the internet: a password or token is then all that protects it.',
    fix: 'Keep it private. People reach it through a VPN or a session of Systems Manager, programs from within the VPC.',
  },
  {
    // A new subnet that gives addresses is a public one, and meant to be.
    property: /(^|\.)MapPublicIpOnLaunch$/,
    worse: turnedOn,
    severity: 'caution',
    why: 'Machines that start in it from then on get an address on the internet.',
    fix: 'Keep it off, and give an address to the one machine that needs it.',
  },
  {
    property: /(^|\.)(EndpointPrivateAccess|AllowPrivate\w*)$/,
    worse: turnedOff,
    severity: 'caution',
    why: 'Programs in the VPC then reach it over the internet, or not at all.',
    fix: 'Keep it on.',
  },
  {
    property:
      /(^|\.)(Vpc(Config|Configuration|Options|Settings|Connect\w*)?|VPC(Config|Options)?|VpcSecurityGroupIds|VpcSubnetIds|NetworkConfiguration|NetworkOptions|IngressConfiguration|EgressConfiguration)\.?\w*(\.\w+)*$/,
    worse: (now, before, { isItem }) => gone(now, before) && !isItem,
    severity: ({ after }) => (holderOf(after)?.primary ? 'danger' : 'caution'),
    why: 'It leaves the VPC: it no longer reaches what is inside, and the rules of the VPC no longer hold for it.',
    fix: 'Keep it in the VPC.',
  },
];

/** A resource gets an address on the internet. */
export const publicAddress: Rule = {
  name: 'public-address',
  severities: ['danger', 'caution'],
  summary:
    'A database, load balancer, API, cluster, broker, task, subnet, function or route gets an address on the internet, moves to a public subnet, or lets in every address, in any service.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-networks.html',
  settings: SETTINGS,
  general: GENERAL,
  judge(comparison) {
    return comparison.resources.flatMap((change) => [
      ...publicSubnets(change),
      ...publicRoute(change, comparison),
      ...everywhere(change),
    ]);
  },
};

const SUBNETS: Readonly<Record<string, string>> = {
  'AWS::ECS::Service': 'NetworkConfiguration.AwsvpcConfiguration.Subnets',
  'AWS::RDS::DBSubnetGroup': 'SubnetIds',
  'AWS::RDS::DBProxy': 'VpcSubnetIds',
  'AWS::Lambda::Function': 'VpcConfig.SubnetIds',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'Subnets',
  'AWS::ElastiCache::SubnetGroup': 'SubnetIds',
  'AWS::DocDB::DBSubnetGroup': 'SubnetIds',
  'AWS::Neptune::DBSubnetGroup': 'SubnetIds',
  'AWS::Redshift::ClusterSubnetGroup': 'SubnetIds',
  'AWS::EKS::Nodegroup': 'Subnets',
  'AWS::AutoScaling::AutoScalingGroup': 'VPCZoneIdentifier',
};

function publicSubnets(change: ResourceChange): Observation[] {
  const property = SUBNETS[change.resourceType];
  if (!property || !change.before || !change.after) return [];
  const open = (properties: unknown) => {
    const subnets = value(properties, property);
    return Array.isArray(subnets) ? subnets.map(plain).filter((subnet) => /public/i.test(subnet)) : [];
  };
  if (open(change.before.Properties).length > 0 || open(change.after.Properties).length === 0) return [];
  const isData = change.resourceType.endsWith('SubnetGroup') || change.resourceType === 'AWS::RDS::DBProxy';
  return [
    observe(change, {
      severity: isData ? 'danger' : 'caution',
      property: `Properties.${property}`,
      what: `Subnets: ${show(value(change.before.Properties, property))} → ${show(value(change.after.Properties, property))}.`,
      why: 'It moves to subnets with a way in from the internet.',
      fix: 'Leave it in the private subnets.',
    }),
  ];
}

/** A route to the internet gateway for subnets that had none. */
function publicRoute(change: ResourceChange, { resources }: Comparison): Observation[] {
  if (change.resourceType !== 'AWS::EC2::Route') return [];
  const { GatewayId, RouteTableId, DestinationCidrBlock, DestinationIpv6CidrBlock } =
    change.after?.Properties ?? {};
  const isDefault = DestinationCidrBlock === '0.0.0.0/0' || DestinationIpv6CidrBlock === '::/0';
  const had = change.before?.Properties?.['GatewayId'];
  const table = (RouteTableId as { Ref?: string } | undefined)?.Ref;
  const isNew = resources.some(
    ({ kind, stack, logicalId }) => kind === 'added' && stack === change.stack && logicalId === table,
  );
  if (GatewayId === undefined || had !== undefined || !isDefault || isNew) return [];
  return [
    observe(change, {
      severity: 'danger',
      property: 'Properties.GatewayId',
      what: `Default route of ${table ?? 'the route table'}: ${show(change.before?.Properties?.['NatGatewayId'])} → ${show(GatewayId)}.`,
      why: 'Its subnets turn public: machines with a public address are reachable, and machines without one lose their way out.',
      fix: 'Keep the NAT gateway, or no route at all, for private subnets.',
      link: 'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
    }),
  ];
}

const EVERYBODY = /^(0\.0\.0\.0\/0|::\/0)$/;
/**
 * Matches properties that open nothing: destinations and outbound rules. Security groups have rules of their
 * own.
 */
const ELSEWHERE = /Destination\w*|Egress|CidrBlock$|RouteTable|ExcludedCidr|Source\w*Route/;

/** A list of addresses that lets in everybody from now on, in whatever service. */
function everywhere(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!after || /^AWS::EC2::(SecurityGroup\w*|Route\w*)|^AWS::EKS::Cluster$|^AWS::WAF/.test(resourceType))
    return [];
  if (resourceType === 'AWS::EC2::NetworkAclEntry' && !allows(after.Properties)) return [];
  const isAcl = resourceType === 'AWS::EC2::NetworkAclEntry';
  const known = new Set(open(before?.Properties ?? {}, isAcl).map(({ rule }) => rule));
  return open(after.Properties ?? {}, isAcl)
    .filter(({ rule }) => !known.has(rule))
    .slice(0, 1)
    .map(({ path }) =>
      observe(change, {
        severity: 'danger',
        property: `Properties.${path}`,
        what: `${path} newly has 0.0.0.0/0 or ::/0.`,
        why: 'Everybody on the internet may try to get in.',
        fix: 'Name the addresses that need it.',
      }),
    );
}

function allows(properties: unknown): boolean {
  return value(properties, 'RuleAction') === 'allow' && !isOn(value(properties, 'Egress'));
}

/** A place that takes everybody, and the rule that it belongs to: its path and what stands beside it. */
interface Opening {
  readonly path: string;
  readonly rule: string;
}

function open(given: unknown, isAcl: boolean, path = '', beside: unknown = undefined): Opening[] {
  if (typeof given === 'string')
    return EVERYBODY.test(given) && (isAcl || !ELSEWHERE.test(path))
      ? [{ path, rule: `${path} ${portsIn(beside)}` }]
      : [];
  if (Array.isArray(given)) return given.flatMap((item) => open(item, isAcl, path, beside));
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given).flatMap(([key, child]) =>
    open(child, isAcl, path ? `${path}.${key}` : key, given),
  );
}

/** The ports and protocols of a rule: another port that everybody reaches is another opening. */
function portsIn(rule: unknown): string {
  return Object.entries(rule ?? {})
    .filter(([name]) => /port|protocol/i.test(name))
    .map(([name, value]) => `${name}=${plain(value)}`)
    .join();
}
