import type { ClassDeclaration, ClassExpression, ObjectExpression, TSEnumDeclaration } from '@babel/types';
import type { FunctionNode, Node } from './syntax';

/** A piece of code, or a value, that something is given. */
export type Operand = { readonly node: Node; readonly context?: Context } | { readonly value: Value };

/** One call of a function, or one turn of a loop, and the values that its parameters have there. */
export interface Context {
  /** The function or `for … of` statement. */
  readonly owner: Node;
  readonly operands: readonly (Operand | undefined)[];
  /** The call that it is, where it is written as one. */
  readonly call?: Node;
  readonly outer?: Context;
}

/** The value of an expression, as far as it is known before the code runs. */
export type Value =
  /** A string; parts that are not known are `undefined`. */
  | { readonly kind: 'text'; readonly parts: readonly (string | undefined)[] }
  | { readonly kind: 'literal'; readonly value: number | boolean | null | undefined }
  | { readonly kind: 'pattern'; readonly source: string }
  /** `process.env`. */
  | { readonly kind: 'environment' }
  /** `process.env.NAME`; the name is a value of its own where it is not written down. */
  | { readonly kind: 'variable'; readonly name: string }
  /** Something of a package or of Node.js: `express`, `express.Router`, `fs.writeFile`, `globalThis.Number`. */
  | { readonly kind: 'package'; readonly path: string }
  /** The result of a function of a package: `express()`, `pg.Pool()`, `zod.object().optional()`. */
  | { readonly kind: 'made'; readonly by: string; readonly node: Node; readonly from?: Value }
  | { readonly kind: 'object'; readonly node: ObjectExpression; readonly context?: Context | undefined }
  | { readonly kind: 'array'; readonly items: readonly Operand[] }
  | { readonly kind: 'function'; readonly node: FunctionNode; readonly context?: Context | undefined }
  | { readonly kind: 'class'; readonly node: ClassDeclaration | ClassExpression }
  | {
      readonly kind: 'instance';
      readonly node: ClassDeclaration | ClassExpression;
      /** Arguments of its constructor; none for `this`. */
      readonly operands?: readonly (Operand | undefined)[];
    }
  | { readonly kind: 'enum'; readonly node: TSEnumDeclaration }
  /** All exports of a module of the application. */
  | { readonly kind: 'namespace'; readonly file: string }
  /** One of several. */
  | { readonly kind: 'either'; readonly values: readonly Value[] }
  | { readonly kind: 'unknown' };

export const unknown: Value = { kind: 'unknown' };

export function text(...parts: readonly (string | undefined)[]): Value {
  const joined: (string | undefined)[] = [];
  for (const part of parts) {
    const last = joined.length - 1;
    if (part !== undefined && joined[last] !== undefined) joined[last] += part;
    else if (part !== '' || parts.length === 1) joined.push(part);
  }
  return { kind: 'text', parts: joined.length ? joined : [''] };
}

export function literal(value: number | boolean | null | undefined): Value {
  return { kind: 'literal', value };
}

/** Most values that one expression is followed to. */
const most = 40;

export function either(values: readonly Value[]): Value {
  if (values.length === 1) return values[0]!;
  const distinct = new Map<unknown, Value>();
  for (const value of values)
    for (const each of valuesOf(value)) {
      if (distinct.size >= most) break;
      distinct.set(keyOf(each), each);
    }
  if (distinct.size > 1) return { kind: 'either', values: [...distinct.values()] };
  return distinct.values().next().value ?? unknown;
}

function keyOf(value: Value): unknown {
  switch (value.kind) {
    case 'text':
      return value.parts.map((part) => part ?? '\0').join('');
    case 'literal':
      return value.value;
    case 'made':
    case 'function':
    case 'object':
      return value.node;
    case 'variable':
      return `\0variable ${value.name}`;
    case 'unknown':
      return unknown;
    default:
      return value;
  }
}

/** The values that a value may be, one by one. */
export function valuesOf(value: Value): readonly Value[] {
  return value.kind === 'either' ? value.values : [value];
}

/** The string or number that a value is; undefined where it is not known, or neither. */
export function constantOf(value: Value): string | number | undefined {
  if (value.kind === 'text') return textOf(value);
  return value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
}

/** A string that is known as a whole. */
export function textOf(value: Value): string | undefined {
  if (value.kind === 'variable' && value.name === 'NODE_ENV') return 'production';
  return value.kind === 'text' && value.parts.length === 1 ? value.parts[0] : undefined;
}

/** True or false, as a condition takes the value; undefined if that is not known. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'text':
      return value.parts.some(Boolean) ? true : value.parts.length === 1 ? Boolean(textOf(value)) : undefined;
    case 'literal':
      return Boolean(value.value);
    case 'variable':
      return value.name === 'NODE_ENV' ? true : undefined;
    case 'unknown':
      return undefined;
    case 'either': {
      const truths = new Set(value.values.map(truthOf));
      return truths.size === 1 ? [...truths][0] : undefined;
    }
    // Optional packages may be missing, and what a package's function returns may be nothing.
    case 'made':
    case 'package':
      return undefined;
    default:
      return true;
  }
}
