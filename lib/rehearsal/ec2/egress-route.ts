import type { Inventory, InventoryItem } from '../core/inventory';
import { ANYWHERE, covers } from './cidr';
import type { Obstacle } from './security-groups';

/** Prefix lists of AWS for gateway endpoints, by service. */
export const PREFIX_LISTS: Readonly<Record<string, string>> = {
  s3: 'pl-63a5400a',
  dynamodb: 'pl-02cd2c6b',
};

/** The route of a connection out of a subnet. */
export type EgressRoute =
  | { readonly kind: 'internet' }
  | {
      readonly kind: 'gateway endpoint';
      readonly endpoint: InventoryItem;
      readonly prefixList?: string;
    }
  | { readonly kind: 'interface endpoint'; readonly endpoint: InventoryItem };

/**
 * Returns the route from a subnet to a destination outside the VPC, or the obstacle.
 * @param outside an AWS service such as `ecs`, `aws` for any of them, or `internet`
 */
export function egressRoute(
  inventory: Inventory,
  subnet: InventoryItem,
  outside: string,
  hasPublicIp: boolean,
): EgressRoute | Obstacle {
  const table = routeTableOf(inventory, subnet);
  const vpc = subnet.properties['VpcId'];
  const serves = ({ properties }: InventoryItem): boolean =>
    outside !== 'internet' &&
    (outside === 'aws' || String(properties['ServiceName']).endsWith(`.${outside}`)) &&
    properties['VpcId'] === vpc;
  const endpoints = inventory.ofType('AWS::EC2::VPCEndpoint').filter(serves);
  const isPrivateName = ({ properties }: InventoryItem): boolean =>
    properties['VpcEndpointType'] === 'Interface' && String(properties['PrivateDnsEnabled']) === 'true';
  const endpoint = endpoints.find(isPrivateName);
  // The service's name resolves to the interface endpoint, even if the subnet has another route.
  if (endpoint && outside !== 'aws') return { kind: 'interface endpoint', endpoint };
  const ref = table?.attributes?.Ref;
  const gateway = endpoints.find(({ properties }) => (properties['RouteTableIds'] ?? []).includes(ref));
  if (gateway) return { kind: 'gateway endpoint', endpoint: gateway, prefixList: PREFIX_LISTS[outside] };
  if (endpoint) return { kind: 'interface endpoint', endpoint };
  return defaultRoute(inventory, subnet, table, hasPublicIp);
}

/** Returns the route table of a subnet, or undefined for the main route table, which has no other routes in a plan. */
function routeTableOf(inventory: Inventory, subnet: InventoryItem): InventoryItem | undefined {
  const association = inventory
    .ofType('AWS::EC2::SubnetRouteTableAssociation')
    .find(({ properties }) => properties['SubnetId'] === subnet.attributes?.Ref);
  return association && inventory.having(association.properties['RouteTableId']);
}

function defaultRoute(
  inventory: Inventory,
  subnet: InventoryItem,
  table: InventoryItem | undefined,
  hasPublicIp: boolean,
): EgressRoute | Obstacle {
  const denied = (reason: string): Obstacle => ({ verdict: 'denied', reason });
  if (!table)
    return denied(`${subnet.id} has no SubnetRouteTableAssociation, so its only route is local to the VPC`);
  const route = inventory
    .ofType('AWS::EC2::Route')
    .find(
      ({ properties }) =>
        properties['RouteTableId'] === table.attributes?.Ref &&
        covers(String(properties['DestinationCidrBlock']), ANYWHERE),
    );
  if (!route)
    return denied(
      `route table ${table.id} of ${subnet.id} has no route to a NAT gateway or internet gateway`,
    );
  const { NatGatewayId, GatewayId } = route.properties;
  if (NatGatewayId) return natGateway(inventory, route, NatGatewayId);
  if (!String(GatewayId).startsWith('igw-'))
    return {
      verdict: 'not judged',
      reason: `route ${route.id} uses a gateway type that the rehearsal does not support`,
    };
  if (!hasPublicIp)
    return denied(`${subnet.id} routes to an internet gateway, which needs a public address; there is none`);
  return attached(inventory, subnet, GatewayId);
}

function natGateway(inventory: Inventory, route: InventoryItem, id: string): EgressRoute | Obstacle {
  const nat = inventory.having(id);
  const denied = (reason: string): Obstacle => ({ verdict: 'denied', reason });
  if (!nat) return { verdict: 'not judged', reason: `NAT gateway ${id} is not part of the plan` };
  const { ConnectivityType, AllocationId, SubnetId } = nat.properties;
  if (ConnectivityType === 'private') return denied(`NAT gateway ${nat.id} is private`);
  if (!AllocationId) return denied(`NAT gateway ${nat.id} has no AllocationId, so it has no public address`);
  const subnet = inventory.having(SubnetId);
  if (!subnet)
    return {
      verdict: 'not judged',
      reason: `the subnet of NAT gateway ${nat.id} is not part of the plan (route ${route.id})`,
    };
  return defaultRoute(inventory, subnet, routeTableOf(inventory, subnet), true);
}

function attached(inventory: Inventory, subnet: InventoryItem, gateway: string): EgressRoute | Obstacle {
  const vpc = subnet.properties['VpcId'];
  if (internetGatewaysOf(inventory, vpc).includes(gateway)) return { kind: 'internet' };
  const name = inventory.having(gateway)?.id ?? gateway;
  return {
    verdict: 'denied',
    reason: `internet gateway ${name} has no VPCGatewayAttachment to the VPC of ${subnet.id}`,
  };
}

/** Returns the ids of the internet gateways that are attached to a VPC. */
export function internetGatewaysOf(inventory: Inventory, vpc: string): string[] {
  return inventory
    .ofType('AWS::EC2::VPCGatewayAttachment')
    .filter(({ properties }) => properties['VpcId'] === vpc && properties['InternetGatewayId'])
    .map(({ properties }) => String(properties['InternetGatewayId']));
}
