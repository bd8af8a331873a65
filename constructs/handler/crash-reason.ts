/** Matches the first line of an error that Node.js prints, such as `TypeError: …` or `Error [ERR_X]: …`. */
const firstLine = /^(Uncaught )?[\w$.]*(Error|Exception)( \[\w+\])?:/;
/** Matches the first line of an error of `pg`, whose name is `error`. A log line has no stack frame below. */
const databaseError = /^(Uncaught )?error: /;
const frame = /^\s+at /;
/** Matches PostgreSQL's messages for statements that change the schema without the right to do so. */
const schemaRefused = /permission denied (for schema|to create)|must be owner of/;
const cause = /^\s*\[(cause|errors)\]:/;
/** Matches stack frames of packages and of Node.js, which rarely show the reason. */
const foreignFrame = /^\s+at .*(node:|node_modules)/;

/** Most lines of an error's message. */
const mostLines = 6;
const schemaAdvice =
  '→ the server changes the schema, and its database role may not: move the statement to a migration, or set database.applicationRole to owner';

/**
 * Returns the reason for the end of a process, from its last lines: the last error with its cause and the stack frames
 * of the application. Without an error, returns the last lines.
 */
export function crashReason(lines: readonly string[]): string[] {
  return lastError(lines) ?? lines.filter((line) => line.trim() && !/^Node\.js v/.test(line)).slice(-3);
}

/** Returns the last error among the lines of a log, with its cause and the stack frames of the application. */
export function lastError(lines: readonly string[]): string[] | undefined {
  const start = lines.findLastIndex(
    (line, index) => firstLine.test(line) || (databaseError.test(line) && frame.test(lines[index + 1] ?? '')),
  );
  if (start === -1) return undefined;
  const rest = lines.slice(start);
  const frames = rest
    .slice(1)
    .filter((line) => frame.test(line) && !foreignFrame.test(line))
    .slice(0, 2);
  const message = rest.slice(1).findIndex((line) => /^\s+at |^\s*[{}]|^Node\.js v|^$/.test(line));
  const told = rest.slice(0, message === -1 ? mostLines : message + 1);
  const reason = [...told.slice(0, mostLines), ...frames, ...rest.filter((line) => cause.test(line))];
  return [
    ...reason.slice(0, mostLines + 2),
    ...(rest.some((line) => schemaRefused.test(line)) ? [schemaAdvice] : []),
  ];
}
