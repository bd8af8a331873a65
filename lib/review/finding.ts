import type { Finding } from '../findings/finding';

export { SEVERITIES, type Severity } from '../findings/finding';

/** A resource, or a part of it, in one of the plans. */
export interface Place {
  readonly stack: string;
  /** Empty for a finding about a whole stack. */
  readonly logicalId: string;
  /** Empty for a finding about a whole stack. */
  readonly resourceType: string;
  /** Path of the construct. For a finding about one property, followed by `#` and the path of the property. */
  readonly path: string;
}

/** A finding about a change. */
export type ReviewFinding = Finding<Place>;

/** A finding that a person accepted, with the reason. */
export interface AcceptedFinding extends ReviewFinding {
  readonly accepted: Acceptance;
}

/** A person's acceptance of a finding. */
export interface Acceptance {
  readonly reason: string;
  /** The last day on which the acceptance is valid, such as `2027-01-31`. @default - only this review */
  readonly until?: string;
  /** `--accept`, or the file and line of the acceptance. */
  readonly source: string;
}

/** The severity of the most severe finding. With notes only, the verdict is `clean`. */
export type Verdict = 'danger' | 'caution' | 'clean';
