/**
 * Maximum length of an identifier in bytes. PostgreSQL silently truncates longer identifiers, so they are refused
 * here.
 */
const MAXIMUM_IDENTIFIER_BYTES = 63;

/**
 * Quotes a text. Replaces all characters except letters, digits, `_`, `-`, `.` and spaces with Unicode escapes. A
 * quote then cannot end the literal early, and the Data API finds no `:name` that it would treat as a parameter.
 */
function quoted(text: string, quote: '"' | "'"): string {
  if (text.includes('\0')) throw new Error('PostgreSQL does not accept zero bytes in text');
  const escaped = Array.from(text, (character) => {
    if (/[A-Za-z0-9_. -]/.test(character)) return character;
    const code = character.codePointAt(0)!;
    return code > 0xffff
      ? `\\+${code.toString(16).padStart(6, '0')}`
      : `\\${code.toString(16).padStart(4, '0')}`;
  }).join('');
  return escaped === text ? `${quote}${text}${quote}` : `U&${quote}${escaped}${quote}`;
}

/** Returns a name as an SQL identifier. */
export function quoteIdentifier(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MAXIMUM_IDENTIFIER_BYTES)
    throw new Error(
      `an identifier must have 1 to ${MAXIMUM_IDENTIFIER_BYTES} bytes, got ${bytes}: ${JSON.stringify(name)}`,
    );
  return quoted(name, '"');
}

/** Returns a text as an SQL string literal. */
export function quoteLiteral(text: string): string {
  return quoted(text, "'");
}
