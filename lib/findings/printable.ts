/** Colour codes of the reports. They have no width on a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
export const COLOURS = /\u001b\[(?:0|1|2|36|3[1-3];1)m/g;

/** Other control characters, and characters that change the direction of text. */
const UNPRINTABLE = new RegExp(`${COLOURS.source}|(?![\\n\\t])[\\p{Cc}\\p{Bidi_Control}]`, 'gu');

/**
 * Commands to the runner of a GitHub workflow: `::name::` at the start of a line, and `##[name]` in any place
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
 */
const WORKFLOW_COMMANDS = /^([^\S\n]*):(?=:[a-z][\w-]*(?:[^\S\n][^\n]*)?::)|#(?=#\[[a-z])/gim;

/**
 * Returns text without control codes for terminals and without commands for the runner of a GitHub workflow. Only
 * colours of the reports remain. Any other code becomes its escape, such as the six characters `\u0007`, so JSON keeps
 * its meaning.
 */
export function printable(text: string): string {
  return text
    .replace(UNPRINTABLE, (found) => (found.length > 1 ? found : escapeOf(found)))
    .replace(WORKFLOW_COMMANDS, (found, indent: string | undefined) =>
      indent === undefined ? escapeOf(found) : `${indent}${escapeOf(':')}`,
    );
}

/** Returns text in which every control character is visible as its escape, colours included. */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, escapeOf);
}

function escapeOf(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}
