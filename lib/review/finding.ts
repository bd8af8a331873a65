/**
 * How much a finding matters: *danger* may destroy data, open access or stop users; *caution* takes something
 * away that protects them, or interrupts; *note* is worth knowing.
 */
export type Severity = 'danger' | 'caution' | 'note';

/** The most severe first. */
export const SEVERITIES: readonly Severity[] = ['danger', 'caution', 'note'];

/** What a rule has to say about a change. */
export interface Finding {
  /** Name of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly stack: string;
  /** Empty when it is about a stack as a whole. */
  readonly logicalId: string;
  /** Empty when it is about a stack as a whole. */
  readonly resourceType: string;
  /** Path of the construct and, when it is about one property, `#` and that property's path. */
  readonly path: string;
  /** What changes, with the values before and after, and why that matters. */
  readonly message: string;
  /** What to do instead. */
  readonly advice: string;
}

/** What the findings add up to: notes alone are clean. */
export type Verdict = 'danger' | 'caution' | 'clean';
