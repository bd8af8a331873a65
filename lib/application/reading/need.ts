import type { LiveCode } from '../source/live-code';
import { type Binding, findBinding } from '../source/scope';
import {
  type CallNode,
  isFunction,
  type Node,
  parentOf,
  propertyName,
  unwrapped,
  wrapped,
} from '../source/syntax';
import { type Context, constantOf, textOf, truthOf, type Value, valuesOf } from '../source/value';
import { assertion, endingAt, followReturn, isEnding, tested } from './condition';
import { neverReturns } from './endings';
import { isGuarded } from './guards';
import { strongest, type Use, use, variablesOf } from './use';

/** Deepest chain of names and functions that a value is followed through. */
const deepest = 8;

/** Finds the code that uses the value of a variable, and the effect of a missing value. */
export class Needs {
  private readonly following = new Set<Node>();

  constructor(
    private readonly code: LiveCode,
    private readonly variable: string,
  ) {}

  /** Follows an expression with the variable's value to the code that uses the value. */
  of(node: Node, context?: Context): Use {
    const at = wrapped(node);
    const around = parentOf(at);
    if (!around || this.following.has(at) || this.following.size > deepest) return use('plain');
    this.following.add(at);
    try {
      const found = this.around(at, around, context);
      return found.need === 'plain' && isGuarded(this.code, at, this.variable)
        ? { ...found, need: 'guarded' }
        : found;
    } finally {
      this.following.delete(at);
    }
  }

  private around(at: Node, around: Node, context: Context | undefined): Use {
    switch (around.type) {
      case 'LogicalExpression':
        return this.logical(at, around, context);
      case 'ConditionalExpression':
        return at === around.test ? tested(this.code, at, false, context) : this.of(around, context);
      case 'IfStatement':
      case 'WhileStatement':
        return tested(this.code, at, false, context);
      case 'UnaryExpression':
        if (around.operator === '!') return tested(this.code, at, false, context);
        if (around.operator === 'typeof') return this.typed(around, context);
        return around.operator === '+' ? this.of(around, context) : use('guarded');
      case 'BinaryExpression':
        return this.compared(at, around, context);
      case 'SwitchStatement':
        return use('fallback');
      case 'ExpressionStatement':
        return use('logged');
      case 'TemplateLiteral': {
        const whole = this.of(around, context);
        return whole.need === 'logged' ? whole : use('plain');
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.accessed(at, around, context);
      case 'VariableDeclarator':
        return around.id.type === 'Identifier' ? this.ofName(around.id, context) : use('plain');
      case 'AssignmentExpression': {
        if (at === around.left) return use('fallback');
        return around.left.type === 'Identifier' ? this.ofName(around.left, context) : use('plain');
      }
      case 'ArrayExpression':
        return this.listed(around);
      case 'ObjectProperty':
        return this.ofProperty(around, [propertyName(around)], context);
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return this.argument(at, around, context);
      case 'ReturnStatement':
      case 'ArrowFunctionExpression':
        return followReturn(this.code, at, context, (call, outer) => this.of(call, outer));
      default:
        return use('plain');
    }
  }

  private logical(
    at: Node,
    around: Extract<Node, { type: 'LogicalExpression' }>,
    context: Context | undefined,
  ): Use {
    if (around.operator === '&&')
      return at === around.left ? tested(this.code, at, false, context) : this.of(around, context);
    if (at === around.right) {
      const whole = this.of(around, context);
      const others = variablesOf(this.code.evaluator.value(around.left, context));
      return { ...whole, alternatives: [...others, ...whole.alternatives] };
    }
    if (neverReturns(this.code, around.right)) return endingAt(this.code, around, context);
    const values = valuesOf(this.code.evaluator.value(around.right, context));
    const others = values.flatMap(variablesOf);
    const rest = values.filter((value) => value.kind !== 'variable' || value.name === 'NODE_ENV');
    const whole = this.of(around, context);
    const isCertain = rest.some((value) => !isNothing(value) && value.kind !== 'unknown');
    if (isCertain || (rest.some((value) => value.kind === 'unknown') && !isEnding(whole)))
      return use('fallback');
    if (isTested(around) && !isEnding(whole)) return tested(this.code, at, false, context);
    return { ...whole, alternatives: [...others, ...whole.alternatives] };
  }

  private compared(
    at: Node,
    around: Extract<Node, { type: 'BinaryExpression' }>,
    context: Context | undefined,
  ): Use {
    const other = around.left === at ? around.right : (around.left as Node);
    const value = this.code.evaluator.value(other, context);
    if (!/^[!=]==?$/.test(around.operator)) {
      const whole = around.operator === '+' ? this.of(around, context) : use('plain');
      return whole.need === 'logged' ? whole : use('plain');
    }
    if (truthOf(value) === false) return tested(this.code, around, around.operator.startsWith('='), context);
    return use(constantOf(value) !== undefined || value.kind === 'literal' ? 'fallback' : 'plain');
  }

  /** Follows comparisons such as `typeof X === 'string'`. */
  private typed(type: Node, context: Context | undefined): Use {
    const comparison = parentOf(type);
    if (comparison?.type !== 'BinaryExpression' || !/^[!=]==?$/.test(comparison.operator))
      return use('guarded');
    const other = comparison.left === type ? comparison.right : (comparison.left as Node);
    const isMissing = constantOf(this.code.evaluator.value(other, context)) === 'undefined';
    return tested(this.code, comparison, isMissing === comparison.operator.startsWith('='), context);
  }

  /** Follows a property access. `X.trim()` throws without a value, `X?.trim()` does not. */
  private accessed(
    at: Node,
    around: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
    context: Context | undefined,
  ): Use {
    if (at === around.property) return use('plain');
    if (around.type === 'MemberExpression') {
      const isPassed = isCalled(around) && this.of(parentOf(around)!, context).need === 'logged';
      return use(isPassed ? 'logged' : 'plain');
    }
    return this.of(isCalled(around) ? parentOf(around)! : around, context);
  }

  private listed(list: Node): Use {
    const access = parentOf(list);
    const method = access?.type === 'MemberExpression' ? propertyName(access) : undefined;
    if (method === 'filter' || method === 'find' || method === 'some') return use('guarded');
    return use(method === 'includes' ? 'fallback' : 'plain');
  }

  /** Follows a property of a constant object to the uses of this property. */
  private ofProperty(
    property: Node,
    path: readonly (string | undefined)[],
    context: Context | undefined,
  ): Use {
    const object = wrapped(parentOf(property)!);
    const around = parentOf(object);
    if (around?.type === 'ObjectProperty')
      return this.ofProperty(around, [propertyName(around), ...path], context);
    if (around?.type === 'CallExpression' && this.isLog(around)) return use('logged');
    if (around?.type !== 'VariableDeclarator' || around.id.type !== 'Identifier') return use('plain');
    const binding = findBinding(around.id.name, around.id);
    const references = (binding && this.code.references.get(binding)) ?? [];
    const uses = references.map((reference) => {
      let at = wrapped(reference);
      for (const name of path) {
        const access = parentOf(at);
        const isAccess = access?.type === 'MemberExpression' || access?.type === 'OptionalMemberExpression';
        if (!isAccess) return use('plain');
        if (propertyName(access) !== name) return undefined;
        at = wrapped(access);
      }
      return this.of(at, context);
    });
    return strongest(uses.flatMap((each) => each ?? []));
  }

  private argument(at: Node, call: CallNode, context: Context | undefined): Use {
    if (at === call.callee) return use('plain');
    if (this.isLog(call)) return use('logged');
    const callee = this.code.evaluator.value(call.callee as Node, context);
    if (callee.kind === 'package') {
      if (callee.path === 'globalThis.Boolean') return tested(this.code, call, false, context);
      if (/^globalThis\.(Number|parseInt|parseFloat|Number\.parseInt|String)$/.test(callee.path))
        return this.of(call, context);
      if (assertion.test(callee.path)) return endingAt(this.code, call, context);
    }
    if (callee.kind !== 'function' || !isFunction(callee.node)) return use('plain');
    const position = (call.arguments as readonly Node[]).indexOf(at);
    const parameter = callee.node.params[position];
    const identifier = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
    if (parameter?.type === 'AssignmentPattern') return use('fallback');
    if (identifier?.type !== 'Identifier') return use('plain');
    const operands = call.arguments.map((node) => ({ node, ...(context && { context }) }));
    return this.ofName(identifier, {
      owner: callee.node,
      operands,
      call,
      ...(context && { outer: context }),
    });
  }

  private isLog(call: CallNode): boolean {
    const callee = unwrapped(call.callee as Node);
    if (callee.type !== 'MemberExpression') return false;
    const object = unwrapped(callee.object);
    const name = object.type === 'Identifier' ? object.name : (propertyName(object) ?? '');
    return /^(console|log|logger|debug|winston|pino)$/i.test(name);
  }

  /** Follows a name that gets the value. The strongest use of the name counts. */
  private ofName(identifier: Extract<Node, { type: 'Identifier' }>, context: Context | undefined): Use {
    const binding = findBinding(identifier.name, identifier);
    return binding ? this.ofBinding(binding, context) : use('plain');
  }

  ofBinding(binding: Binding, context?: Context): Use {
    const references = this.code.references.get(binding) ?? [];
    return strongest(references.map((reference) => this.of(reference, context)));
  }
}

/** True for undefined and for an empty string. Packages refuse an empty key like a missing key. */
function isNothing(value: Value): boolean {
  return textOf(value) === '' || (value.kind === 'literal' && value.value === undefined);
}

function isCalled(access: Node): boolean {
  const around = parentOf(access);
  return (
    (around?.type === 'CallExpression' || around?.type === 'OptionalCallExpression') &&
    around.callee === access
  );
}

/** True if an expression is a condition. */
function isTested(node: Node): boolean {
  const at = wrapped(node);
  const around = parentOf(at);
  return (
    (around?.type === 'IfStatement' && around.test === at) ||
    (around?.type === 'UnaryExpression' && around.operator === '!')
  );
}
