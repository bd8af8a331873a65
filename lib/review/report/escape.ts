// Templates may contain any text. Escaped, it becomes no markup, mentions nobody, and cannot change the reading
// direction.

/** Removes invisible characters that control a terminal or the reading direction. */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, '·');
}

/** Escapes text for HTML elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Escapes text for one line of Markdown: no markup, no link, no mention of a person or an issue. */
export function escapeMarkdown(text: string): string {
  return (
    visible(text.replace(/\s+/g, ' '))
      .replace(/[&<>"'\\`*_[\]{}()|~!:^$]|^[-+=]|^\d+(?=[.)])/g, (found) =>
        [...found].map((character) => `&#${character.codePointAt(0)};`).join(''),
      )
      // GitHub looks for mentions in the rendered text, so an entity would not prevent them.
      .replace(/@|(?<!&)#/g, '$&\u200b')
  );
}

/** Formats text as code in Markdown, with any backticks in it. Also works in tables. */
export function markdownCode(text: string): string {
  const line = visible(text.replace(/\s+/g, ' ')).replaceAll('|', '¦');
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
