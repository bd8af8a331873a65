import type { Inventory, InventoryItem } from '../core/inventory';
import type { Properties } from '../core/properties';
import { covers, overlaps } from './cidr';
import type { Direction, Obstacle } from './security-groups';

/** Port range of the return traffic. */
const EPHEMERAL: readonly [number, number] = [1024, 65_535];

/**
 * Returns the obstacle of the network ACLs between two subnets, for a TCP connection or its return traffic. An ACL
 * does not apply within its subnet.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
export function networkAclObstacle(
  inventory: Inventory,
  from: { readonly subnet?: InventoryItem; readonly cidr: string },
  to: { readonly subnet?: InventoryItem; readonly cidr: string },
  port: number,
): Obstacle | undefined {
  if (from.subnet && from.subnet === to.subnet) return undefined;
  const way = [port, port] as const;
  return (
    check(inventory, from.subnet, 'egress', to.cidr, way) ??
    check(inventory, to.subnet, 'ingress', from.cidr, way) ??
    check(inventory, to.subnet, 'egress', from.cidr, EPHEMERAL) ??
    check(inventory, from.subnet, 'ingress', to.cidr, EPHEMERAL)
  );
}

function check(
  inventory: Inventory,
  subnet: InventoryItem | undefined,
  direction: Direction,
  cidr: string,
  [from, to]: readonly [number, number],
): Obstacle | undefined {
  const association = inventory
    .ofType('AWS::EC2::SubnetNetworkAclAssociation')
    .find(({ properties }) => subnet && properties['SubnetId'] === subnet.attributes?.Ref);
  // The default ACL of a VPC allows everything.
  if (!association) return undefined;
  const acl = association.properties['NetworkAclId'];
  const entries = inventory
    .ofType('AWS::EC2::NetworkAclEntry')
    .map(({ properties }) => properties)
    .filter((entry) => entry['NetworkAclId'] === acl && isTrue(entry['Egress']) === (direction === 'egress'))
    .sort((a, b) => Number(a['RuleNumber']) - Number(b['RuleNumber']));
  const isAllowed = entries.find((entry) => decides(entry, cidr, from, to))?.['RuleAction'] === 'allow';
  if (isAllowed) return undefined;
  const name = inventory.having(acl)?.id ?? acl;
  const ports = from === to ? from : `${from}-${to}`;
  const side = direction === 'egress' ? 'to' : 'from';
  return {
    verdict: 'denied',
    reason: `network ACL ${name} of ${subnet!.id} does not allow ${direction} of tcp ${ports} ${side} ${cidr}`,
  };
}

/** Returns true if an entry decides: it allows all of the addresses and ports, or denies some of them. */
function decides(entry: Properties, cidr: string, from: number, to: number): boolean {
  const range = entry['CidrBlock'];
  if (!range || !/^(-1|6)$/.test(String(entry['Protocol']))) return false;
  const { From = 0, To = 65_535 } = String(entry['Protocol']) === '6' ? (entry['PortRange'] ?? {}) : {};
  return entry['RuleAction'] === 'allow'
    ? covers(range, cidr) && Number(From) <= from && Number(To) >= to
    : overlaps(range, cidr) && Number(From) <= to && Number(To) >= from;
}

const isTrue = (value: unknown): boolean => String(value) === 'true';
