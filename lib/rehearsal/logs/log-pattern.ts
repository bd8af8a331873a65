import { escapePattern } from '../../files/escape-pattern';
/** A filter pattern that a rehearsal does not support. */
export class UnknownPattern extends Error {}

/** Returns true for a matching line. */
export type LogPattern = (line: string, json: () => unknown) => boolean;

const TOKEN = /\s*(&&|\|\||!=|<=|>=|[=<>()]|"(?:[^"\\]|\\.)*"|[^\s=<>!&|()]+)/y;

/**
 * Parses a filter pattern of CloudWatch Logs: `{ … }` for JSON lines, terms for text.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function logPattern(pattern: string): LogPattern {
  const text = pattern.trim();
  if (!text.startsWith('{')) return terms(text);
  const fail = (what: string): never => {
    throw new UnknownPattern(`'${what}' in ${pattern}`);
  };
  const tokens: string[] = [];
  const body = text.slice(1, text.lastIndexOf('}'));
  for (let at = 0; body.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    tokens.push(TOKEN.exec(body)?.[1] ?? fail(body.slice(at).trim()));
  }
  const next = (): string => tokens.shift() ?? '';
  const any = (): JsonPattern => {
    const alternatives = [all()];
    while (tokens[0] === '||') {
      next();
      alternatives.push(all());
    }
    return (line) => alternatives.some((one) => one(line));
  };
  const all = (): JsonPattern => {
    const conditions = [condition()];
    while (tokens[0] === '&&') {
      next();
      conditions.push(condition());
    }
    return (line) => conditions.every((one) => one(line));
  };
  const condition = (): JsonPattern => {
    if (tokens[0] === '(') {
      next();
      const inner = any();
      return next() === ')' ? inner : fail('(');
    }
    const path = next();
    if (!/^\$(\.\w+)+$/.test(path)) fail(path);
    const names = path.split('.').slice(1);
    const read = (line: unknown) =>
      names.reduce<unknown>(
        (value, name) => (value as Record<string, unknown> | null | undefined)?.[name],
        line,
      );
    const operator = next();
    if (operator === 'EXISTS') return (line) => read(line) !== undefined;
    if (operator === 'NOT' && next() === 'EXISTS') return (line) => read(line) === undefined;
    if (operator === 'IS') {
      const expected = { NULL: null, TRUE: true, FALSE: false }[next()];
      return expected === undefined ? fail('IS') : (line) => read(line) === expected;
    }
    const compare = COMPARE[operator] ?? fail(operator);
    const given = next();
    const quoted = given.startsWith('"') ? given.slice(1, -1) : undefined;
    const number = Number(given);
    if (quoted === undefined && !Number.isNaN(number)) return (line) => compare(read(line), number);
    if ((operator !== '=' && operator !== '!=') || given.startsWith('%')) fail(given);
    const wildcard = new RegExp(`^${escapePattern(quoted ?? given).replaceAll('\\*', '.*')}$`);
    return (line) => {
      const value = read(line);
      return value !== undefined && wildcard.test(String(value)) === (operator === '=');
    };
  };

  const whole = any();
  if (tokens.length > 0) fail(tokens[0]!);
  return (_, json) => {
    const line = json();
    return line !== null && typeof line === 'object' && whole(line);
  };
}

type JsonPattern = (line: unknown) => boolean;

const COMPARE: Readonly<Record<string, (value: unknown, number: number) => boolean>> = {
  '=': (value, number) => value === number,
  '!=': (value, number) => value !== undefined && value !== number,
  '<': (value, number) => typeof value === 'number' && value < number,
  '>': (value, number) => typeof value === 'number' && value > number,
  '<=': (value, number) => typeof value === 'number' && value <= number,
  '>=': (value, number) => typeof value === 'number' && value >= number,
};

/**
 * Parses the terms of a text pattern. A line must contain all plain terms, none with `-`, and at least one with `?`.
 */
function terms(text: string): LogPattern {
  if (/^[[%]/.test(text)) throw new UnknownPattern(text);
  const words = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, word]) => ({
    sign,
    term: quoted ?? word!,
  }));
  const of = (sign: string) => words.filter((word) => word.sign === sign).map(({ term }) => term);
  const [must, never, one] = [of(''), of('-'), of('?')];
  return (line) =>
    must.every((term) => line.includes(term)) &&
    !never.some((term) => line.includes(term)) &&
    (one.length === 0 || one.some((term) => line.includes(term)));
}
