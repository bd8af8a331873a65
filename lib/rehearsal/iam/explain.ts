import type { Inventory } from '../core/inventory';
import type { JudgedCall } from '../core/trace';
import type { Decision } from './evaluate';

type Denied = Extract<Decision, { verdict: 'denied' }>;
type Call = Pick<JudgedCall, 'principal' | 'action' | 'resource'>;

/** The statement that is missing or that denies, with the logical ids of the plan. */
export function explain(inventory: Inventory, call: Call, { kind, by }: Denied): string {
  const { principal, action, resource } = call;
  const on = nameOf(inventory, resource);
  const who = nameOf(inventory, principal);
  if (by) {
    const source = typeof by.source === 'string' ? by.source : by.source.logicalId;
    return `a statement of ${source} (${kind}) denies ${action} on ${on}`;
  }
  const isService = principal.endsWith('.amazonaws.com');
  const statement = (further: object) => JSON.stringify({ Effect: 'Allow', ...further });
  if (kind === 'resource-based policy') {
    const Principal = isService ? { Service: principal } : { AWS: who };
    if (action === 'lambda:InvokeFunction') return `${on} needs an AWS::Lambda::Permission for ${principal}`;
    const of = action === 'sts:AssumeRole' ? 'the trust policy' : 'the policy';
    return `${of} of ${on} needs ${statement({ Principal, Action: action })}`;
  }
  if (kind === 'identity-based policy') return `${who} needs ${statement({ Action: action, Resource: on })}`;
  return `the ${kind} of ${who} needs ${statement({ Action: action, Resource: on })}`;
}

/** An ARN in the words of the template: `${LogicalId.Arn}` and the part after it. */
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
