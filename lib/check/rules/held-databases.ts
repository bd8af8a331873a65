import { queryPackages } from '../../application/reading/database';
import type { LiveCode } from '../../application/source/live-code';
import { entriesOf } from '../../application/source/members';
import { findBinding, nodesOf } from '../../application/source/scope';
import {
  isCall,
  isFunction,
  isMember,
  type Node,
  propertyName,
  unwrapped,
} from '../../application/source/syntax';
import { textOf, valuesOf } from '../../application/source/value';

/** Matches pools, clients and Drizzle databases. */
const connection = new RegExp(String.raw`^${queryPackages}(\.\w+)?\(\)$`);

/** Names under which the server keeps databases on objects of Express. */
export interface HeldNames {
  /** Names of properties, as in `app.locals.db = pool` and `request.db = pool`. */
  readonly properties: ReadonlySet<string>;
  /** Names of settings, as in `app.set('db', pool)`. */
  readonly settings: ReadonlySet<string>;
}

/** Finds the databases that the server keeps on its application, its requests and its responses. */
export function heldNames(code: LiveCode): HeldNames {
  const properties = new Set<string>();
  const settings = new Set<string>();
  const isDatabase = (node: Node) =>
    valuesOf(code.evaluator.value(node)).some((value) => value.kind === 'made' && connection.test(value.by));
  for (const { program } of code.modules)
    for (const { left, right } of nodesOf(program, 'AssignmentExpression')) {
      const name = isMember(left) && isHolder(left.object) ? propertyName(left) : undefined;
      if (name !== undefined && isDatabase(right)) properties.add(name);
    }
  for (const { callee, arguments: given } of code.calls) {
    if (!isMember(callee) || given.length < 2) continue;
    const [first, second] = given as readonly Node[] as readonly [Node, Node];
    const method = propertyName(callee);
    const name = method === 'set' ? textOf(code.evaluator.value(first)) : undefined;
    if (name !== undefined && isDatabase(second)) settings.add(name);
    if (method === 'assign' && isHolder(first))
      for (const value of valuesOf(code.evaluator.value(second)))
        for (const entry of value.kind === 'object' ? entriesOf(code.evaluator, value) : []) {
          const key = textOf(entry.name);
          if (key !== undefined && 'node' in entry.value && isDatabase(entry.value.node)) properties.add(key);
        }
  }
  return { properties, settings };
}

/** Returns true for an expression that is, or begins with, such a database: `request.app.locals.db.query.users`. */
export function isHeld(names: HeldNames, given: Node, depth = 0): boolean {
  const node = unwrapped(given);
  if (depth > 6) return false;
  if (isMember(node)) {
    const name = propertyName(node);
    if (name !== undefined && names.properties.has(name) && isHolder(node.object)) return true;
    return isHeld(names, node.object, depth + 1);
  }
  if (isCall(node)) {
    const [name] = node.arguments;
    return (
      isMember(node.callee) &&
      propertyName(node.callee) === 'get' &&
      name?.type === 'StringLiteral' &&
      names.settings.has(name.value)
    );
  }
  if (node.type !== 'Identifier') return false;
  const { path = [], value, kind } = findBinding(node.name, node) ?? {};
  const last = path.at(-1);
  if (last === undefined) return path.length === 0 && value !== undefined && isHeld(names, value, depth + 1);
  if (!names.properties.has(last)) return false;
  if (path.length > 1) return path.at(-2) === 'locals';
  return kind === 'parameter' || (value !== undefined && isHolder(value));
}

/** Returns true for `app.locals`, `response.locals`, and parameters such as `request`. */
function isHolder(given: Node): boolean {
  const node = unwrapped(given);
  if (isMember(node)) return propertyName(node) === 'locals';
  if (node.type !== 'Identifier') return false;
  const binding = findBinding(node.name, node);
  return (
    binding?.path.at(-1) === 'locals' ||
    (binding?.path.length === 0 && isFunction(binding.node) && binding.kind === 'parameter')
  );
}
