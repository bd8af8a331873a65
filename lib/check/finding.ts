/**
 * How much a finding of the check matters. An *error* keeps the application from production. A *warning* asks for a
 * change and blocks nothing. A *note* is worth knowing.
 */
export type CheckSeverity = 'error' | 'warning' | 'note';

/** All severities of the check, the most severe first. */
export const CHECK_SEVERITIES: readonly CheckSeverity[] = ['error', 'warning', 'note'];

/** Something that the application does against the framework. */
export interface CheckFinding {
  /** Name of the rule. */
  readonly rule: string;
  /** Section of Framework 5.3 that asks for it, such as `4.3`. */
  readonly section: string;
  /** Severity of the finding. */
  readonly severity: CheckSeverity;
  /** File, relative to the application's folder, with forward slashes. */
  readonly file: string;
  /**
   * Number of the line in the file, counted from 1.
   * @default - the finding is about the whole file
   */
  readonly line?: number;
  /** One or two sentences that say what is there. */
  readonly what: string;
  /** A sentence that says whom it hurts, and how. */
  readonly why: string;
  /** Steps that mend it, in order. */
  readonly fix: readonly string[];
  /** A few lines of code that show the mended state. */
  readonly example: string;
}

/** A finding that a comment in the application takes back. */
export interface SuppressedFinding extends CheckFinding {
  /** Reason that the comment gives. */
  readonly reason: string;
}

/** `server/db.ts:12`. */
export function placeText({ file, line }: Pick<CheckFinding, 'file' | 'line'>): string {
  return line === undefined ? file : `${file}:${line}`;
}
