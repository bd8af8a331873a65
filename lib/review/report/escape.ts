// Templates hold anybody's text. None of it becomes markup, calls people, or turns what a reader sees around.

/** Text without characters that are not seen, but do something: to a terminal, or to the order of what is read. */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, '·');
}

/** Text as HTML shows it, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text in Markdown as it stands, on one line: no markup, no link, no mention of a person or an issue. */
export function escapeMarkdown(text: string): string {
  return (
    visible(text.replace(/\s+/g, ' '))
      .replace(/[&<>"'\\`*_[\]{}()|~!:^$]|^[-+=]|^\d+(?=[.)])/g, (found) =>
        [...found].map((character) => `&#${character.codePointAt(0)};`).join(''),
      )
      // GitHub looks for mentions in what is rendered: an entity would not stop it.
      .replace(/@|(?<!&)#/g, '$&\u200b')
  );
}

/** Text as code in Markdown, also in a table; whatever backticks are in it. */
export function markdownCode(text: string): string {
  const line = visible(text.replace(/\s+/g, ' ')).replaceAll('|', '¦');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 || line.trim() === '' ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** Text in which `backticks` mark code, with each part written as its kind. */
export function prose(text: string, plain: (part: string) => string, code: (part: string) => string): string {
  return text
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 0 ? plain(part) : code(part)))
    .join('');
}
