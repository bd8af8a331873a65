import type { PropertyChange } from './differences';
import type { Plan, Resource } from './plan';

export type { LeafChange, PropertyChange } from './differences';

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
