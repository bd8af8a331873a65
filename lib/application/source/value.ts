import type { ClassDeclaration, ClassExpression, ObjectExpression, TSEnumDeclaration } from '@babel/types';
import type { FunctionNode, Node } from './syntax';

/** An argument or element: code to evaluate, or a known value. */
export type Operand = { readonly node: Node; readonly context?: Context } | { readonly value: Value };

/** One call of a function or one turn of a loop, with the values of its parameters. */
export interface Context {
  /** The function or `for … of` statement. */
  readonly owner: Node;
  readonly operands: readonly (Operand | undefined)[];
  /** The call in the code; undefined for the turn of a loop. */
  readonly call?: Node;
  readonly outer?: Context;
}

/** Value of an expression, as far as it is known before the code runs. */
export type Value =
  /** A string. Unknown parts are `undefined`. */
  | { readonly kind: 'text'; readonly parts: readonly (string | undefined)[] }
  | { readonly kind: 'literal'; readonly value: number | boolean | null | undefined }
  | { readonly kind: 'pattern'; readonly source: string }
  /** `process.env`. */
  | { readonly kind: 'environment' }
  /** `process.env.NAME`, an environment variable. */
  | { readonly kind: 'variable'; readonly name: string }
  /** An export of a package or of Node.js: `express`, `express.Router`, `fs.writeFile`, `globalThis.Number`. */
  | { readonly kind: 'package'; readonly path: string }
  /** Result of a package's function: `express()`, `pg.Pool()`, `zod.object().optional()`. */
  | { readonly kind: 'made'; readonly by: string; readonly node: Node; readonly from?: Value }
  | { readonly kind: 'object'; readonly node: ObjectExpression; readonly context?: Context | undefined }
  | { readonly kind: 'array'; readonly items: readonly Operand[] }
  | { readonly kind: 'function'; readonly node: FunctionNode; readonly context?: Context | undefined }
  | { readonly kind: 'class'; readonly node: ClassDeclaration | ClassExpression }
  | {
      readonly kind: 'instance';
      readonly node: ClassDeclaration | ClassExpression;
      /** Arguments of the constructor; undefined for `this`. */
      readonly operands?: readonly (Operand | undefined)[];
    }
  | { readonly kind: 'enum'; readonly node: TSEnumDeclaration }
  /** All exports of a module of the application. */
  | { readonly kind: 'namespace'; readonly file: string }
  /** One of several values. */
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

/** Most values that an expression may have. */
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

/** Returns all values that a value may be. */
export function valuesOf(value: Value): readonly Value[] {
  return value.kind === 'either' ? value.values : [value];
}

/** Returns the string or number if it is known; otherwise undefined. */
export function constantOf(value: Value): string | number | undefined {
  if (value.kind === 'text') return textOf(value);
  return value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
}

/** Returns the string if all parts are known; otherwise undefined. */
export function textOf(value: Value): string | undefined {
  if (value.kind === 'variable' && value.name === 'NODE_ENV') return 'production';
  return value.kind === 'text' && value.parts.length === 1 ? value.parts[0] : undefined;
}

/** Returns whether a condition treats the value as true; undefined if this is not known. */
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
    // An optional package may be missing, and a package's function may return undefined.
    case 'made':
    case 'package':
      return undefined;
    default:
      return true;
  }
}
