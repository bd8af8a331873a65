import type { CheckFinding, CheckSeverity } from './finding';
import type { CheckedApplication } from './sources/checked-application';

/** One place that violates a rule. Missing fields have the values of the rule. */
export interface Found {
  readonly file: string;
  readonly line?: number | undefined;
  readonly what: string;
  readonly why?: string;
  readonly fix?: readonly string[];
  readonly severity?: CheckSeverity;
}

/** One requirement of Framework 5.3. */
export interface Rule extends Omit<CheckFinding, 'file' | 'line' | 'what'> {
  /** A sentence with the requirement, for the list of rules. */
  readonly asks: string;
  find(application: CheckedApplication): readonly Found[] | Promise<readonly Found[]>;
}
