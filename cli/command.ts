/** An option of a command, as `--name VALUE` or `--name`. */
export interface Option {
  /** What the value is, in capitals, as help shows it; absent for a switch. */
  readonly value?: string;
  readonly description: string;
}

/** The options a user gave; switches are true or absent. */
export interface Given {
  readonly [name: string]: string | boolean | undefined;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, reads and writes, for its own help. */
  readonly description: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Words after the command, as help shows them, such as `set NAME`. */
  readonly words?: string;
  readonly examples: readonly string[];
  /** @returns the exit code; 0 when nothing is returned */
  run(given: Given, words: readonly string[]): Promise<number | undefined>;
}

/** Words on the command line that cannot be used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A line that says what is going on, beside the result on standard output. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
