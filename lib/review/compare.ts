import { canonicalPlan } from './canonical';
import type { Change, Comparison, ResourceChange } from './change';
import { compareStack } from './compare-stack';
import type { Plan, PlannedStack } from './plan';
import { matchRenamed } from './renamed';

/** What one plan has that another has not, resource by resource. */
export function changes(base: Plan, head: Plan): Change[] {
  return compare(base, head).resources.map(({ before: _before, after: _after, ...change }) => change);
}

/** Compares two plans. Stacks that one of them has not are new, or left alone: nobody deletes a stack. */
export function compare(base: Plan, head: Plan): Comparison {
  const canonicalBase = canonicalPlan(base);
  const canonicalHead = canonicalPlan(head, { plan: base, canonical: canonicalBase });
  const former = new Map(canonicalBase.stacks.map((stack) => [stack.name, stack]));
  const resources = canonicalHead.stacks.flatMap((stack) => {
    const before = former.get(stack.name);
    return before && !isElsewhere(before, stack) ? compareStack(before, stack) : allAdded(stack);
  });
  return { base: canonicalBase, head: canonicalHead, resources: matchRenamed(resources) };
}

/** A stack of the same name in another region is another stack. */
function isElsewhere({ region }: PlannedStack, after: PlannedStack): boolean {
  return region !== undefined && after.region !== undefined && region !== after.region;
}

function allAdded(stack: PlannedStack): ResourceChange[] {
  const empty: PlannedStack = { ...stack, template: { Resources: {} } };
  return compareStack(empty, stack);
}
