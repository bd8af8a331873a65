import type { Binding } from './scope';
import { type Node, parentOf, propertyName } from './syntax';
import { unknown, type Value } from './value';

/** True for the variable of `for (const x of …)`. */
export function isLoopVariable({ node, value, kind }: Binding): boolean {
  return kind === 'variable' && value === undefined && loopOf(node) !== undefined;
}

/** Returns the function or loop that sets the values of a name. */
export function ownerOf({ node }: Binding): Node {
  return loopOf(node) ?? node;
}

function loopOf(declarator: Node): Node | undefined {
  const declaration = parentOf(declarator);
  const loop = declaration && parentOf(declaration);
  return loop?.type === 'ForOfStatement' && loop.left === declaration ? loop : undefined;
}

/** Returns the list that a loop, or a callback such as that of `forEach`, iterates over. */
export function iterated(owner: Node): Node | undefined {
  if (owner.type === 'ForOfStatement') return owner.right;
  const call = parentOf(owner);
  if (call?.type !== 'CallExpression' || call.arguments[0] !== owner) return undefined;
  const { callee } = call;
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return undefined;
  return /^(forEach|map|filter|some|every|find|flatMap)$/.test(propertyName(callee) ?? '')
    ? callee.object
    : undefined;
}

const types: Readonly<Record<string, string>> = {
  Express: 'express()',
  Application: 'express()',
  Router: 'express.Router()',
  IRouter: 'express.Router()',
  Server: 'http.createServer()',
};

/** Returns the value of a parameter by the name of its type. Used if no call of the function is known. */
export function typedParameter({ identifier, node }: Binding): Value {
  const annotation = identifier.type === 'Identifier' ? identifier.typeAnnotation : undefined;
  if (annotation?.type !== 'TSTypeAnnotation' || annotation.typeAnnotation.type !== 'TSTypeReference')
    return unknown;
  const { typeName } = annotation.typeAnnotation;
  const name =
    typeName.type === 'Identifier'
      ? typeName.name
      : typeName.type === 'TSQualifiedName'
        ? typeName.right.name
        : '';
  return Object.hasOwn(types, name) ? { kind: 'made', by: types[name]!, node } : unknown;
}
