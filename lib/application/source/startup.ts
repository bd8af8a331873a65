import { calledFunctions } from './calls';
import type { LiveCode } from './live-code';
import { type CallNode, functionAround, isFunction, type Node, propertyName, unwrapped } from './syntax';
import type { Context } from './value';

const started = new WeakMap<LiveCode, ReadonlySet<Node>>();

/**
 * True if code runs when the server starts: outside all functions, or in a function that such code calls. False for
 * code that runs on a request, an event or a timer.
 */
export function runsAtStart(code: LiveCode, node: Node): boolean {
  const around = functionAround(node);
  if (!around) return true;
  const functions = started.get(code) ?? functionsAtStart(code);
  started.set(code, functions);
  return functions.has(around);
}

/** Like `runsAtStart`, for code in one particular call of its function. */
export function runsAtStartIn(code: LiveCode, node: Node, context: Context | undefined): boolean {
  const around = functionAround(node);
  for (let at = context; at; at = at.outer)
    if (at.owner === around && at.call) return runsAtStartIn(code, at.call, at.outer);
  return runsAtStart(code, node);
}

function functionsAtStart(code: LiveCode): ReadonlySet<Node> {
  const functions = new Set<Node>();
  const callsIn = new Map<Node | undefined, CallNode[]>();
  for (const call of code.calls) {
    const around = functionAround(call);
    callsIn.set(around, [...(callsIn.get(around) ?? []), call]);
  }
  const pending: (Node | undefined)[] = [undefined];
  for (let index = 0; index < pending.length; index++)
    for (const call of callsIn.get(pending[index]) ?? [])
      for (const fn of functionsRunBy(code, call))
        if (!functions.has(fn)) {
          functions.add(fn);
          pending.push(fn);
        }
  return functions;
}

/** Methods that run their callbacks at once or when the server has started. */
const runs = /^(then|catch|finally|forEach|map|filter|flatMap|reduce|some|every|find|listen|all|allSettled)$/;

/** Returns the functions that a call runs: the called function, and callbacks that do not wait for an event. */
function functionsRunBy(code: LiveCode, call: CallNode): Node[] {
  const callee = unwrapped(call.callee as Node);
  const called = isFunction(callee) ? [callee] : calledFunctions(code.evaluator.value(callee));
  const method = callee.type === 'MemberExpression' ? (propertyName(callee) ?? '') : '';
  const isPromise =
    call.type === 'NewExpression' && callee.type === 'Identifier' && callee.name === 'Promise';
  if (!runs.test(method) && !isPromise) return called;
  return [...called, ...(call.arguments as readonly Node[]).filter((argument) => isFunction(argument))];
}
