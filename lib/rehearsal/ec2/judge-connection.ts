import type { Inventory, InventoryItem } from '../core/inventory';
import type { ConnectionJudge, Destination, Party } from '../core/network';
import type { End, JudgedConnection } from '../core/trace';
import { ANYWHERE } from './cidr';
import { egressRoute } from './egress-route';
import { type Interface, interfaceOf } from './interfaces';
import { networkAclObstacle } from './network-acls';
import { type Obstacle, type Peer, securityGroupObstacle } from './security-groups';
import { vpcOriginObstacle } from './vpc-origin';

/** Port of AWS endpoints. */
const HTTPS = 443;

/**
 * Judges a TCP connection by the present resources: security groups on both ends, routes, endpoints, and network ACLs,
 * for each pair of subnets. Returns undefined if one end is not part of the plan.
 */
export function judgeConnection(
  inventory: Inventory,
  from: Party,
  to: Destination,
  port: number,
): JudgedConnection | undefined {
  const source = interfaceOf(inventory, from);
  if (!source) return undefined;
  const end = { ...endOf(source.item), ...(from.placement && { placement: from.placement }) };
  if ('outside' in to) {
    // The endpoints of a rehearsal use HTTP; those of AWS use HTTPS.
    const real = to.outside === 'internet' ? port : HTTPS;
    const obstacle = outsideObstacle(inventory, source, to.outside, real);
    return judged(end, { outside: to.outside }, real, obstacle);
  }
  const target = interfaceOf(inventory, to);
  if (!target) return undefined;
  return judged(end, endOf(target.item), port, insideObstacle(inventory, source, target, port));
}

/** Returns a judge that caches its verdicts until a resource changes. */
export function connectionJudge(inventory: Inventory): ConnectionJudge {
  let version = -1;
  const known = new Map<string, JudgedConnection | undefined>();
  return (from, to, port) => {
    if (version !== inventory.version) known.clear();
    version = inventory.version;
    const key = JSON.stringify([from, to, port]);
    if (!known.has(key)) known.set(key, judgeConnection(inventory, from, to, port));
    return known.get(key);
  };
}

function judged(source: End, target: End, port: number, obstacle: Obstacle | undefined): JudgedConnection {
  return { source, target, port, verdict: 'allowed', ...obstacle };
}

const endOf = ({ stack, id }: InventoryItem): End => ({ resource: { stack, logicalId: id } });

/** Returns the obstacle of a connection to a resource of the plan. */
function insideObstacle(
  inventory: Inventory,
  source: Interface,
  target: Interface,
  port: number,
): Obstacle | undefined {
  if (target.item.type === 'AWS::CloudFront::Distribution')
    return outsideObstacle(inventory, source, 'internet', port);
  if (!target.subnets?.length)
    return { verdict: 'not judged', reason: `the subnets of ${target.item.id} are unknown` };
  if (source.item.type === 'AWS::CloudFront::Distribution')
    return vpcOriginObstacle(inventory, source.item, target, port);
  if (!source.subnets)
    return {
      verdict: 'denied',
      reason: `${source.item.id} is outside the VPC of ${target.item.id}: it has no VpcConfig`,
    };
  return firstOf(source.subnets, (one) =>
    firstOf(target.subnets!, (other) => betweenSubnets(inventory, [source, one], [target, other], port)),
  );
}

function betweenSubnets(
  inventory: Inventory,
  [source, from]: readonly [Interface, string],
  [target, to]: readonly [Interface, string],
  port: number,
): Obstacle | undefined {
  const [subnet, other] = [inventory.having(from), inventory.having(to)];
  if (!subnet || !other)
    return { verdict: 'not judged', reason: `subnet ${subnet ? to : from} is not part of the plan` };
  const vpc = subnet.properties['VpcId'];
  if (vpc !== other.properties['VpcId'])
    return {
      verdict: 'not judged',
      reason: `${subnet.id} and ${other.id} are subnets of different VPCs`,
    };
  const ends = [subnet, other].map((one) => ({ subnet: one, cidr: String(one.properties['CidrBlock']) }));
  return (
    resolverObstacle(inventory, vpc) ??
    securityGroupObstacle(inventory, source.groups ?? [], 'egress', peerOf(inventory, target, other), port) ??
    securityGroupObstacle(
      inventory,
      target.groups ?? [],
      'ingress',
      peerOf(inventory, source, subnet),
      port,
    ) ??
    networkAclObstacle(inventory, ends[0]!, ends[1]!, port)
  );
}

function peerOf(inventory: Inventory, { groups = [], item }: Interface, subnet: InventoryItem): Peer {
  const names = groups.map((group) => inventory.having(group)?.id ?? group);
  return {
    groups,
    cidr: String(subnet.properties['CidrBlock']),
    name: `${names.join(' or ') || subnet.id} (${item.id})`,
  };
}

/** Returns the obstacle of a connection to an address outside the plan, or to the endpoint of an AWS service. */
function outsideObstacle(
  inventory: Inventory,
  source: Interface,
  outside: string,
  port: number,
): Obstacle | undefined {
  // A function without a VPC is in a network of AWS.
  if (!source.subnets) return undefined;
  const name = outside === 'internet' ? 'the internet' : `the AWS API (${outside})`;
  return firstOf(source.subnets, (id) => {
    const subnet = inventory.having(id);
    if (!subnet) return { verdict: 'not judged', reason: `subnet ${id} is not part of the plan` };
    const way = egressRoute(inventory, subnet, outside, source.hasPublicIp === true);
    const unresolved = resolverObstacle(inventory, subnet.properties['VpcId']);
    if (unresolved || 'verdict' in way) return unresolved ?? (way as Obstacle);
    if (way.kind === 'interface endpoint') return endpointObstacle(inventory, source, subnet, way.endpoint);
    const prefixList = 'prefixList' in way ? way.prefixList : undefined;
    const peer: Peer = { groups: [], cidr: ANYWHERE, name, prefixLists: prefixList ? [prefixList] : [] };
    const own = { subnet, cidr: String(subnet.properties['CidrBlock']) };
    return (
      securityGroupObstacle(inventory, source.groups ?? [], 'egress', peer, port) ??
      networkAclObstacle(inventory, own, { cidr: ANYWHERE }, port)
    );
  });
}

/** Returns the obstacle of an interface endpoint, which also has subnets and security groups. */
function endpointObstacle(
  inventory: Inventory,
  source: Interface,
  subnet: InventoryItem,
  item: InventoryItem,
): Obstacle | undefined {
  const { SubnetIds: subnets = [], SecurityGroupIds: groups = [] } = item.properties;
  const target = { item, subnets, groups };
  if (subnets.length === 0) return { verdict: 'not judged', reason: `the subnets of ${item.id} are unknown` };
  return firstOf<string>(subnets, (id) =>
    betweenSubnets(inventory, [source, String(subnet.attributes?.Ref)], [target, id], HTTPS),
  );
}

/** Returns the obstacle of a VPC without its DNS resolver: no host name resolves. */
function resolverObstacle(inventory: Inventory, vpc: string): Obstacle | undefined {
  const item = inventory.having(vpc);
  return String(item?.properties['EnableDnsSupport']) === 'false'
    ? { verdict: 'denied', reason: `${item!.id}: EnableDnsSupport is false, so no host name resolves` }
    : undefined;
}

/**
 * Returns the obstacle of any of the subnets, because tasks and functions run in all of them. A denial has priority.
 */
function firstOf<T>(items: readonly T[], check: (item: T) => Obstacle | undefined): Obstacle | undefined {
  const found = items.flatMap((item) => check(item) ?? []);
  return found.find(({ verdict }) => verdict === 'denied') ?? found[0];
}
