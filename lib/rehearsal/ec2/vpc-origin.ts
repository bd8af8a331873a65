import type { Inventory, InventoryItem } from '../core/inventory';
import { ANYWHERE } from './cidr';
import { egressRoute, internetGatewaysOf } from './egress-route';
import type { Interface } from './interfaces';
import { type Obstacle, securityGroupObstacle } from './security-groups';

/** Prefix list `com.amazonaws.global.cloudfront.origin-facing`. */
export const CLOUDFRONT_PREFIX_LIST = 'pl-3b927c52';

/**
 * Returns the obstacle between CloudFront and a load balancer. A VPC origin connects from within the VPC, which needs
 * an internet gateway. Any other origin needs a public address.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 */
export function vpcOriginObstacle(
  inventory: Inventory,
  distribution: InventoryItem,
  { item, subnets = [], groups = [], hasPublicIp }: Interface,
  port: number,
): Obstacle | undefined {
  const origin = inventory
    .ofType('AWS::CloudFront::VpcOrigin')
    .find(({ properties }) => properties['VpcOriginEndpointConfig']?.Arn === item.attributes?.Ref);
  const peer = {
    groups: [],
    cidr: ANYWHERE,
    prefixLists: [CLOUDFRONT_PREFIX_LIST],
    name: `CloudFront (${origin?.id ?? distribution.id})`,
  };
  const gate = origin ? gatewayObstacle(inventory, origin, subnets) : publicObstacle();
  return gate ?? securityGroupObstacle(inventory, groups, 'ingress', peer, port);

  function publicObstacle(): Obstacle | undefined {
    if (!hasPublicIp)
      return { verdict: 'denied', reason: `${item.id} is internal and has no AWS::CloudFront::VpcOrigin` };
    for (const subnet of subnets.flatMap((id) => inventory.having(id) ?? [])) {
      const way = egressRoute(inventory, subnet, 'internet', true);
      if ('verdict' in way) return way;
    }
    return undefined;
  }
}

function gatewayObstacle(
  inventory: Inventory,
  origin: InventoryItem,
  subnets: readonly string[],
): Obstacle | undefined {
  const vpc = inventory.having(subnets[0])?.properties['VpcId'];
  if (!vpc) return { verdict: 'not judged', reason: `the VPC of ${origin.id} is not part of the plan` };
  if (internetGatewaysOf(inventory, vpc).length > 0) return undefined;
  return {
    verdict: 'denied',
    reason: `the VPC of ${origin.id} has no internet gateway, which CloudFront requires for a VPC origin`,
  };
}
