import type { CheckFinding, CheckSeverity } from './finding';
import type { CheckedApplication } from './sources/checked-application';

/** One place that breaks a rule. The rule has the values of the fields that it leaves out. */
export interface Found {
  readonly file: string;
  readonly line?: number | undefined;
  readonly what: string;
  readonly why?: string;
  readonly fix?: readonly string[];
  readonly severity?: CheckSeverity;
}

/** One thing that Framework 5.3 asks of an application. */
export interface Rule extends Omit<CheckFinding, 'file' | 'line' | 'what'> {
  /** A sentence that says what the application must do, for the list of rules. */
  readonly asks: string;
  find(application: CheckedApplication): readonly Found[] | Promise<readonly Found[]>;
}
