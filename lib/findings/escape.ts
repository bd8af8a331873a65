import { visible } from './printable';

// Templates and applications may contain any text. Escaped, the text becomes no markup, mentions nobody, and cannot change
// the reading direction.

/** Returns text on one line, without invisible characters. */
export function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' '));
}

/** Escapes text for HTML elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Escapes text for one line of Markdown: no markup, no link, no mention of a person or an issue. */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[&<>"'\\`*_[\]{}()|~!:^$]|^[-+=]|^\d+(?=[.)])/g, (found) =>
        [...found].map((character) => `&#${character.codePointAt(0)};`).join(''),
      )
      // GitHub looks for mentions and addresses in the rendered text, so an entity would not prevent them.
      .replace(/@|(?<!&)#|www(?=\.)/gi, '$&\u200b')
  );
}

/** Formats text as code in Markdown, with any backticks in it. Also works in tables. */
export function markdownCode(text: string): string {
  const line = oneLine(text).replaceAll('|', '¦');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 || line.trim() === '' ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** Splits text at `backticks`, and formats its plain and code parts. */
export function prose(text: string, plain: (part: string) => string, code: (part: string) => string): string {
  return text
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 0 ? plain(part) : code(part)))
    .join('');
}
