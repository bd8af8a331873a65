import type { Program } from '@babel/types';
import { mayChange, recordChanges } from './changes';
import { eachChild, isFunction, type Node, parentOf, parseProgram, propertyName, setParent } from './syntax';

/** A name in the code, and its declaration. */
export interface Binding {
  readonly name: string;
  readonly kind: 'import' | 'variable' | 'function' | 'class' | 'parameter' | 'enum' | 'other';
  /** Node that declares the name: an import specifier, declarator, function or class. For a parameter, the function. */
  readonly node: Node;
  /** Identifier in the declaration. */
  readonly identifier: Node;
  /** Initial value of the declaration, before destructuring. */
  readonly value: Node | undefined;
  /**
   * Names of the properties that lead to the part of the value, from the outside in. `undefined` stands for an unknown
   * name.
   */
  readonly path: readonly (string | undefined)[];
  /** Default value for a missing part. */
  readonly fallback: Node | undefined;
  /** Position of the parameter, from 0. */
  readonly position: number | undefined;
  /** Values that the code assigns later. Empty if the name keeps its initial value. */
  readonly assignments: Node[];
}

/** Names that a function, a block or a module declares. */
export type Scope = Map<string, Binding>;

type Scoped = { scope?: Scope; parent?: Node };

/** Returns the binding of a name at a place in the code. */
export function findBinding(name: string, from: Node): Binding | undefined {
  // Reads the fields directly: this is the most frequent step of all.
  for (let at: Scoped | undefined = from as Scoped; at; at = at.parent as Scoped | undefined) {
    const found = at.scope?.get(name);
    if (found) return found;
  }
  return undefined;
}

/** Most levels of nested nodes in a program. Later steps recurse over the nodes. */
const deepest = 1_000;

/**
 * Parses a module, sets the parent of every node, and finds all declarations.
 * @throws SyntaxError if the text cannot be parsed
 * @throws RangeError if expressions are nested too deeply
 */
export function parseLinked(file: string, code: string): Program {
  const program = parseProgram(file, code);
  const assigned: { target: Node; value: Node }[] = [];
  const rare: RareNode[] = [];
  const changing: Node[] = [];
  let depth = 0;
  const visit = (node: Node): void => {
    if (++depth > deepest) throw new RangeError(`more than ${deepest} nodes inside each other`);
    declareNode(node);
    if (node.type === 'AssignmentExpression') assigned.push({ target: node.left, value: node.right });
    if (node.type === 'AssignmentExpression' || node.type === 'TaggedTemplateExpression') rare.push(node);
    if (node.type === 'UpdateExpression') assigned.push({ target: node.argument, value: node });
    if (mayChange(node)) changing.push(node);
    eachChild(node, (child) => {
      setParent(child, node);
      visit(child);
    });
    depth--;
  };
  visit(program);
  for (const { target, value } of assigned) {
    if (target.type === 'Identifier') findBinding(target.name, target)?.assignments.push(value);
    else if (target.type === 'ObjectPattern' || target.type === 'ArrayPattern')
      eachName(target, [], (identifier) =>
        findBinding(nameOf(identifier), identifier)?.assignments.push(identifier),
      );
  }
  for (const node of changing) recordChanges(node, findBinding);
  rareNodes.set(program, rare);
  return program;
}

type RareNode = Extract<Node, { type: 'AssignmentExpression' | 'TaggedTemplateExpression' }>;

const rareNodes = new WeakMap<Program, readonly RareNode[]>();

/** Returns the nodes of a type in a module, in the order of the code. Faster than to visit all nodes. */
export function nodesOf<Type extends RareNode['type']>(
  program: Program,
  type: Type,
): readonly Extract<RareNode, { type: Type }>[] {
  const found = rareNodes.get(program) ?? [];
  return found.filter((node): node is Extract<RareNode, { type: Type }> => node.type === type);
}

function declareNode(node: Node): void {
  switch (node.type) {
    case 'ImportDeclaration':
      for (const specifier of node.specifiers)
        declare(node, specifier.local, { kind: 'import', node: specifier });
      return;
    case 'TSImportEqualsDeclaration':
      declare(node, node.id, { kind: 'variable', node, value: node.moduleReference });
      return;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      if (node.type === 'FunctionDeclaration' && node.id)
        declare(parentOf(node)!, node.id, { kind: 'function', node });
      if (node.type === 'FunctionExpression' && node.id) declareIn(node, node.id, { kind: 'function', node });
      node.params.forEach((parameter, position) => {
        const target = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
        eachName(target, [], (identifier, path, fallback) =>
          declareIn(node, identifier, { kind: 'parameter', node, path, fallback, position }),
        );
      });
      return;
    case 'ClassDeclaration':
      if (node.id) declare(parentOf(node)!, node.id, { kind: 'class', node });
      return;
    case 'TSEnumDeclaration':
      declare(parentOf(node)!, node.id, { kind: 'enum', node });
      return;
    case 'VariableDeclaration': {
      const holder = node.kind === 'var' ? functionScope(node) : node;
      for (const declarator of node.declarations)
        eachName(declarator.id as Node, [], (identifier, path, fallback) =>
          declare(holder, identifier, {
            kind: 'variable',
            node: declarator,
            ...(declarator.init && { value: declarator.init }),
            path,
            fallback,
          }),
        );
      return;
    }
    case 'CatchClause':
      if (node.param)
        eachName(node.param, [], (identifier) => declareIn(node, identifier, { kind: 'other', node }));
  }
}

type Declaration = Pick<Binding, 'kind' | 'node'> & {
  readonly value?: Node | undefined;
  readonly path?: Binding['path'];
  readonly fallback?: Node | undefined;
  readonly position?: number;
};

/** Declares a name in the block, function or module around a node. */
function declare(at: Node, identifier: Node, declaration: Declaration): void {
  let holder: Node | undefined = at;
  while (holder && !isScope(holder)) holder = parentOf(holder);
  if (holder) declareIn(holder, identifier, declaration);
}

function declareIn(holder: Node, identifier: Node, declaration: Declaration): void {
  const scope: Scope = (holder as Scoped).scope ?? new Map();
  (holder as Scoped).scope = scope;
  const name = nameOf(identifier);
  // Overloads of a function and repeated `var` declarations: the first declaration counts.
  if (scope.has(name)) return;
  const { kind, node, value, fallback, position, path = [] } = declaration;
  scope.set(name, { name, kind, node, identifier, path, value, fallback, position, assignments: [] });
}

function isScope({ type }: Node): boolean {
  return (
    type === 'Program' ||
    type === 'BlockStatement' ||
    type === 'StaticBlock' ||
    type === 'TSModuleBlock' ||
    type === 'SwitchStatement' ||
    type === 'ForStatement' ||
    type === 'ForOfStatement' ||
    type === 'ForInStatement'
  );
}

function functionScope(node: Node): Node {
  for (let at: Node | undefined = node; at; at = parentOf(at)) {
    if (at.type === 'Program' || at.type === 'TSModuleBlock') return at;
    if (isFunction(at)) return at.body;
  }
  return node;
}

function nameOf(identifier: Node): string {
  return identifier.type === 'Identifier' ? identifier.name : '';
}

/** Visits each name in a pattern, with the path to its value. */
function eachName(
  pattern: Node,
  path: readonly (string | undefined)[],
  found: (identifier: Node, path: readonly (string | undefined)[], fallback?: Node) => void,
  fallback?: Node,
): void {
  switch (pattern.type) {
    case 'Identifier':
      found(pattern, path, fallback);
      return;
    case 'AssignmentPattern':
      eachName(pattern.left as Node, path, found, pattern.right);
      return;
    case 'RestElement':
      eachName(pattern.argument as Node, [...path, undefined], found);
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties)
        if (property.type === 'RestElement') eachName(property, path, found);
        else eachName(property.value as Node, [...path, propertyName(property)], found);
      return;
    case 'ArrayPattern':
      pattern.elements.forEach((element, index) => {
        if (element) eachName(element, [...path, String(index)], found);
      });
  }
}

/** Returns the name that an import specifier imports; undefined for `* as name`. */
export function importedName(specifier: Node): string | undefined {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type !== 'ImportSpecifier') return undefined;
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}
