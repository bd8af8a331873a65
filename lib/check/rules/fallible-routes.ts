import { calledFunctions } from '../../application/source/calls';
import type { LiveCode } from '../../application/source/live-code';
import {
  type CallNode,
  type FunctionNode,
  isCall,
  isFunction,
  isMember,
  type Node,
  propertyName,
  someChild,
  unwrapped,
} from '../../application/source/syntax';
import { valuesOf } from '../../application/source/value';

/** Methods of a response that do not fail. */
const answers =
  /^(json|send|sendStatus|sendFile|status|end|set|header|setHeader|type|redirect|vary|links|location|cookie|clearCookie|removeHeader|write|writeHead)$/;
/** Functions of JavaScript and Node.js that do not fail for any argument of a route. */
const harmless =
  /^(globalThis\.)?(Date|Date\.now|Math\.\w+|String|Number|Boolean|console\.\w+|process\.(uptime|memoryUsage|cwd|hrtime)|performance\.now|path\.(join|resolve)|os\.\w+)(\(\)(\.\w+)?)?$/;

/**
 * Returns true if a handler of a route may fail: the handler waits, throws, passes an error on, or calls a function
 * that is not known to succeed.
 */
export function mayFail(code: LiveCode, route: CallNode): boolean {
  const handlers = (route.arguments as readonly Node[]).flatMap((node) => {
    const value = code.evaluator.value(node);
    if (valuesOf(value).every(({ kind }) => kind === 'text' || kind === 'pattern')) return [];
    const functions = calledFunctions(value).filter(isFunction);
    return functions.length > 0 ? functions : [undefined];
  });
  return handlers.some((handler) => handler === undefined || isFallible(code, handler));
}

function isFallible(code: LiveCode, handler: FunctionNode): boolean {
  const [, response] = handler.params;
  const name = response?.type === 'Identifier' ? response.name : undefined;
  const fails = (node: Node): boolean => {
    if (/^(AwaitExpression|ThrowStatement|YieldExpression|ForOfStatement)$/.test(node.type)) return true;
    if (isCall(node) && !isAnswer(node, name) && !isHarmless(code, node)) return true;
    return someChild(node, fails);
  };
  return fails(handler.body);
}

/** Returns true for `response.status(200).json(…)`. */
function isAnswer({ callee }: CallNode, response: string | undefined): boolean {
  const target = unwrapped(callee as Node);
  if (!isMember(target) || !answers.test(propertyName(target) ?? '')) return false;
  const object = unwrapped(target.object);
  return object.type === 'Identifier'
    ? object.name === response
    : isCall(object) && isAnswer(object, response);
}

function isHarmless(code: LiveCode, { callee }: CallNode): boolean {
  const values = valuesOf(code.evaluator.value(callee as Node));
  return values.every(
    (value) =>
      (value.kind === 'package' && harmless.test(value.path)) ||
      (value.kind === 'made' && harmless.test(value.by)),
  );
}
