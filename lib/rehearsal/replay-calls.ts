import type { Inventory, InventoryItem } from './core/inventory';
import type { JudgedCall, TraceFile } from './core/trace';
import { callInWords } from './denials';
import type { Place } from './iam/asked';
import { DEPLOYERS, judgeCall } from './iam/judge-call';
import { usesOf } from './iam/uses';

/** A call that a plan does not allow. */
export interface CallFinding {
  readonly call: JudgedCall;
  /** The call, as `caller → action on resource`. */
  readonly what: string;
  /** The statement that is missing or that denies, or the part that nobody can judge any more. */
  readonly reason: string;
}

/**
 * Judges the recorded calls of a rehearsal by another plan, and what the resources of that plan need in order to work. A
 * finding is what the rehearsal was allowed to do and the other plan does not allow.
 *
 * @param region region of the plan
 */
export function replayCalls(trace: TraceFile, inventory: Inventory, region: string): CallFinding[] {
  const findings = new Map<string, CallFinding>();
  const note = (call: JudgedCall) => {
    const { verdict, reason = '' } = judgeCall(inventory, { ...call, resource: present(inventory, call) });
    if (verdict === 'allowed' || reason === DEPLOYERS) return;
    const what = callInWords(call);
    const why = verdict === 'denied' ? reason : `nobody can judge this call any more: ${reason}`;
    findings.set(`${call.principal} ${call.action} ${why}`, { call, what, reason: why });
  };
  // A caller that is gone calls no more.
  for (const call of trace.calls) if (call.verdict === 'allowed' && isThere(inventory, call)) note(call);
  // The names of a resource that the rehearsal has not made are not known.
  for (const item of inventory.all)
    if (`${item.stack}/${item.id}` in trace.resources)
      for (const need of needsOf(item, { inventory, region })) note(need);
  return [...findings.values()];
}

/** The resource of a call as it is named now: each release has another revision of a task definition. */
function present(inventory: Inventory, { resource }: JudgedCall): string {
  const [, family] = /^(arn:aws:ecs:[^/]*:task-definition\/[^:]+:)\d+$/.exec(resource) ?? [];
  if (!family) return resource;
  const definitions = inventory.ofType('AWS::ECS::TaskDefinition').map(({ attributes }) => attributes?.Ref);
  return definitions.find((arn) => arn?.startsWith(family)) ?? resource;
}

function isThere(inventory: Inventory, { caller: { stack, logicalId } }: JudgedCall): boolean {
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
