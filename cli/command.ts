import { printable } from '../lib/findings/printable';
import { wrapped, wrappedLines } from '../lib/findings/wrapped';

/** An option of a command, as `--name VALUE` or `--name`. */
export interface Option {
  /** Placeholder of the value, in capitals, as help shows it; absent for a switch. */
  readonly value?: string;
  /** Present if the option may be given several times. Its value is then a list. */
  readonly repeatable?: true;
  readonly description: string;
}

/** The options a user gave; a switch is true or absent. */
export interface Given {
  readonly [name: string]: string | boolean | readonly string[] | undefined;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The start of the command's help: the command's work, and the files and services it reads and writes. */
  readonly description: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Words after the command, as help shows them, such as `set NAME`. */
  readonly words?: string;
  readonly examples: readonly string[];
  /** @returns the exit code, `EXIT.done` if nothing is returned */
  run(given: Given, words: readonly string[]): Promise<number | undefined>;
}

/** The exit codes of every command. */
export const EXIT = {
  done: 0,
  /** The command could not do its work. */
  failed: 1,
  /** The command did its work, and its verdict is negative: a failed check, a danger, a refused deployment. */
  foundWanting: 2,
  /** As `EX_USAGE` of sysexits.h. */
  wrongArguments: 64,
} as const;

/** Arguments that a command cannot use. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The value of an option that takes one. */
export function optionValue(given: Given, option: string): string | undefined {
  return given[option] as string | undefined;
}

/**
 * Writes a result to standard output. The names in an application, a plan or an AWS account cannot command the
 * terminal or the runner of a workflow.
 */
export function print(text: string): void {
  process.stdout.write(printable(text));
}

/** Writes an error to standard error, with line breaks for a terminal. A log keeps each message on one line. */
export function printError(message: string): void {
  process.stderr.write(`${printable(process.stderr.isTTY ? wrappedLines(message) : message)}\n`);
}

/** Writes a line about progress to standard error; the result goes to standard output. */
export function progress(line: string): void {
  process.stderr.write(`${printable(wrapped(line, '', `${/^ */.exec(line)![0]}  `))}\n`);
}

/** Writes the result of `--json`. */
export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Formats rows as lines of text. Pads every column except the last, whose text is broken at 100 columns. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)) + 2) ?? [];
  const rest = ' '.repeat(indent.length + widths.slice(0, -1).reduce((sum, width) => sum + width, 0));
  const cells = (row: readonly string[]) =>
    row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column]!) : cell));
  return rows.map((row) => `${wrapped(`${indent}${cells(row).join('')}`, '', rest)}\n`).join('');
}
