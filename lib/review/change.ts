import { canonicalPlan } from './canonical';
import { compareStack } from './compare-stack';
import type { PropertyChange } from './differences';
import type { Plan, PlannedStack, Resource } from './plan';
import { matchRenamed } from './renamed';

export type { PropertyChange } from './differences';

/** A resource that differs between two plans, in more than how it is written. */
export interface Change {
  readonly stack: string;
  readonly logicalId: string;
  readonly resourceType: string;
  /** Path of the construct. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'replaced' | 'may-replace' | 'changed' | 'renamed';
  /** For a renamed one: what it was called before. */
  readonly former?: { readonly stack: string; readonly logicalId: string };
  readonly properties: readonly PropertyChange[];
  /** Only the content of an asset differs, or the id of a release: new code, in the same place. */
  readonly contentOnly?: true;
}

/** A change, and the resource before and after it as canonical templates have it. */
export interface ResourceChange extends Change {
  readonly before?: Resource;
  readonly after?: Resource;
}

/** Two plans in canonical form and what differs. */
export interface Comparison {
  readonly base: Plan;
  readonly head: Plan;
  readonly resources: readonly ResourceChange[];
}

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
