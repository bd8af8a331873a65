import type { Json } from '../core/assembly';

type Fields = { readonly [name: string]: Json };
/** A rule of a Choice state, or a condition within one. */
export type Condition = Fields;

/** A part of a definition that the rehearsal does not support. */
export class Unknown extends Error {}
/** An error that ends a state. `Retry` and `Catch` match its name. */
export class StateError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

const STEP = /\.(\w+)|\[(\d+)\]|\['([^']+)'\]/g;

/** Returns the names and indexes of a JSONPath such as `$`, `$.a.b` or `$.a[0].b`. */
function steps(path: string): string[] {
  if (!/^\$(\.\w+|\[\d+\]|\['[^']+'\])*$/.test(path)) throw new Unknown(`the path ${path}`);
  return [...path.matchAll(STEP)].map((step) => (step[1] ?? step[2] ?? step[3])!);
}

/** Returns the value at a path, or undefined without a value. */
export function find(path: string, data: Json): Json | undefined {
  let value: Json | undefined = data;
  for (const step of steps(path)) value = (value as Fields | null | undefined)?.[step];
  return value;
}

/** Returns the value at a path. Throws `States.Runtime` without a value. */
export function at(path: string, data: Json): Json {
  const value = find(path, data);
  if (value === undefined) throw new StateError('States.Runtime', `there is no value at ${path}`);
  return value;
}

/** Returns `data` with `value` at a path. Adds missing objects along the path. */
export function placed(path: string | null | undefined, data: Json, value: Json): Json {
  if (path === null) return data;
  return steps(path ?? '$').reduceRight<(within: Json | undefined) => Json>(
    (inner, name) => (within) => ({
      ...(within as Fields | undefined),
      [name]: inner((within as Fields)?.[name]),
    }),
    () => value,
  )(data);
}

/** Resolves `Parameters` or a `ResultSelector`: fields whose name ends in `.$` contain paths and functions. */
export function filled(template: Json, data: Json): Json {
  if (Array.isArray(template)) return template.map((item) => filled(item, data));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, item]) =>
      name.endsWith('.$') ? [name.slice(0, -2), value(String(item), data)] : [name, filled(item, data)],
    ),
  );
}

/** The supported intrinsic functions. */
const FUNCTIONS: Readonly<Record<string, (...values: Json[]) => Json>> = {
  Array: (...values) => values,
  MathAdd: (a, b) => Number(a) + Number(b),
};

/** Evaluates a path or an intrinsic function. */
function value(expression: string, data: Json): Json {
  if (expression.startsWith('$')) return at(expression, data);
  const [, name, list] = /^States\.(\w+)\((.*)\)$/.exec(expression) ?? [];
  const perform = FUNCTIONS[name ?? ''];
  if (!perform || /[()]/.test(list!)) throw new Unknown(`the expression ${expression}`);
  const given = [...list!.matchAll(/\s*('[^']*'|[^,']+)\s*(?:,|$)/g)].map(([, one]) => one!.trim());
  return perform(
    ...given.map((one) => {
      if (one.startsWith("'")) return one.slice(1, -1);
      return one.startsWith('$') ? at(one, data) : (JSON.parse(one) as Json);
    }),
  );
}

const COMPARE: Readonly<Record<string, (a: string | number, b: string | number) => boolean>> = {
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
};

/** Evaluates a condition of a Choice state. */
export function holds(condition: Condition, data: Json): boolean {
  const { Variable, Next: _, Comment: __, ...rest } = condition;
  const [[operator, expected] = ['nothing', null], more] = Object.entries(rest);
  if (more) throw new Unknown(`a condition with both ${operator} and ${more[0]}`);
  const all = expected as readonly Condition[];
  if (operator === 'And') return all.every((one) => holds(one, data));
  if (operator === 'Or') return all.some((one) => holds(one, data));
  if (operator === 'Not') return !holds(expected as Condition, data);
  if (operator === 'IsPresent') return (find(String(Variable), data) !== undefined) === expected;

  const [, type, comparison, path] = /^(String|Numeric|Boolean)(\w+?)(Path)?$/.exec(operator) ?? [];
  const other = path ? at(String(expected), data) : expected;
  const actual = at(String(Variable), data);
  const typed = typeof actual === (type === 'Numeric' ? 'number' : type?.toLowerCase());
  if (comparison === 'Equals') return typed && actual === other;
  const compare = COMPARE[comparison ?? ''];
  if (!compare || type === 'Boolean') throw new Unknown(`the comparison ${operator}`);
  return typed && typeof actual === typeof other && compare(actual as number, other as number);
}
