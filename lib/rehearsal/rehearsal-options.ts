import type { Summary } from './report';

export interface RehearsalOptions {
  /** Folder of the plan's cloud assembly. */
  readonly assembly: string;
  /**
   * Cloud assembly of the first release.
   * @default - the same release under another name
   */
  readonly releaseFrom?: string;
  /**
   * Deploy a second release over the first.
   * @default true
   */
  readonly secondRelease?: boolean;
  /**
   * Names of faults. Each gets a release of its own.
   * @default - one release, without a fault
   */
  readonly faults?: readonly string[];
  /** A command that somebody runs after the last release, under load. */
  readonly afterwards?: PersonsCommand;
  /**
   * Port of this machine for the distribution.
   * @default - a free one
   */
  readonly port?: number;
  /** Further paths of the server that the load requests. */
  readonly paths?: readonly string[];
  /** Gets each line of progress. */
  readonly progress?: (line: string) => void;
  /** Gets each line that a task writes, as it is. */
  readonly logs?: (line: string) => void;
  /** Called with the URL when the first release is live. The second one starts when the promise settles. */
  readonly whenReady?: (url: string) => Promise<void>;
  /** Ends the rehearsal early when the promise settles. */
  readonly until?: Promise<void>;
  /**
   * File that gets the judged calls and connections, as JSON.
   * @default - none is written
   */
  readonly trace?: string;
  /** Called with the summary while everything still runs. The rehearsal ends when the promise settles. */
  readonly beforeEnd?: (summary: Summary) => Promise<void>;
}

/** A command that somebody runs: a module with a handler, invoked as a function in a process of its own. */
export interface PersonsCommand {
  readonly name: string;
  /** File that exports `handler`. */
  readonly module: string;
  readonly event: unknown;
}
