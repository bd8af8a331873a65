import type { LiveCode } from '../../application/source/live-code';
import { type Binding, findBinding } from '../../application/source/scope';
import {
  type CallNode,
  calledName,
  type FunctionNode,
  functionAround,
  isFunction,
  isMember,
  type Node,
  propertyName,
  unwrapped,
} from '../../application/source/syntax';
import { valuesOf } from '../../application/source/value';
import { escapePattern } from '../../files/escape-pattern';
import type { CheckedApplication } from '../sources/checked-application';
import { textOfNode } from '../sources/text-of-node';

/** Names of a request, and its properties that every client chooses. */
const requestName = /^_?(req|request)$/;
const chosen = /^(query|params|body|headers|cookies)$/;
/** Methods of a text or a list that keep what a client chose. */
const keeping =
  /^(trim|trimStart|trimEnd|toString|toLowerCase|toUpperCase|slice|substring|substr|concat|normalize|split|join|at|pop|shift|filter|sort)$/;
const keepingFunctions = /^(String|decodeURIComponent|decodeURI|unescape)$/;
/** Functions that return their argument after they have checked its form, which may be any text. */
const validating = /^(parse|parseAsync|safeParse|safeParseAsync|validate\w*|cast)$/;
/** Pattern of a call that waits for a record, and of no function for files. */
const lookUp = String.raw`\bawait (?![\w.]*(fs|[rR]ead|[wW]rite|unlink|open|stat|access|exists))[\w.]+\(`;
/** Deepest chain of names and calls that is followed. */
const deepest = 16;

/** A value that comes from a request. */
interface Origin {
  /** Source text, such as `request.query.q`. */
  readonly text: string;
  /** True if a schema has checked the value, which then may be a number. */
  readonly isValidated?: boolean;
}

/** Follows values back to the requests that they come from. */
export class RequestValues {
  private readonly following = new Set<Node>();
  private isKey = false;

  constructor(
    private readonly application: CheckedApplication,
    private readonly code: LiveCode,
  ) {}

  /**
   * Returns the source text of a request's value that is part of a text, such as `request.query.q`.
   * @param isKey true if a value is safe with which the code has found a record, as with the id of a row
   */
  in(node: Node, isKey = false): string | undefined {
    this.isKey = isKey;
    const origin = this.origin(node, []);
    return origin && !origin.isValidated ? origin.text : undefined;
  }

  /** Returns the source text of the request's value that an expression is, even if a schema has checked the value. */
  of(node: Node): string | undefined {
    return this.origin(node, [])?.text;
  }

  /**
   * Returns the request's value that an expression is or contains.
   * @param path names of properties of the expression
   */
  private origin(given: Node, path: readonly string[]): Origin | undefined {
    const node = unwrapped(given);
    if (this.following.has(node) || this.following.size > deepest) return undefined;
    this.following.add(node);
    try {
      return this.follow(node, path);
    } finally {
      this.following.delete(node);
    }
  }

  private follow(node: Node, path: readonly string[]): Origin | undefined {
    switch (node.type) {
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.member(node, path);
      case 'Identifier':
        return this.named(node, path);
      case 'TemplateLiteral':
        return this.first(node.expressions as Node[]);
      case 'BinaryExpression':
        return node.operator === '+' ? this.first([node.left as Node, node.right]) : undefined;
      case 'AssignmentExpression':
        return this.origin(node.right, path);
      case 'LogicalExpression':
        return this.first([node.left, node.right], path);
      case 'ConditionalExpression': {
        const test = this.text(node.test);
        // The test may compare the value with the allowed ones.
        const untested = [node.consequent, node.alternate].filter((each) => !test.includes(this.text(each)));
        return this.first(untested, path);
      }
      case 'ObjectExpression':
        return this.property(node, path);
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.call(node, path);
      default:
        return undefined;
    }
  }

  private first(nodes: readonly Node[], path: readonly string[] = []): Origin | undefined {
    for (const node of nodes) {
      const found = this.origin(node, path);
      if (found) return found;
    }
    return undefined;
  }

  private member(
    node: Extract<Node, { object: Node; property: Node }>,
    path: readonly string[],
  ): Origin | undefined {
    const name = propertyName(node);
    if (name === 'length') return undefined;
    if (this.isTested(node)) return undefined;
    const isChosen = isMember(node) && name !== undefined && chosen.test(name) && isRequest(node.object);
    if (isChosen) return { text: [this.text(node), ...path].join('.') };
    return name === undefined ? this.origin(node.object, []) : this.origin(node.object, [name, ...path]);
  }

  private property(
    node: Extract<Node, { type: 'ObjectExpression' }>,
    path: readonly string[],
  ): Origin | undefined {
    const [name, ...rest] = path;
    // The last property of a name counts.
    for (const property of [...node.properties].reverse()) {
      if (property.type === 'SpreadElement') {
        const found = name !== undefined && this.origin(property.argument, path);
        if (found) return found;
      } else if (property.type === 'ObjectProperty' && propertyName(property) === name)
        return this.origin(property.value as Node, rest);
    }
    return undefined;
  }

  private named(node: Extract<Node, { type: 'Identifier' }>, path: readonly string[]): Origin | undefined {
    const binding = findBinding(node.name, node);
    if (!binding || this.isTested(node)) return undefined;
    const names = binding.path.filter((each) => each !== undefined);
    const inner = [...names, ...path];
    if (binding.kind === 'parameter') return this.parameter(binding, inner);
    if (binding.kind !== 'variable') return undefined;
    if (binding.value && isRequest(binding.value) && chosen.test(names[0] ?? ''))
      return { text: [this.text(binding.value), ...inner].join('.') };
    const values = [...(binding.value ? [binding.value] : []), ...binding.assignments];
    for (const value of values) {
      const found = this.origin(value, value === binding.value ? inner : path);
      if (found) return found;
    }
    return undefined;
  }

  private parameter(binding: Binding, path: readonly string[]): Origin | undefined {
    const { node: owner, position = 0, identifier } = binding;
    if (!isFunction(owner)) return undefined;
    const type = typeOf(identifier);
    if (type !== undefined && type !== 'text') return undefined;
    // `({ query }, response) => …`
    if (position === 0 && isHandler(owner) && chosen.test(path[0] ?? ''))
      return { text: `request.${path.join('.')}` };
    for (const call of this.code.evaluator.callsOf(owner)) {
      const argument = call.arguments[position] as Node | undefined;
      const found = argument && argument.type !== 'SpreadElement' ? this.origin(argument, path) : undefined;
      // TypeScript says that a value which a schema has checked is a text.
      if (found) return type === 'text' ? { text: found.text } : found;
    }
    return undefined;
  }

  private call(node: CallNode, path: readonly string[]): Origin | undefined {
    const callee = unwrapped(node.callee as Node);
    const [first] = node.arguments as readonly Node[];
    const name = calledName(node);
    if (name === undefined) return undefined;
    if (/^(join|resolve|normalize)$/.test(name) && this.isOf('path', callee))
      return this.first(node.arguments as Node[]);
    if (isMember(callee)) {
      if (/^(get|header|param)$/.test(name) && isRequest(callee.object)) return { text: this.text(node) };
      if (keeping.test(name)) return this.origin(callee.object, []);
      if (name === 'map' && first && this.keepsItems(first)) return this.origin(callee.object, []);
    } else if (keepingFunctions.test(name)) return first && this.origin(first, []);
    if (!validating.test(name) || /^JSON$/.test(isMember(callee) ? this.text(callee.object) : ''))
      return undefined;
    const inner = /^safeParse/.test(name) && path[0] === 'data' ? path.slice(1) : path;
    for (const argument of node.arguments as Node[]) {
      const found = this.origin(argument, inner);
      if (found) return { ...found, isValidated: true };
    }
    return undefined;
  }

  /** Returns true for a callback such as `(name) => `'${name}'``, which writes the items. */
  private keepsItems(callback: Node): boolean {
    if (!isFunction(callback)) return callback.type === 'Identifier' && callback.name === 'String';
    const [item] = callback.params;
    if (item?.type !== 'Identifier') return false;
    return new RegExp(`\\$\\{\\s*${item.name}\\s*\\}|\\+\\s*${item.name}\\b`).test(this.text(callback.body));
  }

  /** Returns true if a function compares a value with others, or gives it to a function that may check it. */
  private isTested(node: Node): boolean {
    const around = functionAround(node);
    if (!around) return false;
    const name = escapePattern(this.text(node));
    const text = this.text(around);
    if (this.isKey && new RegExp(`${lookUp}[^()]*\\b${name}\\b`).test(text)) return true;
    return new RegExp(
      String.raw`(\b(includes|has|hasOwn|hasOwnProperty|indexOf|test|isInteger|isNaN|isFinite|isSafeInteger|\w*(valid|allow|sanit|escape|whitelist|safe|ensure|assert)\w*)\s*\([^()]*(?<![\w.])${name}(?![\w(])` +
        String.raw`|(?<![\w.])${name}\s*([!=]==?\s*['"\x60]\w|\.(match|startsWith|endsWith|includes)\(|in\s)` +
        String.raw`|switch\s*\(\s*${name}\s*\)|\[\s*${name}\s*\])`,
      'i',
    ).test(text.replace(/safeParse|validate\w*/g, 'parse'));
  }

  /** Returns true for a function of a module of Node.js. */
  private isOf(name: string, callee: Node): boolean {
    return valuesOf(this.code.evaluator.value(callee)).some(
      (value) => value.kind === 'package' && value.path.startsWith(`${name}.`),
    );
  }

  private text(node: Node): string {
    return textOfNode(this.application, node);
  }
}

/** Returns true for `request`, `req` and `context.req`. */
function isRequest(given: Node): boolean {
  const node = unwrapped(given);
  if (node.type === 'Identifier') {
    const binding = findBinding(node.name, node);
    return requestName.test(node.name) && binding?.kind === 'parameter';
  }
  return isMember(node) && requestName.test(propertyName(node) ?? '');
}

/** Returns true for a function whose second parameter is a response. */
function isHandler({ params }: FunctionNode): boolean {
  const [, second] = params;
  return second?.type === 'Identifier' && /^_?(res|response|reply)$/.test(second.name);
}

/** Returns `text` for a parameter with the type `string`, and another name for types that contain no free text. */
function typeOf(identifier: Node): 'text' | 'other' | undefined {
  const annotation = identifier.type === 'Identifier' ? identifier.typeAnnotation : undefined;
  if (annotation?.type !== 'TSTypeAnnotation') return undefined;
  const { typeAnnotation } = annotation;
  const types = typeAnnotation.type === 'TSUnionType' ? typeAnnotation.types : [typeAnnotation];
  if (types.some(({ type }) => type === 'TSStringKeyword')) return 'text';
  return types.every(({ type }) =>
    /^TS(Number|Boolean|BigInt|Undefined|Null)Keyword$|^TSLiteralType$/.test(type),
  )
    ? 'other'
    : undefined;
}
