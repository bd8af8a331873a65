import type { Comparison, ResourceChange } from '../change';
import { plain, show } from '../show';
import { holderOf } from '../stateful-resources';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, isOn, turnedOff, turnedOn, value } from './setting';

const behind =
  'Keep it private. CloudFront reaches it through a VPC origin, and protects it with a firewall.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'],
    property: 'Scheme',
    absent: 'internet-facing',
    worse: (now) => now === 'internet-facing',
    bad: (now) => now === 'internet-facing',
    severity: 'danger',
    what: 'Scheme of the load balancer',
    why: 'Requests can then bypass CloudFront, and with it the firewall, rate limit, TLS and headers.',
    fix: behind,
    link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html',
  },
  {
    types: ['AWS::EKS::Cluster'],
    property: 'ResourcesVpcConfig.EndpointPublicAccess',
    absent: true,
    worse: turnedOn,
    severity: 'danger',
    what: 'Public access to the Kubernetes API',
    why: 'Anybody on the internet can try to sign in.',
    fix: 'Keep the endpoint private.',
    link: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
  },
  {
    types: ['AWS::EKS::Cluster'],
    property: 'ResourcesVpcConfig.PublicAccessCidrs',
    absent: ['0.0.0.0/0'],
    worse: (now) => plain(now).includes('0.0.0.0/0'),
    severity: 'danger',
    what: 'Addresses with access to the Kubernetes API',
    why: 'Anybody on the internet can try to sign in.',
    fix: 'Allow only the addresses of your offices and pipelines, or keep the API private.',
    link: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
  },
  {
    types: ['AWS::ApiGateway::RestApi', 'AWS::ApiGateway::DomainName'],
    property: 'EndpointConfiguration.Types',
    worse: (now, before) => plain(before).includes('PRIVATE') && !plain(now).includes('PRIVATE'),
    severity: 'danger',
    what: 'Endpoint type of the API',
    why: 'Everybody on the internet can call the API, not only the VPC.',
    fix: 'Keep the type PRIVATE.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html',
  },
  {
    types: ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api'],
    property: 'DisableExecuteApiEndpoint',
    worse: turnedOff,
    severity: 'danger',
    what: 'Default endpoint of the API disabled',
    why: 'Requests can then bypass the custom domain, and with it the firewall and client certificates.',
    fix: 'Keep the default endpoint disabled.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html',
  },
];

const OPEN =
  /^(public(_only|_and_private|_access)?|internet([-_]?facing)?|publicinternetonly|service_provided_eips|edge|regional|public-read(-write)?|authenticated-?read|allow-bidirectional|any|anywhere|global|public_read)$/i;
const CLOSED = /private|vpc|internal|disabled|none|off|^$/i;

/** A public address of a single task, subnet or instance is a caution; a public endpoint of a service is a danger. */
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
    why: 'One wrong policy or ACL then makes the contents public.',
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
    why: 'The resource gets a public address or endpoint. Only its authentication then protects it.',
    fix: 'Keep it private. People connect through a VPN or a Systems Manager session, and programs from within the VPC.',
  },
  {
    // A new subnet that assigns public addresses is intentional, so only a change is reported.
    property: /(^|\.)MapPublicIpOnLaunch$/,
    worse: turnedOn,
    severity: 'caution',
    why: 'New instances in this subnet get a public address.',
    fix: 'Keep it off, and give a public address only to the instance that needs one.',
  },
  {
    property: /(^|\.)(EndpointPrivateAccess|AllowPrivate\w*)$/,
    worse: turnedOff,
    severity: 'caution',
    why: 'Programs in the VPC then connect over the internet, or not at all.',
    fix: 'Keep private access on.',
  },
  {
    property:
      /(^|\.)(Vpc(Config|Configuration|Options|Settings|Connect\w*)?|VPC(Config|Options)?|VpcSecurityGroupIds|VpcSubnetIds|NetworkConfiguration|NetworkOptions|IngressConfiguration|EgressConfiguration)\.?\w*(\.\w+)*$/,
    worse: (now, before, { isItem }) => gone(now, before) && !isItem,
    severity: ({ after }) => (holderOf(after)?.primary ? 'danger' : 'caution'),
    why: 'The resource leaves the VPC. It can no longer reach private resources, and the security groups no longer apply.',
    fix: 'Keep it in the VPC.',
  },
];

/** Finds resources that become reachable from the internet. */
export const publicAddress: Rule = {
  name: 'public-address',
  severities: ['danger', 'caution'],
  summary:
    'A database, load balancer, API, cluster, broker, task, subnet, function or route becomes reachable from the internet, moves to a public subnet, or allows every address, in any service.',
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
      why: 'The resource moves to subnets that are reachable from the internet.',
      fix: 'Keep it in the private subnets.',
    }),
  ];
}

/** Finds new default routes to an internet gateway in existing route tables. */
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
      why: 'The subnets become public. Instances with a public address become reachable, and instances without one lose internet access.',
      fix: 'Keep the NAT gateway for private subnets, or no default route at all.',
      link: 'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
    }),
  ];
}

const EVERYBODY = /^(0\.0\.0\.0\/0|::\/0)$/;
/**
 * Matches properties that allow no inbound traffic: destinations and outbound rules. Other rules judge security
 * groups.
 */
const ELSEWHERE = /Destination\w*|Egress|CidrBlock$|RouteTable|ExcludedCidr|Source\w*Route/;

/** Finds address lists of any service that newly allow every address. */
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
        what: `${path} newly contains 0.0.0.0/0 or ::/0.`,
        why: 'Everybody on the internet can try to connect.',
        fix: 'Allow only the addresses that need access.',
      }),
    );
}

function allows(properties: unknown): boolean {
  return value(properties, 'RuleAction') === 'allow' && !isOn(value(properties, 'Egress'));
}

/** A value that allows every address, and an identity of its rule: the path with the ports and protocols beside it. */
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

/** Returns the ports and protocols of a rule. Every further port that everybody reaches is another opening. */
function portsIn(rule: unknown): string {
  return Object.entries(rule ?? {})
    .filter(([name]) => /port|protocol/i.test(name))
    .map(([name, value]) => `${name}=${plain(value)}`)
    .join();
}
