/** Most lines of a server's output in which the reason of its end may be. */
const mostLines = 300;

/**
 * Returns the text with which a server refused the value of a variable: the lines of its last output that name the
 * variable or the value, without the variable's name.
 * @returns undefined if no line names them
 */
export function refusalOfValue(name: string, value: string, lines: readonly string[]): string | undefined {
  const last = lines.slice(-mostLines).filter((line) => !/^\s+at /.test(line));
  const text = last.join('\n');
  const isNamed = new RegExp(`(?<![\\w$])${name}(?!\\w)`);
  const blocks = blocksOf(text)
    .filter((block) => isNamed.test(block))
    .map((block) => MESSAGE.exec(block)?.[2] ?? block);
  const named = last.flatMap((line, at) => {
    // Source code, which Node.js prints above an uncaught error.
    if (!isNamed.test(line) || /\b(process\.env|if \(|throw )/.test(line)) return [];
    const previous = /^\s*(→|\u2192|at\b)/.test(line) ? [last[at - 1] ?? ''] : [];
    const next = /[[({:]\s*$|\bpath\b|^\s*["']\w+["'],?$/.test(line) ? last.slice(at + 1, at + 3) : [];
    return [[...previous, line, ...next].join('\n')];
  });
  // Errors such as `Invalid URL` name only the value.
  const start = value.length >= 8 ? value.slice(0, 12) : undefined;
  const quoted = start
    ? last.flatMap((line, at) =>
        line.includes(start) ? [last.slice(Math.max(0, at - 4), at + 1).join('\n')] : [],
      )
    : [];
  const found = blocks.length > 0 ? blocks : [...named, ...quoted];
  if (found.length === 0) return undefined;
  const words = found.join('\n').replaceAll(new RegExp(isNamed, 'g'), '');
  return (start ? words.replaceAll(value, '') : words).trim();
}

const MESSAGE = /\bmessage["']?:\s*(["'`])((?:\\.|(?!\1).)*)\1/;

/** Returns the objects in a text that have one message each, as the issues of zod. */
function blocksOf(text: string): string[] {
  const isIssue = (block: string) => [...block.matchAll(/\bmessage["']?:/g)].length === 1;
  const inner = [...text.matchAll(/\{[^{}]*\}/g)].map(([block]) => block).filter(isIssue);
  const outer = [...text.matchAll(/\{[^{}]*\{[^{}]*\}[^{}]*\}/g)].map(([block]) => block).filter(isIssue);
  return [...inner, ...outer];
}
