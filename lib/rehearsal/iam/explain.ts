import type { Inventory, InventoryItem } from '../core/inventory';
import type { JudgedCall } from '../core/trace';
import type { Decision } from './evaluate';
import type { NearMiss } from './near-miss';
import type { Policy } from './policy';
import { holderOf } from './resource-policies';

type Denied = Extract<Decision, { verdict: 'denied' }>;
type Call = Pick<JudgedCall, 'principal' | 'action' | 'resource'>;

/** The principal of a use whose resource names no role. */
export const NO_ROLE = 'undefined';

/** Descriptions of principals without a name in the plan. */
const NAMES: Readonly<Record<string, string>> = {
  [NO_ROLE]: 'a role, which is missing,',
  'cloudformation.amazonaws.com': 'the deploying principal',
};

/**
 * Describes the missing or denying statement, with the logical ids of the plan.
 * @param more condition that stops a statement of the plan from allowing the call, and VPC endpoint of the call
 */
export function explain(
  inventory: Inventory,
  call: Call,
  { kind, by }: Denied,
  { miss, endpoint }: { readonly miss?: NearMiss; readonly endpoint?: InventoryItem } = {},
): string {
  const { principal, action, resource } = call;
  const on = nameOf(inventory, resource);
  if (by) return `a statement of ${sourceOf(by)} (${kind}) denies ${action} on ${on}`;
  const who = NAMES[principal] ?? nameOf(inventory, principal);
  const condition = miss ? `; ${inWords(inventory, miss)}` : '';
  const statement = (further: object) => `${JSON.stringify({ Effect: 'Allow', ...further })}${condition}`;
  if (kind === 'resource-based policy') {
    const isService = principal.endsWith('.amazonaws.com') && !NAMES[principal];
    const Principal = isService ? { Service: principal } : { AWS: who };
    if (action === 'lambda:InvokeFunction')
      return `${on} needs an AWS::Lambda::Permission for ${principal}${condition}`;
    const holder = nameOf(inventory, holderOf(resource));
    const of = action === 'sts:AssumeRole' ? 'the trust policy' : 'the policy';
    const Resource = holder === on ? {} : { Resource: on };
    return `${of} of ${holder} needs ${statement({ Principal, Action: action, ...Resource })}`;
  }
  if (kind === 'VPC endpoint policy')
    return `the policy of the VPC endpoint ${endpoint!.id} needs ${statement({ Principal: '*', Action: action, Resource: on })}`;
  const needed = statement({ Action: action, Resource: on });
  return kind === 'identity-based policy'
    ? `${who} needs ${needed}`
    : `the ${kind} of ${who} needs ${needed}`;
}

function inWords(inventory: Inventory, { policy, condition, actual }: NearMiss): string {
  const { operator, key, values } = condition;
  const named = (list: readonly string[]) => list.map((one) => nameOf(inventory, one)).join(' or ');
  return `a statement of ${sourceOf(policy)} has the condition ${operator} ${key}: ${named(values)}, and the request has ${named(actual) || 'no such key'}`;
}

const sourceOf = ({ source }: Policy): string => (typeof source === 'string' ? source : source.logicalId);

/** Returns an ARN in the notation of the template: `${LogicalId.Arn}` and the rest. */
export function nameOf(inventory: Inventory, arn: string): string {
  let best = { length: 11, text: arn };
  for (const { id, attributes } of inventory.all)
    for (const [name, value] of Object.entries(attributes ?? {})) {
      const stem = value.replace(/\*$/, '');
      if (stem.length <= best.length || !arn.startsWith(stem)) continue;
      const rest = arn.slice(stem.length);
      if (rest && !/[:/]$/.test(stem) && !/^[:/]/.test(rest)) continue;
      const reference = name === 'Ref' ? `\${${id}}` : `\${${id}.${name}}`;
      best = { length: stem.length, text: `${reference}${rest}` };
    }
  return best.text;
}
