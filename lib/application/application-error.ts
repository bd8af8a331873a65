/** One thing an application lacks, and what settles it. */
export interface ApplicationProblem {
  /** File or folder it was looked for in, relative to the application. */
  readonly file: string;
  /** The expected and the found state, as a clause. */
  readonly problem: string;
  /** The key of `framework53.config.ts`, or the command, that settles it. */
  readonly fix: string;
}

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
    const lines = problems.map(({ file, problem, fix }) => `  ${file}: ${problem}\n    → ${fix}`);
    super(
      `the application in ${directory} cannot be built:\n${lines.join('\n')}${output ? `\n\n${output.trim()}` : ''}`,
    );
    this.problems = problems;
  }
}
