import type { Summary } from './report';

export interface RehearsalOptions {
  /** Folder of the plan's cloud assembly. */
  readonly assembly: string;
  /**
   * Cloud assembly of the first release.
   * @default - the same release with another name
   */
  readonly releaseFrom?: string;
  /**
   * Deploy a second release over the first.
   * @default true
   */
  readonly secondRelease?: boolean;
  /**
   * Names of faults. Each fault is injected into a release of its own.
   * @default - one release, without a fault
   */
  readonly faults?: readonly string[];
  /** A command that a person runs after the last release, under load. */
  readonly afterwards?: PersonsCommand;
  /**
   * Port of this machine for the distribution.
   * @default - a free one
   */
  readonly port?: number;
  /** Further paths of the server for the load. */
  readonly paths?: readonly string[];
  /** Receives each line of progress. */
  readonly progress?: (line: string) => void;
  /** Receives each log line of a task, unchanged. */
  readonly logs?: (line: string) => void;
  /** Called with the URL when the first release is live. The second release starts after the promise settles. */
  readonly whenReady?: (url: string) => Promise<void>;
  /** Ends the rehearsal early when the promise settles. */
  readonly until?: Promise<void>;
  /**
   * File for the judged calls and connections, as JSON.
   * @default - none is written
   */
  readonly trace?: string;
  /** Called with the summary while all services still run. The rehearsal ends after the promise settles. */
  readonly beforeEnd?: (summary: Summary) => Promise<void>;
}

/** A command that a person runs: a module with a handler, invoked like a function in its own process. */
export interface PersonsCommand {
  readonly name: string;
  /** File that exports `handler`. */
  readonly module: string;
  readonly event: unknown;
}
