import { wrapped } from '../../findings/wrapped';
import type { CheckFormat } from '../format';
import type { ReadyItem } from './ready-item';

/** The page of readiness, as text, Markdown or JSON. */
export function formatReadiness(
  environment: string,
  items: readonly ReadyItem[],
  format: CheckFormat,
): string {
  if (format === 'json') return `${JSON.stringify({ formatVersion: 1, environment, items }, null, 2)}\n`;
  if (format === 'text')
    return items
      .map(
        ({ item, section, state, because }) =>
          `${wrapped(`${item} (§${section}): ${state}`, '', '  ')}\n${wrapped(because, '  ')}\n`,
      )
      .join('');
  const rows = items.map(
    ({ item, section, state, because }) => `| ${item} | §${section} | ${state} | ${cell(because)} |`,
  );
  return [
    `## Readiness for ${environment}`,
    '',
    '| item | framework | state | because |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text
    .replace(/[<>*_[\]|`]/g, (character) => `\\${character}`)
    .replace(/@(?=\w)/g, '@\u200B')
    .replace(/\s+/g, ' ');
}
