import type { Inventory, InventoryItem } from '../core/inventory';
import type { Party } from '../core/network';
import type { Placement } from '../core/placement';
import type { Properties } from '../core/properties';
import type { End } from '../core/trace';

/** One end of a connection, with its network. */
export interface Interface extends Partial<Placement> {
  /** The resource that has the network. For a task of a service, this is the service. */
  readonly item: InventoryItem;
}

type Reader = (item: InventoryItem, inventory: Inventory) => Placement | undefined;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const placed = (subnets: unknown, groups: unknown, hasPublicIp = false): Placement => ({
  subnets: list(subnets),
  groups: list(groups),
  hasPublicIp,
});

/** Returns the network in a request to ECS, in the spelling of CloudFormation or of the API. */
export function awsvpc(configuration: Properties | undefined): Placement | undefined {
  const given = configuration?.['AwsvpcConfiguration'] ?? configuration?.['awsvpcConfiguration'];
  if (!given) return undefined;
  const publicIp = given.AssignPublicIp ?? given.assignPublicIp;
  return placed(
    given.Subnets ?? given.subnets,
    given.SecurityGroups ?? given.securityGroups,
    publicIp === 'ENABLED',
  );
}

/** Readers of the network of each type. A function or a canary without a network is outside all VPCs. */
const READERS: Readonly<Record<string, Reader>> = {
  'AWS::Lambda::Function': ({ properties: { VpcConfig: vpc } }) =>
    vpc && placed(vpc.SubnetIds, vpc.SecurityGroupIds),
  'AWS::Synthetics::Canary': ({ properties: { VPCConfig: vpc } }) =>
    vpc && placed(vpc.SubnetIds, vpc.SecurityGroupIds),
  'AWS::ECS::Service': ({ properties }) => awsvpc(properties['NetworkConfiguration']),
  'AWS::RDS::DBCluster': ({ properties }, inventory) =>
    placed(
      inventory.having(properties['DBSubnetGroupName'])?.properties['SubnetIds'],
      properties['VpcSecurityGroupIds'],
    ),
  'AWS::RDS::DBProxy': ({ properties }) =>
    placed(properties['VpcSubnetIds'], properties['VpcSecurityGroupIds']),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ properties }) =>
    placed(properties['Subnets'], properties['SecurityGroups'], properties['Scheme'] !== 'internal'),
};

/**
 * Returns the network of a resource, or the network that a resource gives to a task with `Subnets` and
 * `SecurityGroups`.
 */
export function placementOf(inventory: Inventory, item: InventoryItem): Placement | undefined {
  const reader = READERS[item.type];
  if (reader) return reader(item, inventory);
  const { Subnets, SecurityGroups } = item.properties;
  return Subnets && SecurityGroups ? placed(Subnets, SecurityGroups) : undefined;
}

/** Returns the end of a connection in the plan, or undefined if it is not part of the plan. */
export function interfaceOf(inventory: Inventory, party: Party): Interface | undefined {
  const item = findItem(inventory, party);
  if (!item) return undefined;
  if (party.placement) return { ...party.placement, item };
  return { ...placementOf(inventory, item), item };
}

/** A party as the end of a connection or call that a trace has; nothing for a party outside the plan. */
export function endOf(inventory: Inventory, party: Party): End | undefined {
  const found = interfaceOf(inventory, party);
  if (!found) return undefined;
  const { placement } = party;
  return {
    resource: { stack: found.item.stack, logicalId: found.item.id },
    ...(placement && { placement }),
  };
}

function findItem(inventory: Inventory, { stack, name }: Party): InventoryItem | undefined {
  const item = stack ? inventory.get(stack, name) : inventory.all.find(({ id }) => id === name);
  return item?.type === 'AWS::ElasticLoadBalancingV2::TargetGroup' ? balancerOf(inventory, item) : item;
}

/** Returns the load balancer that forwards requests to a target group. */
function balancerOf(inventory: Inventory, group: InventoryItem): InventoryItem | undefined {
  const arn = group.attributes?.Ref;
  const isForwarding = ({ properties }: InventoryItem): boolean =>
    arn !== undefined &&
    JSON.stringify([properties['Actions'], properties['DefaultActions']]).includes(`"${arn}"`);
  const rules = inventory.ofType(
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    'AWS::ElasticLoadBalancingV2::Listener',
  );
  const rule = rules.find(isForwarding);
  const listener = rule?.properties['ListenerArn'] ? inventory.having(rule.properties['ListenerArn']) : rule;
  return listener && inventory.having(listener.properties['LoadBalancerArn']);
}
