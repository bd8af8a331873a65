import { sortedWarnings, type Warning } from '../lib/application/warning';
import type { Option } from './command';

/** `--verbose` of the commands that print warnings. */
export const verboseOption: Option = { description: 'Print the notes too, which need no action' };

/** Columns that a line of text may have. */
const width = 100;

/**
 * Warnings as text, the most severe first. Notes need no action: they are counted in one line, unless `verbose` is
 * true.
 */
export function warningsText(warnings: readonly Warning[], verbose: boolean): string {
  const shown = sortedWarnings(warnings).filter(({ severity }) => verbose || severity !== 'note');
  const notes = warnings.length - shown.length;
  const text = shown.map(({ severity, place, what, why, fix }) => {
    const label = severity.padEnd(9);
    const sentence = [`${place}: ${what}`, why].filter(Boolean).join('; ');
    const body = [sentence, ...fix.map((step) => `→ ${step}`)];
    const lines = body.flatMap((each) => wrapped(each, width - 2 - label.length));
    return lines
      .map((line, index) => `  ${index === 0 ? label : ' '.repeat(label.length)}${line}\n`)
      .join('');
  });
  const counted =
    notes > 0
      ? [
          `  ${notes === 1 ? '1 note needs' : `${notes} notes need`} no action; --verbose shows ${notes === 1 ? 'it' : 'them'}\n`,
        ]
      : [];
  return [...text, ...counted].join('');
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length && text.startsWith('→') ? `  ${word}` : word);
  }
  return lines;
}
