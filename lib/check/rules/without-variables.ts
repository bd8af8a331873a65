import type { LiveCode } from '../../application/source/live-code';
import { memberOfObject } from '../../application/source/members';
import { findBinding } from '../../application/source/scope';
import { type Node, unwrapped } from '../../application/source/syntax';
import { type Operand, textOf, truthOf, type Value } from '../../application/source/value';

/** Deepest chain of names that is followed. */
const deepest = 6;

/** The evaluation of expressions that `falseWithout` needs. */
type Evaluator = Pick<LiveCode['evaluator'], 'value' | 'operand'>;

/**
 * Returns the variable of the environment without which an expression is false: `COOKIE_SECURE` for
 * `process.env.COOKIE_SECURE === 'true'`. Returns undefined if the expression does not depend on a variable, or is
 * true without it.
 */
export function falseWithout(evaluator: Evaluator, given: Node, depth = 0): string | undefined {
  const node = unwrapped(given);
  const next = (each: Node) => falseWithout(evaluator, each, depth + 1);
  const name = nameOf(evaluator.value(node));
  if (name !== undefined) return name;
  if (depth > deepest) return undefined;
  switch (node.type) {
    case 'BinaryExpression': {
      if (!/^===?$/.test(node.operator)) return undefined;
      const sides = [node.left as Node, node.right].map((each) => evaluator.value(each));
      const variable = sides.map(nameOf).find((each) => each !== undefined);
      const compared = sides.map(textOf).find((each) => each !== undefined);
      return compared === undefined ? undefined : variable;
    }
    case 'LogicalExpression': {
      if (node.operator === '&&') return next(node.left) ?? next(node.right);
      const right = evaluator.value(node.right);
      return truthOf(right) === false ? next(node.left) : undefined;
    }
    case 'ConditionalExpression':
      return truthOf(evaluator.value(node.consequent)) === true &&
        truthOf(evaluator.value(node.alternate)) === false
        ? next(node.test)
        : undefined;
    case 'UnaryExpression': {
      // `!!process.env.COOKIE_SECURE`
      const inner = unwrapped(node.argument);
      return node.operator === '!' && inner.type === 'UnaryExpression' && inner.operator === '!'
        ? next(inner.argument)
        : undefined;
    }
    case 'CallExpression': {
      const isBoolean = node.callee.type === 'Identifier' && node.callee.name === 'Boolean';
      return isBoolean && node.arguments[0] ? next(node.arguments[0] as Node) : undefined;
    }
    case 'Identifier': {
      const binding = findBinding(node.name, node);
      const isConstant = binding?.path.length === 0 && binding.assignments.length === 0;
      return isConstant && binding.value ? next(binding.value) : undefined;
    }
    default:
      return undefined;
  }
}

function nameOf(value: Value): string | undefined {
  return value.kind === 'variable' && value.name !== 'NODE_ENV' ? value.name : undefined;
}

/** Returns the expression of a property in an object literal; undefined if it is not known. */
export function nodeOfOption(code: LiveCode, options: Value | undefined, name: string): Node | undefined {
  const operand: Operand | undefined =
    options?.kind === 'object' ? memberOfObject(code.evaluator, options, name) : undefined;
  return operand && 'node' in operand && !operand.context ? operand.node : undefined;
}
