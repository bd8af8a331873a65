import type { Inventory, InventoryItem } from '../core/inventory';
import { ACCOUNT } from '../core/properties';
import { managedPolicy } from './managed-policies';
import { type Policy, readPolicy } from './policy';
import { holderOf, resourcePolicies } from './resource-policies';

/** The policies of a role of the plan. */
export interface RolePolicies {
  readonly item: InventoryItem;
  readonly trust: readonly Policy[];
  readonly identity: readonly Policy[];
  /** Absent without a permissions boundary. */
  readonly boundary?: readonly Policy[];
}

const ATTACHED = new Set(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']);

/** The present policies of the account. */
export class AccountPolicies {
  /** By ARN. */
  readonly roles: ReadonlyMap<string, RolePolicies>;
  /** Policies of resources, by the ARN of the resource. */
  private readonly resources: ReadonlyMap<string, readonly Policy[]>;

  constructor(inventory: Inventory) {
    const roles = inventory.ofType('AWS::IAM::Role').filter(isCreated);
    const attached = inventory.all.filter((item) => ATTACHED.has(item.type) && isCreated(item));
    const byName = new Map<string, Policy[]>();
    for (const item of attached)
      for (const name of [item.properties['Roles'] ?? item.properties['RoleName'] ?? []].flat())
        byName.set(name, [...(byName.get(name) ?? []), read(item, item.properties['PolicyDocument'])]);
    this.roles = new Map(
      roles.map((item) => [item.attributes!['Arn']!, policiesOfRole(inventory, item, byName)]),
    );
    this.resources = resourcePolicies(inventory);
  }

  /** Returns the policies of the resource with an ARN. */
  of(resource: string): readonly Policy[] {
    return this.resources.get(holderOf(resource)) ?? [];
  }
}

const isCreated = ({ attributes }: InventoryItem): boolean => attributes !== undefined;

const read = ({ stack, id }: InventoryItem, document: unknown): Policy =>
  readPolicy({ stack, logicalId: id }, document);

function policiesOfRole(
  inventory: Inventory,
  item: InventoryItem,
  byName: ReadonlyMap<string, readonly Policy[]>,
): RolePolicies {
  const { properties, attributes } = item;
  const { Policies = [], ManagedPolicyArns = [], PermissionsBoundary, AssumeRolePolicyDocument } = properties;
  const inline = (Policies as { PolicyDocument: unknown }[]).map((one) => read(item, one.PolicyDocument));
  const managed = (ManagedPolicyArns as string[]).map((arn) => managedByArn(inventory, arn));
  return {
    item,
    trust: [read(item, AssumeRolePolicyDocument)],
    identity: [...inline, ...managed, ...(byName.get(attributes!.Ref) ?? [])],
    boundary: PermissionsBoundary && [managedByArn(inventory, String(PermissionsBoundary))],
  };
}

function managedByArn(inventory: Inventory, arn: string): Policy {
  const item = inventory.having(arn);
  if (item) return read(item, item.properties['PolicyDocument']);
  const document = managedPolicy(arn);
  if (document) return readPolicy(arn, document);
  const whose = arn.includes(`::${ACCOUNT}:`)
    ? 'is not part of the plan'
    : 'is an AWS managed policy that the rehearsal does not contain';
  return { source: arn, statements: [], unknown: `${arn} ${whose}` };
}
