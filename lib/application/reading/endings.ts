import type { LiveCode } from '../source/live-code';
import { isFunction, type Node, unwrapped } from '../source/syntax';
import { type Context, truthOf, valuesOf } from '../source/value';

/**
 * The effect of a statement on the code after it. The statement `ends` the process or throws, `leaves` the function or
 * loop, sets a variable (`assigns`), or `goes on`.
 */
export type Outcome = 'ends' | 'leaves' | 'assigns' | 'goes on';

/** Deepest chain of functions that is searched for a throw. */
const deepest = 4;

/** Returns the effect of a statement on the code after it. */
export function outcomeOf(code: LiveCode, statement: Node, context?: Context, depth = 0): Outcome {
  switch (statement.type) {
    case 'ThrowStatement':
      return 'ends';
    case 'ReturnStatement':
      return statement.argument && neverReturns(code, statement.argument, depth) ? 'ends' : 'leaves';
    case 'ContinueStatement':
    case 'BreakStatement':
      return 'leaves';
    case 'BlockStatement': {
      let outcome: Outcome = 'goes on';
      for (const each of statement.body) {
        const next = outcomeOf(code, each, context, depth);
        if (next === 'ends' || next === 'leaves') return next;
        if (next === 'assigns') outcome = next;
      }
      return outcome;
    }
    case 'IfStatement': {
      const truth = truthOf(code.evaluator.value(statement.test, context));
      if (truth !== undefined) {
        const taken = truth ? statement.consequent : statement.alternate;
        return taken ? outcomeOf(code, taken, context, depth) : 'goes on';
      }
      const otherwise = statement.alternate
        ? outcomeOf(code, statement.alternate, context, depth)
        : 'goes on';
      const then = outcomeOf(code, statement.consequent, context, depth);
      return then === otherwise ? then : 'goes on';
    }
    case 'TryStatement':
      return outcomeOf(code, statement.block, context, depth) === 'leaves' ? 'leaves' : 'goes on';
    case 'ExpressionStatement': {
      const expression = unwrapped(statement.expression);
      if (expression.type === 'AssignmentExpression') return 'assigns';
      return neverReturns(code, expression, depth) ? 'ends' : 'goes on';
    }
    default:
      return 'goes on';
  }
}

/** True if an expression always throws or ends the process, such as `process.exit(1)` or `fail('…')`. */
export function neverReturns(code: LiveCode, node: Node, depth = 0): boolean {
  const expression = unwrapped(node);
  if (expression.type === 'LogicalExpression') return neverReturns(code, expression.left, depth);
  if (expression.type !== 'CallExpression' || depth > deepest) return false;
  return valuesOf(code.evaluator.value(expression.callee as Node)).some((callee) => {
    if (callee.kind === 'package')
      return /^(process\.(exit|abort|kill)|assert\.fail|assert\.default\.fail)$/.test(callee.path);
    if (callee.kind !== 'function') return false;
    const { body } = callee.node;
    return isBlock(body)
      ? outcomeOf(code, body, undefined, depth + 1) === 'ends'
      : neverReturns(code, body, depth + 1);
  });
}

function isBlock(node: Node): boolean {
  return node.type === 'BlockStatement' && !isFunction(node);
}
