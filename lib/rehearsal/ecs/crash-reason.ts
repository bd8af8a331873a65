/** The first line of an error that Node.js prints: `TypeError: …`, `Error [ERR_X]: …`. */
const firstLine = /^(Uncaught )?([A-Za-z]*(Error|Exception)|[A-Z]\w+Error)( \[\w+\])?:/;
const cause = /^\s*\[(cause|errors)\]:/;
/** Stack frames of packages and of Node.js tell little about the reason. */
const foreignFrame = /^\s+at .*(node:|node_modules)/;

/**
 * The reason why a process ended, as its last lines tell: the last error with its cause and its own stack frames. A
 * process that printed no error gets its last lines.
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

/** A problem with the way in which it ended, before the lines of the log. */
export function ended(problem: string, how: string): string {
  const [first, ...lines] = problem.split('\n');
  return [`${first}; ${how}`, ...lines].join('\n');
}
