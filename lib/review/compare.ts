import { canonicalPlan } from './canonical';
import type { Change, Comparison, ResourceChange } from './change';
import { compareStack } from './compare-stack';
import type { Plan, PlannedStack } from './plan';
import { matchRenamed } from './renamed';
import { withInputs } from './stack-inputs';

/** Returns the differences between two plans, by resource. */
export function changes(base: Plan, head: Plan): Change[] {
  return compare(base, head).resources.map(({ before: _before, after: _after, ...change }) => change);
}

/**
 * Compares two plans. A stack that only the head has is new. If only the base has a stack, CloudFormation keeps it,
 * unless it is nested: CloudFormation deletes a nested stack with its resource in the parent.
 */
export function compare(given: Plan, wanted: Plan): Comparison {
  const [base, head] = withInputs(given, wanted);
  const canonicalBase = canonicalPlan(base);
  const canonicalHead = canonicalPlan(head, { plan: base, canonical: canonicalBase });
  const former = new Map(canonicalBase.stacks.map((stack) => [stack.name, stack]));
  const resources = canonicalHead.stacks.flatMap((stack) => {
    const before = former.get(stack.name);
    return before && !isElsewhere(before, stack) ? compareStack(before, stack) : allAdded(stack);
  });
  const removed = removedNested(canonicalBase, canonicalHead).flatMap((stack) =>
    compareStack(stack, { ...stack, template: { Resources: {} } }),
  );
  return { base: canonicalBase, head: canonicalHead, resources: matchRenamed([...resources, ...removed]) };
}

/** Returns nested stacks that are removed while their parent stack remains. */
export function removedNested(base: Plan, head: Plan): PlannedStack[] {
  const names = new Set(head.stacks.map(({ name }) => name));
  return base.stacks.filter(({ name }) => {
    const outermost = name.split('/')[0]!;
    return outermost !== name && !names.has(name) && names.has(outermost);
  });
}

/** Returns true if the stack is in another region. CloudFormation treats it as another stack. */
function isElsewhere({ region }: PlannedStack, after: PlannedStack): boolean {
  return region !== undefined && after.region !== undefined && region !== after.region;
}

function allAdded(stack: PlannedStack): ResourceChange[] {
  const empty: PlannedStack = { ...stack, template: { Resources: {} } };
  return compareStack(empty, stack);
}
