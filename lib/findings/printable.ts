/** Codes that colour a terminal's text and take no column. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
export const COLOURS = /\u001b\[[\d;]*m/g;

/** Colours, other control characters, and characters that turn the direction of text. */
const UNPRINTABLE = new RegExp(`${COLOURS.source}|(?![\\n\\t])[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]`, 'gu');

/** Returns text that commands a terminal nothing but colours: `\u0007` becomes the six characters of its escape. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) =>
    found.length > 1 ? found : `\\u${found.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
