/** A property that differs. */
export interface PropertyChange {
  /** Such as `Properties.Tags` or `DeletionPolicy`. */
  readonly path: string;
  /** Undefined when it was not there. */
  readonly before: unknown;
  /** Undefined when it is gone. */
  readonly after: unknown;
}

/** A resource that differs between two plans, in more than how it is written. */
export interface Change {
  readonly stack: string;
  readonly logicalId: string;
  readonly resourceType: string;
  /** Path of the construct. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'replaced' | 'may-replace' | 'changed' | 'renamed';
  /** For a renamed one: its logical id before. */
  readonly formerLogicalId?: string;
  readonly properties: readonly PropertyChange[];
}
