import { type ParserOptions, parse } from '@babel/parser';
import type { Node as BabelNode, Program } from '@babel/types';
import { codeFields } from './code-fields';

/** A node of a syntax tree. `parseLinked` sets its parent. */
export type Node = BabelNode;

type Linked = { parent?: Node };

/** Returns the parent of a node; undefined for the program itself. */
export function parentOf(node: Node): Node | undefined {
  return (node as Linked).parent;
}

export function setParent(node: Node, parent: Node): void {
  (node as Linked).parent = parent;
}

/** Calls back with each direct child of a node, without types. */
export function eachChild(node: Node, visit: (child: Node) => void): void {
  const fields = codeFields.get(node.type);
  if (!fields) return;
  for (const field of fields) {
    const value = (node as unknown as Record<string, unknown>)[field];
    if (typeof value === 'object' && value !== null) visitField(value, visit);
  }
}

/** Returns true if a test holds for a child of a node. */
export function someChild(node: Node, test: (child: Node) => boolean): boolean {
  let found = false;
  eachChild(node, (child) => {
    found ||= test(child);
  });
  return found;
}

function visitField(value: object, visit: (child: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) if (isCode(item)) visit(item);
  } else if (isCode(value)) visit(value);
}

function isCode(value: object | null): value is Node {
  return value !== null && codeFields.has((value as Node).type);
}

/** Returns the expression inside casts and `await`, which do not change its value here. */
export function unwrapped(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
      return unwrapped(node.expression);
    case 'AwaitExpression':
      return unwrapped(node.argument);
    case 'SequenceExpression':
      return unwrapped(node.expressions.at(-1)!);
    default:
      return node;
  }
}

/** Returns the outermost expression with the same value: the casts and `await` around an expression. */
export function wrapped(node: Node): Node {
  const parent = parentOf(node);
  return parent && parent !== node && unwrapped(parent) === unwrapped(node) ? wrapped(parent) : node;
}

export type FunctionNode = Extract<
  Node,
  {
    type:
      | 'FunctionDeclaration'
      | 'FunctionExpression'
      | 'ArrowFunctionExpression'
      | 'ObjectMethod'
      | 'ClassMethod'
      | 'ClassPrivateMethod';
  }
>;

const functions = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
]);

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return node !== null && node !== undefined && functions.has(node.type);
}

export type CallNode = Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' | 'NewExpression' }>;

export function isCall(node: Node): node is CallNode {
  return (
    node.type === 'CallExpression' || node.type === 'OptionalCallExpression' || node.type === 'NewExpression'
  );
}

/** Returns true for `a.b`, `a?.b` and `a[b]`. */
export function isMember(
  node: Node,
): node is Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }> {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
}

/** Returns the last name of a reference: `b` for `b` and `a.b`. */
export function lastName(given: Node): string | undefined {
  const node = unwrapped(given);
  if (node.type === 'Identifier') return node.name;
  return isMember(node) ? propertyName(node) : undefined;
}

/** Returns the name of the function or method that a call names: `b` for `b()` and `a.b()`. */
export function calledName({ callee }: CallNode): string | undefined {
  return lastName(callee as Node);
}

/** Returns the nearest function around a node. */
export function functionAround(node: Node): FunctionNode | undefined {
  for (let at = parentOf(node); at; at = parentOf(at)) if (isFunction(at)) return at;
  return undefined;
}

/** Returns the name of a property if the code states it: `a.name`, `a['name']`, `{ name: … }`. */
export function propertyName(node: Node): string | undefined {
  const { key, computed } =
    node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression'
      ? { key: node.property, computed: node.computed }
      : node.type === 'ObjectProperty' ||
          node.type === 'ObjectMethod' ||
          node.type === 'ClassMethod' ||
          node.type === 'ClassProperty'
        ? { key: node.key, computed: node.computed }
        : { key: node, computed: false };
  if (key.type === 'StringLiteral') return key.value;
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]!.value.cooked!;
  if (key.type === 'NumericLiteral') return String(key.value);
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  return key.type === 'Identifier' && !computed ? key.name : undefined;
}

const common: ParserOptions = {
  sourceType: 'unambiguous',
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowUndeclaredExports: true,
  createImportExpressions: false,
  attachComment: false,
  // Babel reports errors that esbuild ignores. The parser continues after them.
  errorRecovery: true,
};

/**
 * Parses a module by its file name: TypeScript, TSX, or JavaScript with JSX.
 * @throws SyntaxError if the text cannot be parsed at all
 */
export function parseProgram(file: string, code: string): Program {
  const typescript = /\.[cm]?tsx?$/.test(file);
  const plugins: ParserOptions['plugins'] = [
    'decorators-legacy',
    'decoratorAutoAccessors',
    'explicitResourceManagement',
    ...(typescript ? ['typescript' as const] : []),
    ...(/\.[cm]?ts$/.test(file) ? [] : ['jsx' as const]),
  ];
  return parse(code, { ...common, plugins }).program;
}
