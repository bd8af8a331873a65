import { COLOURS, printable } from './printable';

/** The most columns of a line on a terminal. */
export const COLUMNS = 100;

/**
 * Breaks text at spaces into lines of at most 100 columns. A longer word, such as an address, keeps a line of its own.
 *
 * @param first indentation of the first line
 * @param rest indentation of the other lines
 */
export function wrapped(text: string, first = '', rest = first): string {
  const lines: string[] = [];
  let line: string | undefined;
  let columns = 0;
  for (const [, gap = '', word = ''] of printable(text).matchAll(/(\s*)(\S+)/g)) {
    const space = gap.includes('\n') ? ' ' : gap;
    const added = space.length + columnsOf(word);
    if (line === undefined) line = `${first}${gap}${word}`;
    else if (columns + added <= COLUMNS) {
      line += `${space}${word}`;
      columns += added;
      continue;
    } else {
      lines.push(line);
      line = `${rest}${word}`;
    }
    columns = columnsOf(line);
  }
  return line === undefined ? '' : [...lines, line].join('\n');
}

function columnsOf(text: string): number {
  return text.includes('\u001b') ? text.replace(COLOURS, '').length : text.length;
}

/** Breaks each line of a message, such as an error with several problems. A line's indentation continues. */
export function wrappedLines(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const indent = /^ */.exec(line)![0];
      return wrapped(line.slice(indent.length), indent, `${indent}  `);
    })
    .join('\n');
}
