import { isCall, isMember, type Node, propertyName, unwrapped } from './syntax';
import { either, unknown, type Value, valuesOf } from './value';

/** Changes of an object or a list after its creation. */
interface Changes {
  /** Properties that code sets. */
  readonly names: Set<string>;
  /** True if code sets a property whose name is not known. */
  any: boolean;
  /** True if a method or another function may add properties or elements. */
  grows: boolean;
}

/** Returns the declaration of a name. */
type Find = (name: string, from: Node) => object | undefined;

/** Changes by declaration. */
const known = new WeakMap<object, Changes>();

/** Methods that change neither an object nor a list. */
const reading =
  /^(map|filter|forEach|some|every|find|findIndex|findLast|includes|indexOf|join|slice|concat|reduce|flat|flatMap|keys|values|entries|at|toString|has|get)$/;

/** Returns true for nodes that may change an object or a list. */
export function mayChange(node: Node): boolean {
  return (
    node.type === 'AssignmentExpression' ||
    node.type === 'UpdateExpression' ||
    (node.type === 'UnaryExpression' && node.operator === 'delete') ||
    isCall(node)
  );
}

/** Records the names whose objects or lists a node changes: `x.a = 1`, `delete x.a`, `x.push(1)` and `fill(x)`. */
export function recordChanges(node: Node, find: Find): void {
  if (node.type === 'AssignmentExpression') recordProperty(node.left, find);
  else if (node.type === 'UpdateExpression' || node.type === 'UnaryExpression')
    recordProperty(node.argument, find);
  else if (isCall(node)) {
    const callee = unwrapped(node.callee as Node);
    if (isMember(callee) && !reading.test(propertyName(callee) ?? '')) recordGrowth(callee.object, find);
    for (const argument of node.arguments as readonly Node[]) recordGrowth(argument, find);
  }
}

function recordProperty(target: Node, find: Find): void {
  let at = unwrapped(target);
  let name: string | undefined;
  if (!isMember(at)) return;
  while (isMember(at)) {
    name = propertyName(at);
    at = unwrapped(at.object);
  }
  const changes = at.type === 'Identifier' ? changesOf(find(at.name, at)) : undefined;
  if (!changes) return;
  if (name === undefined) changes.any = true;
  else changes.names.add(name);
}

function recordGrowth(object: Node, find: Find): void {
  const at = unwrapped(object);
  const changes = at.type === 'Identifier' ? changesOf(find(at.name, at)) : undefined;
  if (changes) changes.grows = true;
}

function changesOf(declaration: object | undefined): Changes | undefined {
  if (!declaration) return undefined;
  const changes = known.get(declaration) ?? { names: new Set<string>(), any: false, grows: false };
  known.set(declaration, changes);
  return changes;
}

/** Returns true for an object or a list that the code itself creates. */
export function isChangeable(value: Value): boolean {
  return valuesOf(value).some(({ kind }) => kind === 'object' || kind === 'array');
}

/**
 * Returns the value of a property of a name's object or list. If code may change the property after the creation, the
 * value may also be unknown.
 */
export function afterChanges(declaration: object, name: string, value: Value): Value {
  const changes = known.get(declaration);
  if (!changes) return value;
  if (changes.any || changes.names.has(name)) return either([value, unknown]);
  const isMissing = value.kind === 'literal' && value.value === undefined;
  return changes.grows && (isMissing || name === 'length') ? unknown : value;
}
