import type { Finding as SharedFinding } from '../findings/finding';

/** A statement in a file of migrations. */
export interface Place {
  /** Relative to the folder of migrations. */
  readonly file: string;
  readonly line: number;
}

/** One thing in a migration that should not reach a database in use. `rule` is its name in `allow RULE because …`. */
export interface Finding extends SharedFinding<Place> {
  /** The statement on one line, shortened; empty for a finding about a file. */
  readonly statement: string;
  /** The tables, columns, … that it is about. */
  readonly objects: readonly string[];
}

export interface AllowedFinding extends Finding {
  /** The words behind `because`. */
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
  /** The findings that nobody has allowed, by file and line. */
  readonly findings: readonly Finding[];
  /** The findings that somebody allowed, with the reason. */
  readonly allowed: readonly AllowedFinding[];
}
