import { balanced } from './mask-comments';

/** What becomes of the code where the variable it reads is missing. */
export type Need =
  /** It ends, and says why. */
  | 'ends'
  /** It goes on without a value. */
  | 'plain'
  /** It has a value of its own. */
  | 'fallback'
  /** It asks first, and leaves out what needs the variable. */
  | 'guarded';

const ending = /\b(throw\b|process\s*\.\s*exit\s*\()/;
const nothing = `(?:undefined|null|''|""|\`\`)`;
const comparedWithNothing = new RegExp(`^\\s*([!=]==?)\\s*${nothing}`);

/** Whether code that reads a variable in these ways runs without it. */
export function isOptional(needs: readonly Need[]): boolean {
  if (needs.includes('ends')) return false;
  return needs.includes('guarded') || needs.every((need) => need === 'fallback');
}

/** The need of the reading that stands from `start` to `end`; of a constant that is nothing else, the constant's. */
export function needOf(code: string, start: number, end: number): Need {
  const own = needOfExpression(code, start, end);
  if (own !== 'plain') return own;
  const name = /\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]+)?=\s*$/.exec(
    code.slice(Math.max(0, start - 200), start),
  )?.[1];
  return name && /^\s*!?\s*(as\s+\w+\s*)?([;\n,]|$)/.test(code.slice(end))
    ? needOfName(code, name, end)
    : 'plain';
}

/** The need of a constant's name in the code after its declaration. */
export function needOfName(code: string, name: string, from: number): Need {
  const needs = [...code.matchAll(new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$:])`, 'g'))]
    .filter(({ index }) => index >= from)
    .map(({ index }) => needOfExpression(code, index, index + name.length));
  return needs.find((need) => need === 'ends') ?? needs.find((need) => need === 'guarded') ?? 'plain';
}

function needOfExpression(code: string, start: number, end: number): Need {
  const before = code.slice(Math.max(0, start - 40), start);
  const cast = /(^|[^\w$])\(\s*$/.test(before) ? /^\s+as\s+\w+\)|^!(?!=)/ : /^\s+as\s+\w+|^!(?!=)/;
  const rest = code.slice(end).replace(cast, '');
  const condition = conditionAround(code, start);
  if (condition) {
    const compared = comparedWithNothing.exec(rest)?.[1];
    const negated = /(^|[^!])!\s*$/.test(before) || Boolean(compared?.startsWith('='));
    const typed = /\btypeof\s+$/.test(before);
    const alone = /(^|[^\w$\s]|\bBoolean|\bif)\s*\(\s*!*\s*$|(&&|\|\||!)\s*$/.test(before);
    if ((negated || typed) && ending.test(condition.body)) return 'ends';
    if (typed || (alone && (compared || /^\s*(\)|&&|\|\|)/.test(rest))))
      return negated && !leavesOut(condition) ? 'plain' : 'guarded';
  }
  if (/^\s*(\|\||\?\?)/.test(rest)) return /^[^;\n]*\bthrow\b/.test(rest) ? 'ends' : 'fallback';
  if (/^\s*,\s*\d+\s*\)\s*(\|\||\?\?)/.test(rest)) return 'fallback';
  if (/^\s*[!=]==?\s*(['"`\d]|true\b|false\b)/.test(rest)) return 'fallback';
  if (/^\s*(\?[^.?]|&&)/.test(rest) || comparedWithNothing.test(rest)) return 'guarded';
  return /(!|\bBoolean\s*\(\s*|\btypeof\s+)$/.test(before) ? 'guarded' : 'plain';
}

interface Condition {
  /** What runs when it holds. */
  readonly body: string;
  readonly hasElse: boolean;
}

/** The `if` in whose condition an offset is. */
function conditionAround(code: string, offset: number): Condition | undefined {
  const near = Math.max(0, offset - 300);
  const ifs = [...code.slice(near, offset).matchAll(/\bif\s*\(/g)];
  for (const { index, 0: text } of ifs.reverse()) {
    const open = near + index + text.length - 1;
    const close = open + 1 + balanced(code, open).length;
    if (close < offset) continue;
    const brace = /^\s*\{/.exec(code.slice(close + 1));
    if (!brace) {
      const statement = /^[^;}]*/.exec(code.slice(close + 1))![0];
      return { body: statement, hasElse: /^[;}]?\s*else\b/.test(code.slice(close + 1 + statement.length)) };
    }
    const start = close + brace[0].length;
    const body = balanced(code, start);
    return { body, hasElse: /^\}\s*else\b/.test(code.slice(start + 1 + body.length)) };
  }
  return undefined;
}

/** A branch for the missing variable that only logs goes on to use it. */
function leavesOut({ body, hasElse }: Condition): boolean {
  return hasElse || /\b(return|continue|break)\b|[^=!<>]=[^=>]/.test(body);
}
