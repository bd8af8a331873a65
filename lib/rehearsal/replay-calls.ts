import type { Inventory, InventoryItem } from './core/inventory';
import type { JudgedCall, TraceFile } from './core/trace';
import { callInWords } from './denials';
import { DEPLOYERS, judgeCall } from './iam/judge-call';
import type { Place } from './iam/required-permission';
import { usesOf } from './iam/uses';

/** A call that a plan no longer allows. */
export interface CallFinding {
  readonly call: JudgedCall;
  /** The call, as `caller → action on resource`. */
  readonly what: string;
  /** The missing or denying statement, or the part that can no longer be judged. */
  readonly reason: string;
}

/**
 * Judges the recorded calls of a rehearsal by another plan, and the permissions that the resources of that plan need.
 * A finding is a call that the rehearsal's plan allowed and the other plan does not.
 * @param region region of the plan
 */
export function replayCalls(trace: TraceFile, inventory: Inventory, region: string): CallFinding[] {
  const findings = new Map<string, CallFinding>();
  const note = (call: JudgedCall) => {
    const { verdict, reason = '' } = judgeCall(inventory, { ...call, resource: present(inventory, call) });
    if (verdict === 'allowed' || reason === DEPLOYERS) return;
    const what = callInWords(call);
    const why = verdict === 'denied' ? reason : `this call can no longer be judged: ${reason}`;
    findings.set(`${call.principal} ${call.action} ${why}`, { call, what, reason: why });
  };
  // A removed caller makes no more calls.
  for (const call of trace.calls) if (call.verdict === 'allowed' && callerExists(inventory, call)) note(call);
  // The names of a resource that the rehearsal did not create are unknown.
  for (const item of inventory.all)
    if (`${item.stack}/${item.id}` in trace.resources)
      for (const need of needsOf(item, { inventory, region })) note(need);
  return [...findings.values()];
}

/** Returns the present name of a call's resource. Each release has another revision of its task definition. */
function present(inventory: Inventory, { resource }: JudgedCall): string {
  const [, family] = /^(arn:aws:ecs:[^/]*:task-definition\/[^:]+:)\d+$/.exec(resource) ?? [];
  if (!family) return resource;
  const definitions = inventory.ofType('AWS::ECS::TaskDefinition').map(({ attributes }) => attributes?.Ref);
  return definitions.find((arn) => arn?.startsWith(family)) ?? resource;
}

function callerExists(inventory: Inventory, { caller: { stack, logicalId } }: JudgedCall): boolean {
  return stack === undefined || inventory.get(stack, logicalId) !== undefined;
}

function needsOf(item: InventoryItem, place: Place): JudgedCall[] {
  const caller = { stack: item.stack, logicalId: item.id };
  return usesOf(item, place).map(({ principal, action, resource, context = {} }) => ({
    caller,
    principal,
    action,
    resource,
    context,
    verdict: 'allowed',
  }));
}
