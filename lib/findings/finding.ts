/**
 * How much a finding matters. A *danger* may destroy data, open access or stop users. A *caution* takes away
 * something that protects them, or interrupts them. A *note* is worth knowing.
 */
export type Severity = 'danger' | 'caution' | 'note';

/** All severities, the most severe first. */
export const SEVERITIES: readonly Severity[] = ['danger', 'caution', 'note'];

/** A finding that a person should look at, in the shape that every command uses. */
export interface Finding<Place> {
  /** Name of the rule. */
  readonly rule: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** The part that it is about. */
  readonly place: Place;
  /** One or two sentences that say what is there, or what changes from which value to which. */
  readonly what: string;
  /** One or two sentences that say whom it hurts, and how. */
  readonly why: string;
  /** Steps that avoid it, in order. */
  readonly fix: readonly string[];
  /** Page of the documentation that the finding rests on. */
  readonly link: string;
}
