import { calledFunctions } from '../../application/source/calls';
import type { LiveCode } from '../../application/source/live-code';
import {
  type CallNode,
  calledName,
  type FunctionNode,
  isCall,
  isFunction,
  isMember,
  type Node,
  propertyName,
  someChild,
  unwrapped,
} from '../../application/source/syntax';
import { textOf } from '../../application/source/value';

/** Matches names of functions that check the user. */
const checks =
  /auth|login|logged|sign(ed)?in|session|permission|role|admin|token|jwt|passport|protect|guard|owner|member|access|api[-_]?key|signature|hmac|webhook|timingSafeEqual|require(User|Account)|current(User|Account)|ensure|verify|captcha/i;
/** Matches functions that check the user if they get the request. */
const checksRequest = /user|account|principal|identity|tenant/i;
/** Matches properties that middleware or a session sets. */
const identity =
  /^(user\w*|account\w*|auth\w*|session\w*|passport|principal|identity|uid|isAuthenticated|isAdmin|claims|token|jwt|actor|clerk\w*|oidc|tenant\w*)$/i;
/** Matches properties with values that every client chooses. */
const chosen = /^(body|query|params|headers)$/;
/** Matches headers and cookies that prove who the client is. */
const proofs = /auth|api[-_]?key|signature|token|secret|session|jwt/i;
/** Deepest chain of functions that is followed from a handler. */
const deepest = 3;

/**
 * Returns true if the handlers of a route look at the user: they read the session or the user of the request, a header
 * that proves who the client is, or call a function that checks the user.
 */
export function looksAtUser(code: LiveCode, route: CallNode): boolean {
  const seen = new Set<Node>();
  const inFunction = (fn: FunctionNode, depth: number): boolean => {
    if (depth > deepest || seen.has(fn)) return false;
    seen.add(fn);
    const requests = requestNames(fn);
    return [...fn.params, fn.body].some((node) => inNode(node as Node, requests, depth));
  };
  const inNode = (node: Node, requests: ReadonlySet<string>, depth: number): boolean => {
    if (isFunction(node)) return inFunction(node, depth);
    if (isMember(node)) {
      const name = propertyName(node) ?? '';
      if (chosen.test(name)) return false;
      if (isChosen(node)) return proofs.test(name);
      if (identity.test(name) && isOfRequest(node.object, requests)) return true;
    }
    if (
      node.type === 'ObjectPattern' &&
      namesIn(node).some((name) => identity.test(name)) &&
      isOwnPattern(node)
    )
      return true;
    if (isCall(node) && (isCheck(code, node, requests) || goesOn(node, requests, depth))) return true;
    return someChild(node, (child) => inNode(child, requests, depth));
  };
  /** Follows a function that gets the request, such as `contextOf(request)`. */
  const goesOn = (call: CallNode, requests: ReadonlySet<string>, depth: number): boolean =>
    givesRequest(call, requests) &&
    calledFunctions(code.evaluator.value(call.callee as Node)).some(
      (called) => isFunction(called) && inFunction(called, depth + 1),
    );
  const handlers = route.arguments as readonly Node[];
  return handlers.some(
    (node, index) =>
      (index < handlers.length - 1 && isNamedCheck(node)) ||
      inNode(node, new Set(), 0) ||
      // A handler in another module, such as `createEntry`.
      calledFunctions(code.evaluator.value(node)).some((fn) => isFunction(fn) && inFunction(fn, 0)),
  );
}

/** Returns true for middleware whose name says that it checks: `isOwner`, `guards.member` or a list with one. */
function isNamedCheck(given: Node): boolean {
  const node = unwrapped(given);
  if (node.type === 'ArrayExpression')
    return node.elements.some((each) => each !== null && isNamedCheck(each));
  if (node.type === 'Identifier') return checks.test(node.name);
  return isMember(node) && (checks.test(propertyName(node) ?? '') || isNamedCheck(node.object));
}

/** Returns true for a call of a function whose name says that it checks, as in `requireUser(request)`. */
function isCheck(code: LiveCode, call: CallNode, requests: ReadonlySet<string>): boolean {
  const callee = unwrapped(call.callee as Node);
  const name = calledName(call) ?? '';
  const [first] = call.arguments as readonly Node[];
  // `request.get('x-api-key')`.
  if (/^(get|header)$/.test(name) && isMember(callee) && isOfRequest(callee.object, requests))
    return first !== undefined && proofs.test(textOf(code.evaluator.value(first)) ?? '');
  if (checks.test(name)) return true;
  if (isMember(callee) && callee.object.type === 'Identifier' && checks.test(callee.object.name)) return true;
  return checksRequest.test(name) && givesRequest(call, requests);
}

function givesRequest(call: CallNode, requests: ReadonlySet<string>): boolean {
  return (call.arguments as readonly Node[]).some((each) => {
    const node = unwrapped(each);
    return node.type === 'Identifier' && requests.has(node.name);
  });
}

/** Returns true for a part of `request.body`, `request.query`, `request.params` or `request.headers`. */
function isChosen(node: Node): boolean {
  const at = unwrapped(node);
  if (!isMember(at)) return false;
  const object = unwrapped(at.object);
  return isMember(object) && (chosen.test(propertyName(object) ?? '') || isChosen(object));
}

/** Returns true for the request, the response's `locals`, and parts of the request that the client does not choose. */
function isOfRequest(given: Node, requests: ReadonlySet<string>): boolean {
  const node = unwrapped(given);
  if (node.type === 'Identifier')
    return requests.has(node.name) || /^(req|request|ctx|context|res|response)$/.test(node.name);
  if (!isMember(node)) return false;
  return !chosen.test(propertyName(node) ?? '') && isOfRequest(node.object, requests);
}

/** Returns the names of a function's parameters: any may be the request. */
function requestNames(fn: FunctionNode): ReadonlySet<string> {
  return new Set(
    (fn.params as readonly Node[]).flatMap((each) => (each.type === 'Identifier' ? each.name : [])),
  );
}

function namesIn(node: Extract<Node, { type: 'ObjectPattern' }>): string[] {
  return node.properties.flatMap((each) =>
    each.type === 'ObjectProperty' ? (propertyName(each) ?? []) : [],
  );
}

/** Returns false for `const { userId } = request.body`, and for parts of other values than the request. */
function isOwnPattern(pattern: Node): boolean {
  const around = (pattern as { readonly parent?: Node }).parent;
  if (!around) return false;
  if (around.type === 'VariableDeclarator')
    return around.init?.type === 'Identifier' && /^(req|request|ctx|context)$/.test(around.init.name);
  return isFunction(around) && around.params[0] === pattern;
}
