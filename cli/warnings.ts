import { sortedWarnings, type Warning } from '../lib/application/warning';
import { wrapped } from '../lib/findings/wrapped';
import type { Option } from './command';

/** `--verbose` of the commands that print warnings. */
export const verboseOption: Option = { description: 'Also print notes, which need no action' };

/** Formats warnings as text, the most severe first. Notes need no action: without `verbose`, one line counts them. */
export function warningsText(warnings: readonly Warning[], verbose: boolean): string {
  const shown = sortedWarnings(warnings).filter(({ severity }) => verbose || severity !== 'note');
  const notes = warnings.length - shown.length;
  const text = shown.map(({ severity, place, what, why, fix }) => {
    const label = severity.padEnd(9);
    const sentence = [`${place}: ${what}`, why].filter(Boolean).join('; ');
    const margin = ' '.repeat(2 + label.length);
    const steps = fix.map((step) => `${wrapped(`→ ${step}`, margin, `${margin}  `)}\n`);
    return `${wrapped(sentence, `  ${label}`, margin)}\n${steps.join('')}`;
  });
  const counted =
    notes > 0
      ? [
          `  ${notes === 1 ? '1 note needs' : `${notes} notes need`} no action; --verbose shows ${notes === 1 ? 'it' : 'them'}\n`,
        ]
      : [];
  return [...text, ...counted].join('');
}
