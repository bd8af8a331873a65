/** One thing an application lacks, and what settles it. */
export interface ApplicationProblem {
  /** File or folder it was looked for in, relative to the application. */
  readonly file: string;
  /** The expected and the found state, as a clause. */
  readonly problem: string;
  /** The key of `framework53.config.ts`, or the command, that settles it. */
  readonly fix: string;
}

/** Maximum number of problems that a message lists. */
const MOST = 30;
/** Maximum number of characters of a file's name in a message. */
const LONGEST_NAME = 200;

/** An application that cannot be read or built as it is; the message says what to do and needs no stack trace. */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError';
  readonly problems: readonly ApplicationProblem[];

  /** @param output what a tool said, shown whole below the problems */
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
