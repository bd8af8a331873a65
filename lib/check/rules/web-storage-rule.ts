import { type Binding, findBinding, nodesOf } from '../../application/source/scope';
import {
  type CallNode,
  calledName,
  eachChild,
  isCall,
  isFunction,
  isMember,
  lastName,
  type Node,
  parentOf,
  propertyName,
  unwrapped,
} from '../../application/source/syntax';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { reachedFrom } from './reached';
import { isTokenName } from './token-names';

export const tokenInStorage: Rule = {
  rule: 'token-in-storage',
  asks: 'The client keeps no tokens and no passwords in `localStorage` and `sessionStorage`.',
  section: '11.2',
  severity: 'warning',
  why: 'every script of the page can read the value, so a smuggled script takes it and acts as the user elsewhere',
  fix: [
    'let the server set the token as a cookie with httpOnly, secure and sameSite',
    'keep a token that the client must know in a variable',
  ],
  example:
    "response.cookie('session', token, { httpOnly: true, secure: true, sameSite: 'lax', maxAge: 30 * 60_000 });",
  async find(application) {
    const reached = await reachedFrom(application, 'client');
    return application.modules('client', 'shared').flatMap((file): Found[] => {
      if (!reached.has(file)) return [];
      const stored = storedIn(application, file);
      const [first] = stored;
      if (!first) return [];
      const names = [...new Set(stored.map(({ name }) => name))].join(', ');
      const places = [...new Set(stored.map(({ store }) => store))].join(' and ');
      const isShort = stored.every(({ store, name }) => store === 'sessionStorage' && !/pass/i.test(name));
      const found = { file, line: first.line, what: `the client keeps ${names} in ${places}` };
      // The browser removes the value with the tab.
      return [isShort ? { ...found, severity: 'note' } : found];
    });
  },
};

interface Stored {
  readonly name: string;
  readonly store: string;
  readonly line: number | undefined;
}

const stores = /^(localStorage|sessionStorage)$/;
/** Matches hooks that keep a value in the storage of the browser. */
const hooks = /^(use(Local|Session)Storage(State|Value)?|atomWithStorage)$/;

function storedIn(application: CheckedApplication, file: string): Stored[] {
  const text = application.text(file) ?? '';
  if (!/(local|session)Storage|atomWithStorage/i.test(text) || !/token|jwt|passw/i.test(text)) return [];
  const program = application.program(file);
  if (!program) return [];
  const calls: CallNode[] = [];
  const visit = (node: Node): void => {
    if (isCall(node)) calls.push(node);
    eachChild(node, visit);
  };
  visit(program);
  const found: Stored[] = [];
  const add = (store: string, names: readonly (string | undefined)[], at: Node, value: Node | undefined) => {
    if (value && isHarmless(value)) return;
    for (const name of names)
      if (name !== undefined && isTokenName(name)) found.push({ name, store, line: at.loc?.start.line });
  };
  for (const call of calls) {
    const [key, value] = call.arguments as readonly Node[];
    const name = calledName(call) ?? '';
    const callee = unwrapped(call.callee as Node);
    const store = isMember(callee) && name === 'setItem' ? storeOf(callee.object) : undefined;
    if (store && key) add(store, keysOf(key, calls), call, value);
    if (hooks.test(name) && key)
      add(/session/i.test(name) ? 'sessionStorage' : 'localStorage', keysOf(key, calls), call, undefined);
  }
  for (const { left, right } of nodesOf(program, 'AssignmentExpression')) {
    const store = isMember(left as Node) ? storeOf((left as Node & { object: Node }).object) : undefined;
    if (!store || !isMember(left as Node)) continue;
    const { computed, property } = left as Node & { computed: boolean; property: Node };
    add(store, computed ? keysOf(property, calls) : [propertyName(left as Node)], left, right);
  }
  return found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** Returns the name of the storage for `localStorage`, `window.localStorage` and a constant with one of them. */
function storeOf(given: Node): string | undefined {
  const node = unwrapped(given);
  const name = lastName(node);
  if (name !== undefined && stores.test(name)) return name;
  const binding = node.type === 'Identifier' ? findBinding(node.name, node) : undefined;
  const value = binding?.kind === 'variable' && binding.path.length === 0 ? binding.value : undefined;
  return value && unwrapped(value) !== node && !isCall(unwrapped(value)) ? storeOf(value) : undefined;
}

/** Returns true for a text of the code itself, such as `'true'`, and for a key without a value. */
function isHarmless(given: Node): boolean {
  const node = unwrapped(given);
  return /^(StringLiteral|BooleanLiteral|NumericLiteral|NullLiteral)$/.test(node.type);
}

/**
 * Returns the keys that an expression may be. A constant of another module counts by its name. A parameter has the
 * keys that calls in the module give.
 */
function keysOf(given: Node, calls: readonly CallNode[], depth = 0): (string | undefined)[] {
  const node = unwrapped(given);
  if (depth > 3) return [];
  if (node.type === 'StringLiteral') return [node.value];
  if (node.type === 'TemplateLiteral') return [node.quasis.map(({ value }) => value.raw).join(' ')];
  if (isMember(node)) return [constantIn(node) ?? propertyName(node)];
  if (node.type === 'BinaryExpression') return keysOf(node.right, calls, depth + 1);
  if (node.type !== 'Identifier') return [];
  const binding = findBinding(node.name, node);
  if (binding?.kind === 'parameter')
    return argumentsOf(binding, calls).flatMap((each) => keysOf(each, calls, depth + 1));
  const value = binding?.kind === 'variable' && binding.path.length === 0 ? binding.value : undefined;
  const known = value ? keysOf(value, calls, depth + 1) : [];
  return known.length > 0 ? known : [node.name];
}

/** Returns the text of a property of an object in the module, such as `KEYS.token`. */
function constantIn(member: Node & { object: Node }): string | undefined {
  const object = unwrapped(member.object);
  const value = object.type === 'Identifier' ? findBinding(object.name, object)?.value : undefined;
  const literal = value && unwrapped(value);
  if (literal?.type !== 'ObjectExpression') return undefined;
  const name = propertyName(member);
  for (const property of literal.properties)
    if (property.type === 'ObjectProperty' && propertyName(property) === name)
      return property.value.type === 'StringLiteral' ? property.value.value : undefined;
  return undefined;
}

/** Returns the arguments that the calls of a function in the module give to its parameter. */
function argumentsOf({ node: owner, position }: Binding, calls: readonly CallNode[]): Node[] {
  if (!isFunction(owner) || position === undefined) return [];
  const around = parentOf(owner);
  const names = [
    owner.type === 'FunctionDeclaration' ? owner.id?.name : undefined,
    around?.type === 'VariableDeclarator' && around.id.type === 'Identifier' ? around.id.name : undefined,
    around?.type === 'ObjectProperty' ? propertyName(around) : undefined,
    owner.type === 'ObjectMethod' || owner.type === 'ClassMethod' ? propertyName(owner) : undefined,
  ];
  return calls.flatMap((call) => {
    const name = calledName(call);
    const argument = call.arguments[position] as Node | undefined;
    return name !== undefined &&
      names.includes(name) &&
      argument &&
      storeOf(call.callee as Node) === undefined
      ? [argument]
      : [];
  });
}
