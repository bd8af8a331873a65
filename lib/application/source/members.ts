import type { ClassDeclaration, ClassExpression, ReturnStatement, TSEnumDeclaration } from '@babel/types';
import { builtinProperty } from './builtins';
import type { Evaluation } from './evaluation';
import { eachChild, type FunctionNode, isFunction, type Node, parentOf, propertyName } from './syntax';
import { type Context, constantOf, either, literal, type Operand, text, unknown, type Value } from './value';

type ClassNode = ClassDeclaration | ClassExpression;

/** Returns the values that a function may return in one call. */
export function returnOf(evaluation: Evaluation, fn: FunctionNode, context: Context | undefined): Value {
  if (fn.type === 'ArrowFunctionExpression' && fn.body.type !== 'BlockStatement')
    return evaluation.value(fn.body, context);
  const returned = returnsOf(fn);
  if (returned.length === 0 || returned.length > mostReturns) return unknown;
  return either(
    returned.map(({ argument }) => (argument ? evaluation.value(argument, context) : literal(undefined))),
  );
}

/** Most `return` statements of a function. The result of a function with more of them is unknown. */
const mostReturns = 12;
const returns = new WeakMap<Node, readonly ReturnStatement[]>();

function returnsOf(fn: FunctionNode): readonly ReturnStatement[] {
  const known = returns.get(fn);
  if (known) return known;
  const found: ReturnStatement[] = [];
  const visit = (node: Node): void => {
    if (isFunction(node)) return;
    if (node.type === 'ReturnStatement') found.push(node);
    else eachChild(node, visit);
  };
  eachChild(fn.body, visit);
  returns.set(fn, found);
  return found;
}

/**
 * Returns a property of the result of a package's function. If a schema validated the environment, as in
 * `schema.parse(process.env).PORT`, the property is the environment variable.
 */
export function memberOfMade(
  evaluation: Evaluation,
  made: Extract<Value, { kind: 'made' }>,
  name: string,
): Value {
  if (/^[A-Z][A-Z0-9_]*$/.test(name) && isGivenEnvironment(evaluation, made.node))
    return { kind: 'variable', name };
  return { kind: 'made', by: `${made.by}.${name}`, node: made.node, from: made };
}

/** True if a call has `process.env` as an argument, or as a property of an argument. */
export function isGivenEnvironment(evaluation: Evaluation, call: Node): boolean {
  if (call.type !== 'CallExpression') return false;
  return call.arguments.some((argument) => {
    const value = evaluation.value(argument);
    if (value.kind === 'environment') return true;
    if (value.kind !== 'object') return false;
    return value.node.properties.some((property) => {
      if (property.type === 'SpreadElement')
        return evaluation.value(property.argument, value.context).kind === 'environment';
      return (
        property.type === 'ObjectProperty' &&
        evaluation.value(property.value, value.context).kind === 'environment'
      );
    });
  });
}

export function memberOfPackage(path: string, name: string): Value {
  if (path === 'process' && name === 'env') return { kind: 'environment' };
  if (path === 'globalThis.globalThis')
    return { kind: 'package', path: name === 'process' ? name : `globalThis.${name}` };
  const member = `${path}.${name}`;
  return builtinProperty(member) ?? { kind: 'package', path: name === 'default' ? path : member };
}

/** Returns a property of an object literal. If a name occurs twice, the last property counts. */
export function memberOfObject(
  evaluation: Evaluation,
  { node, context }: Extract<Value, { kind: 'object' }>,
  name: string,
): Operand | undefined {
  for (const property of [...node.properties].reverse()) {
    if (property.type === 'SpreadElement') {
      const value = evaluation.member(evaluation.value(property.argument, context), name);
      const missing = value.kind === 'literal' && value.value === undefined;
      if (!missing && value.kind !== 'unknown') return { value };
    } else if (propertyName(property) === name) {
      if (property.type === 'ObjectProperty') return { node: property.value, ...(context && { context }) };
      return methodOperand(evaluation, property, context);
    }
  }
  return undefined;
}

/** Returns the property names of an object literal. */
export function namesOfObject({ node }: Extract<Value, { kind: 'object' }>): string[] {
  return node.properties.flatMap((property) =>
    property.type === 'SpreadElement' ? [] : (propertyName(property) ?? []),
  );
}

/** Returns a field, method or getter of a class, or the value that its code assigns to `this.NAME`. */
export function memberOfClass(
  evaluation: Evaluation,
  object: Extract<Value, { kind: 'class' | 'instance' }>,
  name: string,
): Operand | undefined {
  const { node } = object;
  const owner = constructorOf(node);
  const context =
    object.kind === 'instance' && object.operands && owner ? { owner, operands: object.operands } : undefined;
  for (const member of node.body.body) {
    if (member.type === 'ClassMethod' && propertyName(member) === name)
      return methodOperand(evaluation, member, undefined);
    if (member.type === 'ClassProperty' && propertyName(member) === name && member.value)
      return { node: member.value };
    if (member.type === 'ClassPrivateProperty' && `#${member.key.id.name}` === name && member.value)
      return { node: member.value };
  }
  for (const parameter of owner?.params ?? [])
    if (parameter.type === 'TSParameterProperty') {
      const { parameter: target } = parameter;
      const identifier = target.type === 'Identifier' ? target : target.left;
      if (identifier.type === 'Identifier' && identifier.name === name)
        return { node: identifier, ...(context && { context }) };
    }
  const assigned = assignedToThis(node).get(name);
  if (assigned) return { value: either(assigned.map((value) => evaluation.value(value, context))) };
  const above = node.superClass && evaluation.value(node.superClass);
  return above?.kind === 'class'
    ? memberOfClass(evaluation, { ...object, node: above.node }, name)
    : undefined;
}

function methodOperand(
  evaluation: Evaluation,
  method: Extract<FunctionNode, { type: 'ObjectMethod' | 'ClassMethod' }>,
  context: Context | undefined,
): Operand {
  if (method.kind === 'get') return { value: returnOf(evaluation, method, context) };
  return { value: { kind: 'function', node: method, context } };
}

export function constructorOf(node: ClassNode): FunctionNode | undefined {
  return node.body.body.find((member) => member.type === 'ClassMethod' && member.kind === 'constructor') as
    | FunctionNode
    | undefined;
}

const assignments = new WeakMap<Node, Map<string, Node[]>>();

function assignedToThis(node: ClassNode): Map<string, Node[]> {
  const known = assignments.get(node);
  if (known) return known;
  const found = new Map<string, Node[]>();
  const visit = (at: Node): void => {
    if (at.type === 'AssignmentExpression' && at.left.type === 'MemberExpression') {
      const name = at.left.object.type === 'ThisExpression' && propertyName(at.left);
      if (name) found.set(name, [...(found.get(name) ?? []), at.right]);
    }
    if (at.type !== 'ClassDeclaration' && at.type !== 'ClassExpression') eachChild(at, visit);
  };
  eachChild(node.body, visit);
  assignments.set(node, found);
  return found;
}

export function memberOfEnum(evaluation: Evaluation, node: TSEnumDeclaration, name: string): Value {
  let next = 0;
  for (const { id, initializer } of node.members ?? []) {
    const value = initializer ? evaluation.value(initializer) : literal(next);
    const known = constantOf(value);
    next = typeof known === 'number' ? known + 1 : next;
    if ((id.type === 'Identifier' ? id.name : id.value) === name) return value;
  }
  return unknown;
}

/** Returns `[name, value]` for each property of an object, like `Object.entries`. */
export function entriesOf(
  evaluation: Evaluation,
  object: Extract<Value, { kind: 'object' }>,
): { readonly name: Value; readonly value: Operand }[] {
  return namesOfObject(object).flatMap((name) => {
    const value = memberOfObject(evaluation, object, name);
    return value ? [{ name: text(name), value }] : [];
  });
}

/** Returns the class that `this` refers to. */
export function classAround(node: Node): ClassNode | undefined {
  for (let at = parentOf(node); at; at = parentOf(at))
    if (at.type === 'ClassDeclaration' || at.type === 'ClassExpression') return at;
  return undefined;
}
