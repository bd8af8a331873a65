import type { PropertyChange } from './differences';
import type { Plan, Resource } from './plan';

export type { LeafChange, PropertyChange } from './differences';

/** A resource whose meaning differs between two plans. */
export interface Change {
  readonly stack: string;
  readonly logicalId: string;
  readonly resourceType: string;
  /** Path of the construct. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'replaced' | 'may-replace' | 'changed' | 'renamed';
  /** The former stack and logical id of a renamed resource. */
  readonly former?: { readonly stack: string; readonly logicalId: string };
  readonly properties: readonly PropertyChange[];
  /** True if only the content of an asset or a release id differs: new code, same configuration. */
  readonly contentOnly?: true;
}

/** A change, with the resource in canonical form before and after it. */
export interface ResourceChange extends Change {
  readonly before?: Resource;
  readonly after?: Resource;
}

/** Two plans in canonical form, and their differences. */
export interface Comparison {
  readonly base: Plan;
  readonly head: Plan;
  readonly resources: readonly ResourceChange[];
}
