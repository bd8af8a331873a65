/** A problem of an application, and the step that solves it. */
export interface ApplicationProblem {
  /** File or folder with the problem, relative to the application. */
  readonly file: string;
  /** A clause that describes the problem. */
  readonly problem: string;
  /** The key of `framework53.config.ts`, or the command, that solves the problem. */
  readonly fix: string;
  /** True if only the server's port is unknown. A running server shows it. */
  readonly isUnknownPort?: true;
}

/** Maximum number of problems that a message lists. */
const MOST = 30;
/** Maximum number of characters of a file's name in a message. */
const LONGEST_NAME = 200;

/** An application that cannot be read or built. The message contains the steps, so no stack trace is shown. */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError';
  readonly problems: readonly ApplicationProblem[];

  /** @param output output of a tool, shown in full below the problems */
  constructor(
    directory: string,
    problems: readonly ApplicationProblem[],
    readonly output?: string,
  ) {
    const lines = problems
      .slice(0, MOST)
      .map(({ file, problem, fix }) => `  ${shortened(file)}: ${problem}\n    → ${fix}`);
    if (problems.length > MOST) lines.push(`  and ${problems.length - MOST} more`);
    super(
      `the application in ${directory} cannot be built:\n${lines.join('\n')}${output ? `\n\n${output.trim()}` : ''}`,
    );
    this.problems = problems;
  }
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
