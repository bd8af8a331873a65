const regexBefore =
  /(^|[(,=:[!&|?{};+\-*%~^<>]|\b(return|typeof|case|in|of|delete|void|throw|new|await|else|do))$/;

/**
 * The code with every comment blanked, lines and columns kept, so that what is found in it is code.
 * Not a parser: it knows strings, templates and regular expressions well enough not to take their
 * contents for comments.
 */
export function maskComments(code: string): string {
  // By UTF-16 units, as offsets count: an emoji has two.
  const out = code.split('');
  /** Depth of braces at which each open `${` of a template ends. */
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  let lastCode = '';

  const blank = (end: number) => {
    for (let i = at; i < end; i++) if (out[i] !== '\n') out[i] = ' ';
    at = end;
  };
  const string = (quote: string) => {
    for (at++; at < code.length; at++) {
      if (code[at] === '\\') at++;
      else if (code[at] === quote) break;
      else if (quote !== '`' && code[at] === '\n') break;
      else if (quote === '`' && code[at] === '$' && code[at + 1] === '{') {
        templates.push(depth++);
        at += 2;
        return;
      }
    }
    at++;
  };
  const regex = () => {
    let inClass = false;
    for (at++; at < code.length && code[at] !== '\n'; at++) {
      if (code[at] === '\\') at++;
      else if (code[at] === '[') inClass = true;
      else if (code[at] === ']') inClass = false;
      else if (code[at] === '/' && !inClass) break;
    }
    at++;
  };

  while (at < code.length) {
    const char = code[at]!;
    if (char === '/' && code[at + 1] === '/') {
      const end = code.indexOf('\n', at);
      blank(end < 0 ? code.length : end);
      continue;
    }
    if (char === '/' && code[at + 1] === '*') {
      const end = code.indexOf('*/', at + 2);
      blank(end < 0 ? code.length : end + 2);
      continue;
    }
    if (char === "'" || char === '"' || char === '`') string(char);
    else if (char === '/' && regexBefore.test(lastCode.trimEnd())) regex();
    else if (char === '}' && templates.at(-1) === depth - 1) {
      depth = templates.pop()!;
      string('`');
    } else {
      if (char === '{') depth++;
      if (char === '}') depth--;
      at++;
    }
    lastCode = (/\s/.test(char) ? `${lastCode.trimEnd()} ` : lastCode + char).slice(-12);
  }
  return out.join('');
}

/** Text between the bracket at `open` and its partner, without them; strings are skipped over. */
export function balanced(code: string, open: number): string {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    const char = code[i]!;
    if (char === '"' || char === "'" || char === '`') {
      for (i++; i < code.length && code[i] !== char; i++) if (code[i] === '\\') i++;
    } else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth === 0) return code.slice(open + 1, i);
  }
  return code.slice(open + 1);
}

/** One-based line of an offset. */
export function lineOf(code: string, offset: number): number {
  return code.slice(0, offset).split('\n').length;
}
