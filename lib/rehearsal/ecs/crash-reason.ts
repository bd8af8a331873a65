/** Matches the first line of an error that Node.js prints, such as `TypeError: …` or `Error [ERR_X]: …`. */
const firstLine = /^(Uncaught )?([A-Za-z]*(Error|Exception)|[A-Z]\w+Error)( \[\w+\])?:/;
const cause = /^\s*\[(cause|errors)\]:/;
/** Matches stack frames of packages and of Node.js, which rarely show the reason. */
const foreignFrame = /^\s+at .*(node:|node_modules)/;

/**
 * Returns the reason for the end of a process, from its last lines: the last error with its cause and the stack frames
 * of the application. Without an error, returns the last lines.
 */
export function crashReason(lines: readonly string[], count = 6): string[] {
  const start = lines.findLastIndex((line) => firstLine.test(line));
  if (start === -1) return lines.filter((line) => line.trim() && !/^Node\.js v/.test(line)).slice(-3);
  const rest = lines.slice(start);
  const frames = rest
    .slice(1)
    .filter((line) => /^\s+at /.test(line) && !foreignFrame.test(line))
    .slice(0, 2);
  const message = rest.slice(1).findIndex((line) => /^\s+at |^\s*[{}]|^Node\.js v|^$/.test(line));
  const told = rest.slice(0, message === -1 ? count : message + 1);
  return [...told.slice(0, count), ...frames, ...rest.filter((line) => cause.test(line))].slice(0, count + 2);
}

/** Describes a problem and its end, in front of the lines of the log. */
export function ended(problem: string, how: string): string {
  const [first, ...lines] = problem.split('\n');
  return [`${first}; ${how}`, ...lines].join('\n');
}
