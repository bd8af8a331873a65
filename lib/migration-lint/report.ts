import type { Finding as SharedFinding } from '../findings/finding';

/** A statement in a migration file. */
export interface Place {
  /** Relative to the folder of migrations. */
  readonly file: string;
  readonly line: number;
}

/** A statement or a file that is unsafe for a database in use. `rule` is its name in `allow RULE because …`. */
export interface Finding extends SharedFinding<Place> {
  /** The statement on one line, shortened to 100 characters; empty for a finding about a file. */
  readonly statement: string;
  /** The tables, columns or other objects that the finding is about. */
  readonly objects: readonly string[];
}

export interface AllowedFinding extends Finding {
  /** The reason after `because`. */
  readonly reason: string;
}

/** A migration, and the lint's judgement of it. */
export interface LintedFile {
  /** Path of the file, relative to the folder of migrations. */
  readonly file: string;
  /** Name of the migration in drizzle's journal. */
  readonly tag: string;
  /** True if the database may not have the migration yet. The lint reports findings only for these files. */
  readonly pending: boolean;
  /**
   * True if a server that was built before this migration may fail after it: the migration removes something, or the
   * lint cannot tell. `framework53 rollback` refuses to go back across such a migration.
   */
  readonly contracts: boolean;
  /** The rules that set `contracts`. */
  readonly contractedBy: readonly string[];
}

export interface LintReport {
  readonly formatVersion: 1;
  readonly files: readonly LintedFile[];
  /** The findings without an allow comment, by file and line. */
  readonly findings: readonly Finding[];
  /** The findings with an allow comment, and its reason. */
  readonly allowed: readonly AllowedFinding[];
}
