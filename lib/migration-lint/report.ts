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

/** A migration, and the lint's judgement of it. */
export interface LintedFile {
  /** Path of the file, relative to the folder of migrations. */
  readonly file: string;
  /** Name of the migration in drizzle's journal. */
  readonly tag: string;
  /** True if the database may not have the migration yet. The lint judges such files alone. */
  readonly pending: boolean;
  /**
   * True if a server that was built before this migration may fail after it: the migration removes something, or
   * the lint cannot tell. `framework53 rollback` does not go back across such a migration.
   */
  readonly contracts: boolean;
  /** The rules that set `contracts`. */
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
