/** Characters of the usual classes, the first of which are letters. */
const CLASSES: Readonly<Record<string, string>> = { d: '0123456789', w: 'abcdef0123456789', s: ' ' };

/**
 * Returns a text that a simple regular expression matches: literal characters, classes, counts, and groups, whose first
 * alternative counts.
 * @returns undefined if the text that the function makes does not match
 */
export function sampleOf(pattern: string, random: string): string | undefined {
  let matcher: RegExp;
  try {
    matcher = new RegExp(pattern);
  } catch {
    return undefined;
  }
  const sample = sequence(pattern.replace(/^\^/, '').replace(/\$$/, ''), random);
  return matcher.test(sample) ? sample : undefined;
}

const PART = /\((?:\?:)?((?:[^()\\]|\\.)*)\)|\[((?:[^\]\\]|\\.)+)\]|\\(.)|(.)/gsu;
const COUNT = /^(?:\{(\d+)(?:,\d*)?\}|([*+?]))/;

function sequence(pattern: string, random: string): string {
  let text = '';
  let rest = pattern;
  while (rest.length > 0) {
    PART.lastIndex = 0;
    const [whole, group, members, escaped, literal] = PART.exec(rest)!;
    rest = rest.slice(whole.length);
    const [counted = '', number, sign] = COUNT.exec(rest) ?? [];
    rest = rest.slice(counted.length);
    const count =
      number !== undefined ? Number(number) : sign === '*' || sign === '?' ? 0 : sign === '+' ? 12 : 1;
    const choice = (at: number) => {
      if (group !== undefined) return sequence(alternative(group), random);
      const allowed = members !== undefined ? charactersOf(members) : escaped && CLASSES[escaped];
      if (!allowed) return literal === '.' ? 'a' : (escaped ?? literal ?? '');
      return (
        [...random].slice(at % random.length).find((each) => allowed.includes(each)) ??
        allowed[at % allowed.length]!
      );
    };
    text += Array.from({ length: Math.min(count, 10_000) }, (_, at) => choice(at)).join('');
  }
  return text;
}

const alternative = (group: string) => group.split('|')[0]!;

function charactersOf(members: string): string {
  if (members.startsWith('^')) return 'a';
  return members
    .replaceAll(/\\([dws])/g, (_, name: string) => CLASSES[name]!)
    .replaceAll(/(.)-(.)/g, (_, from: string, to: string) =>
      Array.from({ length: Math.max(0, to.charCodeAt(0) - from.charCodeAt(0) + 1) }, (__, at) =>
        String.fromCharCode(from.charCodeAt(0) + at),
      ).join(''),
    )
    .replaceAll('\\', '');
}
