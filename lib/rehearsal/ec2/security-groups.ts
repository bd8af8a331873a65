import type { Inventory } from '../core/inventory';
import type { Properties } from '../core/properties';
import { ANYWHERE, covers, isPublic } from './cidr';

/** The other end of a connection, in the terms of security group rules. */
export interface Peer {
  /** Ids of its security groups. */
  readonly groups: readonly string[];
  /** Its addresses. */
  readonly cidr: string;
  /** Ids of AWS prefix lists that contain its addresses. */
  readonly prefixLists?: readonly string[];
  /** Name of the peer in messages. */
  readonly name: string;
}

export type Direction = 'ingress' | 'egress';

/** The verdict of one part of the network. Undefined means that the part allows the connection. */
export interface Obstacle {
  readonly verdict: 'denied' | 'not judged';
  readonly reason: string;
}

const SPELLING = {
  ingress: {
    inline: 'SecurityGroupIngress',
    type: 'AWS::EC2::SecurityGroupIngress',
    group: 'SourceSecurityGroupId',
    list: 'SourcePrefixListId',
    side: 'from',
  },
  egress: {
    inline: 'SecurityGroupEgress',
    type: 'AWS::EC2::SecurityGroupEgress',
    group: 'DestinationSecurityGroupId',
    list: 'DestinationPrefixListId',
    side: 'to',
  },
} as const;

/** Returns the obstacle of security groups for a TCP connection. One matching rule of one group allows it. */
export function securityGroupObstacle(
  inventory: Inventory,
  groups: readonly string[],
  direction: Direction,
  peer: Peer,
  port: number,
): Obstacle | undefined {
  const { side } = SPELLING[direction];
  const names = groups.map((group) => inventory.having(group)?.id ?? group).join(' and ');
  if (groups.length === 0)
    return direction === 'egress'
      ? undefined
      : {
          verdict: 'not judged',
          reason: `the rules of the VPC's default security group decide (${direction})`,
        };
  const foreign = groups.find((group) => !inventory.having(group));
  const rules = groups.flatMap((group) => rulesOf(inventory, group, direction));
  const fitting = rules.filter((rule) => hasPort(rule, port));
  if (fitting.some((rule) => isAbout(inventory, rule, direction, peer))) return undefined;
  if (foreign) return { verdict: 'not judged', reason: `security group ${foreign} is not part of the plan` };
  if (peer.cidr === ANYWHERE && fitting.some((rule) => rule['CidrIp'] && isPublic(rule['CidrIp'])))
    return { verdict: 'not judged', reason: `${names} names addresses that may include ${peer.name}` };
  const verb = groups.length > 1 ? 'have' : 'has';
  const lacking = `${names} ${verb} no ${direction} rule for tcp ${port} ${side} ${peer.name}`;
  return { verdict: 'denied', reason: lacking };
}

/**
 * Returns the rules of a group, including those in separate resources. A group without egress rules allows all
 * outbound traffic.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html
 */
function rulesOf(inventory: Inventory, group: string, direction: Direction): Properties[] {
  const { inline, type } = SPELLING[direction];
  const own: Properties[] = inventory.having(group)?.properties[inline] ?? [];
  const separate = inventory.ofType(type).filter(({ properties }) => properties['GroupId'] === group);
  const rules = [...own, ...separate.map(({ properties }) => properties)];
  return direction === 'egress' && rules.length === 0 && inventory.having(group)
    ? [{ IpProtocol: '-1', CidrIp: ANYWHERE }]
    : rules;
}

function hasPort({ IpProtocol, FromPort, ToPort }: Properties, port: number): boolean {
  if (String(IpProtocol) === '-1') return true;
  return /^(tcp|6)$/i.test(String(IpProtocol)) && port >= Number(FromPort) && port <= Number(ToPort);
}

function isAbout(inventory: Inventory, rule: Properties, direction: Direction, peer: Peer): boolean {
  const { group, list } = SPELLING[direction];
  const listed = rule[list];
  const entries: Properties[] = inventory.having(listed)?.properties['Entries'] ?? [];
  return (
    peer.groups.includes(rule[group]) ||
    (peer.prefixLists ?? []).includes(listed) ||
    [rule['CidrIp'], ...entries.map(({ Cidr }) => Cidr)].some((cidr) => cidr && covers(cidr, peer.cidr))
  );
}
