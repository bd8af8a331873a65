import type { Finding } from '../findings/finding';

export { SEVERITIES, type Severity } from '../findings/finding';

/** A resource, or a part of it, in one of the plans. */
export interface Place {
  readonly stack: string;
  /** Empty for a finding about a whole stack. */
  readonly logicalId: string;
  /** Empty for a finding about a whole stack. */
  readonly resourceType: string;
  /** Path of the construct and, for a finding about one property, `#` and the path of that property. */
  readonly path: string;
}

/** A finding about a change. */
export type ReviewFinding = Finding<Place>;

/** A finding that a person accepted, and why. */
export interface AcceptedFinding extends ReviewFinding {
  readonly accepted: Acceptance;
}

/** A person's consent to a finding. */
export interface Acceptance {
  readonly reason: string;
  /** The last day on which the consent holds, such as `2027-01-31`. @default - it holds for this review alone */
  readonly until?: string;
  /** `--accept`, or the file and line that says so. */
  readonly source: string;
}

/** The most severe of the findings; notes alone are clean. */
export type Verdict = 'danger' | 'caution' | 'clean';
