import type { LiveCode } from '../source/live-code';
import { findBinding } from '../source/scope';
import { functionAround, isFunction, type Node, parentOf, unwrapped, wrapped } from '../source/syntax';
import { type Context, constantOf, truthOf, type Value, valuesOf } from '../source/value';
import { outcomeOf } from './endings';

/** Deepest chain of names and functions that is followed from a condition. */
const deepest = 6;

/** True if code runs only when an environment variable has a value. */
export function isGuarded(code: LiveCode, node: Node, variable: string, depth = 0): boolean {
  for (let at = node, around = parentOf(node); around; at = around, around = parentOf(around)) {
    if (around.type === 'IfStatement' || around.type === 'ConditionalExpression') {
      if (at === around.consequent && implies(code, around.test, variable, true)) return true;
      if (at === around.alternate && implies(code, around.test, variable, false)) return true;
    }
    if (around.type === 'LogicalExpression' && at === around.right && around.operator !== '??') {
      if (implies(code, around.left, variable, around.operator === '&&')) return true;
    }
    if (
      (around.type === 'BlockStatement' || around.type === 'Program') &&
      isAfterGuard(code, around, at, variable)
    )
      return true;
    if (isFunction(around) && depth < 2) {
      const calls = code.evaluator.contextsOf(around).flatMap(({ call }) => call ?? []);
      if (calls.length && calls.every((call) => isGuarded(code, call, variable, depth + 1))) return true;
    }
  }
  return false;
}

/** True if a guard such as `if (!process.env.X) return;` comes before a statement. */
function isAfterGuard(
  code: LiveCode,
  block: { readonly body: readonly Node[] },
  statement: Node,
  variable: string,
): boolean {
  for (const before of block.body) {
    if (before === statement) return false;
    if (before.type !== 'IfStatement' || !implies(code, before.test, variable, false)) continue;
    if (['ends', 'leaves'].includes(outcomeOf(code, before.consequent))) return true;
  }
  return false;
}

/**
 * True if a condition proves that a variable has a value.
 * @param holds true to ask about the condition being true, false about its being false
 */
export function implies(
  code: LiveCode,
  condition: Node,
  variable: string,
  holds: boolean,
  depth = 0,
): boolean {
  if (depth > deepest) return false;
  const node = unwrapped(condition);
  const again = (inner: Node, state = holds) => implies(code, inner, variable, state, depth + 1);
  switch (node.type) {
    case 'UnaryExpression':
      return node.operator === '!' && again(node.argument, !holds);
    case 'LogicalExpression': {
      const sides = [node.left, node.right].map((side) => again(side));
      return (node.operator === '&&') === holds ? sides.some(Boolean) : sides.every(Boolean);
    }
    case 'BinaryExpression':
      return comparisonImplies(code, node, variable, holds);
    case 'CallExpression': {
      const callee = code.evaluator.value(node.callee as Node);
      if (callee.kind === 'package' && callee.path === 'globalThis.Boolean')
        return again(node.arguments[0] as Node);
      if (callee.kind !== 'function') break;
      const { body } = callee.node;
      const returned =
        body.type === 'BlockStatement'
          ? body.body.length === 1 && body.body[0]!.type === 'ReturnStatement' && body.body[0].argument
          : body;
      return Boolean(returned) && again(returned as Node);
    }
    case 'Identifier': {
      const binding = findBinding(node.name, node);
      const isConstant = binding?.value && binding.path.length === 0 && binding.assignments.length === 0;
      if (isConstant && again(binding.value!)) return true;
      break;
    }
  }
  return holds && isVariable(code.evaluator.value(node), variable);
}

function comparisonImplies(
  code: LiveCode,
  node: Extract<Node, { type: 'BinaryExpression' }>,
  variable: string,
  holds: boolean,
): boolean {
  if (!/^[!=]==?$/.test(node.operator)) return false;
  const equal = node.operator.startsWith('=') === holds;
  for (const [side, other] of [
    [node.left as Node, node.right],
    [node.right, node.left as Node],
  ] as const) {
    const inner = unwrapped(side);
    const typed = inner.type === 'UnaryExpression' && inner.operator === 'typeof' ? inner.argument : inner;
    if (!isVariable(code.evaluator.value(typed), variable)) continue;
    const compared = code.evaluator.value(other);
    if (typed !== inner) return (constantOf(compared) === 'undefined') !== equal;
    const isNothing = truthOf(compared) === false;
    return isNothing ? !equal : equal && constantOf(compared) !== undefined;
  }
  return false;
}

function isVariable(value: Value, name: string): boolean {
  const values = valuesOf(value);
  return values.some((each) => each.kind === 'variable' && each.name === name);
}

/** Returns the function whose result is the expression; undefined if the expression is not a result. */
export function returningFunction(node: Node): ReturnType<typeof functionAround> {
  const at = wrapped(node);
  const around = parentOf(at);
  if (around?.type === 'ReturnStatement') return functionAround(around);
  return around?.type === 'ArrowFunctionExpression' && around.body === at ? around : undefined;
}

/** Returns the call of a function that the context is about; without such a call, all calls of the function. */
export function callsMeant(code: LiveCode, owner: Node, context: Context | undefined): readonly Context[] {
  for (let at = context; at; at = at.outer) if (at.owner === owner) return [at];
  return code.evaluator.contextsOf(owner);
}
