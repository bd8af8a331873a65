import { wrapped } from '../../findings/wrapped';
import { type CheckFormat, markdownText } from '../format';
import type { ReadyItem } from './ready-item';

/** Formats the checklist as text, Markdown or JSON. */
export function formatReadiness(
  environment: string,
  items: readonly ReadyItem[],
  format: CheckFormat,
): string {
  if (format === 'json') return `${JSON.stringify({ formatVersion: 1, environment, items }, null, 2)}\n`;
  if (format === 'text')
    return [
      ...items.map(
        ({ item, section, state, because }) =>
          `${wrapped(`${item} (${sectionText(section)}): ${state}`, '', '  ')}\n${wrapped(because, '  ')}\n`,
      ),
      `\n${verdict(environment, items)}\n`,
    ].join('');
  const rows = items.map(
    ({ item, section, state, because }) =>
      `| ${item} | ${sectionText(section)} | ${state} | ${markdownText(because)} |`,
  );
  return [
    `## Readiness for ${environment}`,
    '',
    '| item | framework | state | because |',
    '|---|---|---|---|',
    ...rows,
    '',
    verdict(environment, items),
    '',
  ].join('\n');
}

/** Returns the numbers of items by state, in one line. */
function verdict(environment: string, items: readonly ReadyItem[]): string {
  const count = (state: ReadyItem['state']) => items.filter((item) => item.state === state).length;
  const open = [
    `${count('failed')} failed`,
    `${count('not checked')} not checked`,
    `${count('to be confirmed by a person')} to be confirmed by a person`,
  ].join(', ');
  const word = count('failed') + count('not checked') > 0 ? 'Not ready' : 'Ready once a person has confirmed';
  return `${word} for ${environment}: ${count('proved')} of ${items.length} items proved, ${open}`;
}

function sectionText(section: string): string {
  return /^[A-Z]/.test(section) ? `Appendix ${section}` : `§${section}`;
}
