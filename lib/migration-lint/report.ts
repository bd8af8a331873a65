/** One thing in a migration that should not reach a database in use. */
export interface Finding {
  /** What it is called in `-- framework53: allow RULE because …`. */
  readonly rule: string;
  /** Relative to the folder of migrations. */
  readonly file: string;
  readonly line: number;
  /** The statement on one line, shortened. */
  readonly statement: string;
  /** The tables, columns, … that it is about. */
  readonly objects: readonly string[];
  /** One sentence: whom it hurts and how. */
  readonly why: string;
  /** Steps that lead to the same schema and hurt nobody. */
  readonly remediation: readonly string[];
}

export interface AllowedFinding extends Finding {
  /** What stands behind `because`. */
  readonly reason: string;
}

export interface LintedFile {
  readonly file: string;
  /** Its name in drizzle's journal. */
  readonly tag: string;
  /** Whether it was judged: the database may not have it yet. */
  readonly pending: boolean;
  /**
   * Whether a server built before this migration may fail after it: it takes something away, or nobody can
   * tell. Allowed or not, pending or not; a way back across such a file is no way back.
   */
  readonly contracts: boolean;
  /** The rules that say so. */
  readonly contractedBy: readonly string[];
}

export interface LintReport {
  readonly formatVersion: 1;
  readonly files: readonly LintedFile[];
  /** What nobody has allowed, by file and line. */
  readonly findings: readonly Finding[];
  /** What was allowed, with the reason. */
  readonly allowed: readonly AllowedFinding[];
}
