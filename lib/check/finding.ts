/**
 * Severity of a finding. An *error* prevents deployments to production. A *warning* asks for a change, but prevents
 * nothing. A *note* is for information.
 */
export type CheckSeverity = 'error' | 'warning' | 'note';

/** All severities of the check, the most severe first. */
export const CHECK_SEVERITIES: readonly CheckSeverity[] = ['error', 'warning', 'note'];

/** A place where the application violates the framework. */
export interface CheckFinding {
  /** Name of the rule. */
  readonly rule: string;
  /** Section of Framework 5.3 with the requirement, such as `4.3`. */
  readonly section: string;
  /** Severity of the finding. */
  readonly severity: CheckSeverity;
  /** File, relative to the application's folder, with forward slashes. */
  readonly file: string;
  /**
   * Line number in the file, starting at 1.
   * @default - the finding is about the whole file
   */
  readonly line?: number;
  /** One or two sentences that describe the violation. */
  readonly what: string;
  /** A sentence about the consequence. */
  readonly why: string;
  /** Steps that fix the violation, in order. */
  readonly fix: readonly string[];
  /** A few lines of correct code. */
  readonly example: string;
}

/** A finding that a comment in the application suppresses. */
export interface SuppressedFinding extends CheckFinding {
  /** Reason in the comment. */
  readonly reason: string;
}

/** Returns the place as text, such as `server/db.ts:12`. */
export function placeText({ file, line }: Pick<CheckFinding, 'file' | 'line'>): string {
  return line === undefined ? file : `${file}:${line}`;
}
