import type { Inventory, InventoryItem } from '../core/inventory';
import type { Party } from '../core/network';
import type { Placement } from '../core/placement';
import type { Properties } from '../core/properties';
import type { End } from '../core/trace';

/** A party of a connection, with its network. */
export interface Interface extends Partial<Placement> {
  /** The resource that has the network: for a task of a service, the service. */
  readonly item: InventoryItem;
}

type Reader = (item: InventoryItem, inventory: Inventory) => Placement | undefined;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const placed = (subnets: unknown, groups: unknown, hasPublicIp = false): Placement => ({
  subnets: list(subnets),
  groups: list(groups),
  hasPublicIp,
});

/** The network that a request to ECS gives tasks, as CloudFormation or the API spell it. */
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

/** Networks of the types that have one. A function or a canary without one is outside of all VPCs. */
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

/** The network of a resource. A resource that gives a task its network, as `Subnets` and `SecurityGroups`, has it too. */
export function placementOf(inventory: Inventory, item: InventoryItem): Placement | undefined {
  const reader = READERS[item.type];
  if (reader) return reader(item, inventory);
  const { Subnets, SecurityGroups } = item.properties;
  return Subnets && SecurityGroups ? placed(Subnets, SecurityGroups) : undefined;
}

/** The party of a connection in the plan; nothing for a party that is no part of the plan. */
export function interfaceOf(inventory: Inventory, party: Party): Interface | undefined {
  const item = findItem(inventory, party);
  if (!item) return undefined;
  if (party.placement) return { ...party.placement, item };
  return { ...placementOf(inventory, item), item };
}

/** A party as the end of a connection or call that a trace has; nothing for a party that is no part of the plan. */
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

/** The load balancer that forwards requests to a target group. */
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
