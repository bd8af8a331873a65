import { calledFunctions } from '../../application/source/calls';
import type { LiveCode } from '../../application/source/live-code';
import { entriesOf } from '../../application/source/members';
import { findBinding } from '../../application/source/scope';
import {
  type CallNode,
  eachChild,
  functionAround,
  isCall,
  isFunction,
  isMember,
  type Node,
  parentOf,
  propertyName,
  someChild,
  unwrapped,
  wrapped,
} from '../../application/source/syntax';
import { type Operand, textOf, valuesOf } from '../../application/source/value';

/** Name of the header, in small letters. */
const header = 'access-control-allow-origin';
/** Methods of a response that set headers, and methods that only log. */
const setters = /^(set|header|setHeader|append|writeHead|vary)$/;
const loggers = /^(log|info|warn|error|debug|trace)$/;
/** Names of tests that decide about origins. */
const decides = /allow|white|trust|permit|valid|known|origin(s|List)\b/i;
/** Deepest chain of names and calls that is followed to the origin. */
const deepest = 4;

/**
 * Returns a clause about a call that opens CORS to every origin: `response.set('Access-Control-Allow-Origin', '*')`,
 * the same header in an object, or a value that repeats the origin of the request.
 */
export function openHeader(code: LiveCode, call: CallNode): string | undefined {
  const { callee } = call;
  if (!isMember(callee) || !setters.test(propertyName(callee) ?? '')) return undefined;
  for (const operand of originsGiven(code, call)) {
    if ('node' in operand && repeatsOrigin(code, call, operand.node))
      return 'Access-Control-Allow-Origin repeats the origin of every request';
    if (valuesOf(code.evaluator.operand(operand)).some((value) => textOf(value) === '*'))
      return 'Access-Control-Allow-Origin is *';
  }
  return undefined;
}

/** Returns the values that a call gives to the header. */
function originsGiven(code: LiveCode, call: CallNode): Operand[] {
  const given = call.arguments as readonly Node[];
  return given.flatMap((node, index): Operand[] => {
    const value = code.evaluator.value(node);
    if (index === 0 && textOf(value)?.toLowerCase() === header) return given[1] ? [{ node: given[1] }] : [];
    return valuesOf(value).flatMap((each) =>
      each.kind === 'object'
        ? entriesOf(code.evaluator, each)
            .filter(({ name }) => textOf(name)?.toLowerCase() === header)
            .map((entry) => entry.value)
        : [],
    );
  });
}

/** Returns true if the value comes from the request, and no code around it compares it with known origins. */
function repeatsOrigin(code: LiveCode, call: CallNode, value: Node): boolean {
  if (!readsOrigin(code, value)) return false;
  const owners = new Set([functionAround(call), functionAround(value)]);
  for (const owner of [...owners])
    if (owner)
      for (const { call: from } of code.evaluator.contextsOf(owner))
        if (from) owners.add(functionAround(from));
  return ![...owners].some((owner) => owner && comparesOrigin(code, owner, owners));
}

/** Returns true if a function tests the origin, or tests the request with a function whose name says so. */
function comparesOrigin(code: LiveCode, owner: Node, owners: ReadonlySet<Node | undefined>): boolean {
  const isOwn = (call: CallNode) =>
    calledFunctions(code.evaluator.value(call.callee as Node)).some((called) => owners.has(called));
  let found = false;
  const visit = (node: Node): void => {
    if (found) return;
    if (isOrigin(code, node)) found = isCompared(node, isOwn);
    else if (isTest(node) && mentionsDecision(node.test)) found = true;
    else eachChild(node, visit);
  };
  eachChild(owner, visit);
  return found;
}

function isTest(node: Node): node is Extract<Node, { type: 'IfStatement' | 'ConditionalExpression' }> {
  return node.type === 'IfStatement' || node.type === 'ConditionalExpression';
}

function mentionsDecision(node: Node): boolean {
  if (node.type === 'Identifier') return decides.test(node.name) && node.name !== 'origin';
  return someChild(node, mentionsDecision);
}

/**
 * Returns true if an expression is compared with a value, or given to a function or method that may do so.
 * @param isOwn true for calls of functions that are looked at anyway
 */
function isCompared(node: Node, isOwn: (call: CallNode) => boolean): boolean {
  const whole = wrapped(node);
  const around = parentOf(whole);
  if (!around) return false;
  if (around.type === 'BinaryExpression') {
    const other = around.left === whole ? around.right : around.left;
    const isNothing =
      other.type === 'NullLiteral' ||
      (other.type === 'Identifier' && other.name === 'undefined') ||
      (other.type === 'StringLiteral' && other.value === '');
    return around.operator !== '+' && !isNothing;
  }
  if (around.type === 'SwitchStatement') return around.discriminant === whole;
  if (isCall(around)) {
    const { callee } = around;
    if (callee === whole || isOwn(around)) return false;
    const name = isMember(callee) ? (propertyName(callee) ?? '') : '';
    return !setters.test(name) && !loggers.test(name);
  }
  if (!isMember(around)) return false;
  // `origins[origin]`, and `origin.endsWith(…)`.
  if (around.property === whole) return around.computed;
  const call = parentOf(around);
  return call !== undefined && isCall(call) && call.callee === around;
}

/** Returns true if an expression contains the origin of the request. */
function readsOrigin(code: LiveCode, node: Node, depth = 0): boolean {
  return (
    isOrigin(code, node, depth) ||
    (!isFunction(node) && someChild(node, (child) => readsOrigin(code, child, depth)))
  );
}

/** Returns true for `request.headers.origin`, `request.get('Origin')`, and names that stand for them. */
function isOrigin(code: LiveCode, given: Node, depth = 0): boolean {
  const node = unwrapped(given);
  if (depth > deepest) return false;
  const isName = (name: string | undefined) => name?.toLowerCase() === 'origin';
  if (isCall(node)) {
    const [name] = node.arguments;
    return (
      isMember(node.callee) &&
      /^(get|header)$/.test(propertyName(node.callee) ?? '') &&
      name !== undefined &&
      isName(textOf(code.evaluator.value(name as Node)))
    );
  }
  if (isMember(node)) return isName(propertyName(node)) && isHeaders(node.object);
  if (node.type !== 'Identifier') return false;
  const binding = findBinding(node.name, node);
  if (!binding) return false;
  const { path, value, assignments, kind } = binding;
  if (isName(path.at(-1)))
    return path.at(-2) === 'headers' || (path.length === 1 && value !== undefined && isHeaders(value));
  if (path.length > 0) return false;
  const operands =
    kind === 'parameter'
      ? code.evaluator.contextsOf(binding.node).flatMap(({ operands: each }) => {
          const operand = each[binding.position ?? 0];
          return operand && 'node' in operand ? operand.node : [];
        })
      : [];
  return [...(value ? [value] : []), ...assignments, ...operands].some((each) =>
    readsOrigin(code, each, depth + 1),
  );
}

function isHeaders(given: Node): boolean {
  const node = unwrapped(given);
  return node.type === 'Identifier'
    ? node.name === 'headers'
    : isMember(node) && propertyName(node) === 'headers';
}
