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
  for (const [, gap = '', word = ''] of printable(text).matchAll(/(\s*)(\S+)/g)) {
    const last = lines.at(-1);
    const space = gap.includes('\n') ? ' ' : gap;
    if (last === undefined) lines.push(`${first}${gap}${word}`);
    else if (`${last}${space}${word}`.replace(COLOURS, '').length <= COLUMNS)
      lines[lines.length - 1] = `${last}${space}${word}`;
    else lines.push(`${rest}${word}`);
  }
  return lines.join('\n');
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
