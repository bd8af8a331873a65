/** Describes a problem and its end, in front of the lines of the log. */
export function ended(problem: string, how: string): string {
  const [first, ...lines] = problem.split('\n');
  return [`${first}; ${how}`, ...lines].join('\n');
}
