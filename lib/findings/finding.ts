/**
 * Severity of a finding. A *danger* may destroy data, open access or stop users. A *caution* removes a protection, or
 * interrupts users. A *note* is for information.
 */
export type Severity = 'danger' | 'caution' | 'note';

/** All severities, the most severe first. */
export const SEVERITIES: readonly Severity[] = ['danger', 'caution', 'note'];

/** A finding for people, in the format that every command uses. */
export interface Finding<Place> {
  /** Name of the rule. */
  readonly rule: string;
  /** Severity of the finding. */
  readonly severity: Severity;
  /** The part of the plan or application with the finding. */
  readonly place: Place;
  /** One or two sentences with the fact, or with the values before and after a change. */
  readonly what: string;
  /** One or two sentences with the consequence, and the people or programs that it affects. */
  readonly why: string;
  /** Steps that avoid the consequence, in order. */
  readonly fix: readonly string[];
  /** Documentation page for the finding. */
  readonly link: string;
}
