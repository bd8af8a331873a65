import type { StringLiteral, TemplateLiteral, VariableDeclarator } from '@babel/types';
import { Evaluator } from './evaluator';
import { exportedNames, exportOf, starSources } from './exports';
import { type Module, moduleOf } from './module';
import { type Binding, findBinding, importedName } from './scope';
import { type CallNode, eachChild, isFunction, type Node, parentOf, propertyName } from './syntax';
import { truthOf } from './value';

export type Member = Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>;

/** The code that a server may run in production, starting from its entry. */
export interface LiveCode {
  readonly evaluator: Evaluator;
  /** Modules that the server loads, by file. */
  readonly modules: readonly Module[];
  readonly calls: readonly CallNode[];
  /** Accesses of properties with names in capitals, such as `env.PORT`, and of computed names, such as `env[name]`. */
  readonly members: readonly Member[];
  /** Declarations with an object pattern, such as `const { PORT } = process.env`. */
  readonly destructured: readonly VariableDeclarator[];
  readonly texts: readonly (StringLiteral | TemplateLiteral)[];
  /** References to each name, in the module that declares the name and in the modules that import it. */
  readonly references: ReadonlyMap<Binding, readonly Node[]>;
}

/**
 * Finds the code that runs if NODE_ENV is `production`. Follows imports, calls and references from the entry. Leaves
 * out functions that no code refers to, and branches whose condition is known to be false.
 */
export function readLiveCode(entry: string, modules: ReadonlyMap<string, Module>): LiveCode {
  const walk = new Walk(modules);
  walk.module(entry);
  walk.finish();
  walk.evaluator.takeCalls(walk.calls);
  const { evaluator, calls, members, destructured, texts, references, loaded } = walk;
  const inOrder = [...loaded].sort((a, b) => (a.file < b.file ? -1 : 1));
  return { evaluator, modules: inOrder, calls, members, destructured, texts, references };
}

class Walk {
  readonly evaluator: Evaluator;
  readonly loaded = new Set<Module>();
  readonly calls: CallNode[] = [];
  readonly members: Member[] = [];
  readonly destructured: VariableDeclarator[] = [];
  readonly texts: (StringLiteral | TemplateLiteral)[] = [];
  readonly references = new Map<Binding, Node[]>();
  private readonly declared = new Set<Node>();
  private readonly pending: Node[] = [];

  constructor(private readonly known: ReadonlyMap<string, Module>) {
    this.evaluator = new Evaluator(known);
  }

  module(file: string | undefined): void {
    const module = file === undefined ? undefined : this.known.get(file);
    if (!module || this.loaded.has(module)) return;
    this.loaded.add(module);
    this.pending.push(module.program);
  }

  /** Visits pending nodes until no more live code is found. */
  finish(): void {
    for (let node = this.pending.pop(); node; node = this.pending.pop())
      if (node.type === 'Program') this.statements(node.body);
      else this.visit(node);
  }

  private statements(statements: readonly Node[]): void {
    // Skips the statements after one that always returns or throws. Functions declared there are visited when other
    // code refers to them.
    for (const statement of statements) {
      this.visit(statement);
      if (this.endsAlways(statement)) return;
    }
  }

  private visit(node: Node): void {
    switch (node.type) {
      case 'ImportDeclaration':
        if (node.importKind !== 'type') this.module(moduleOf(node).imports.get(node.source.value));
        return;
      case 'ExportAllDeclaration':
        this.module(moduleOf(node).imports.get(node.source.value));
        return;
      case 'ExportNamedDeclaration':
        if (node.source && node.exportKind !== 'type')
          this.module(moduleOf(node).imports.get(node.source.value));
        if (node.declaration) this.visit(node.declaration);
        return;
      case 'ExportDefaultDeclaration':
        if (!isDeclaration(node.declaration)) this.visit(node.declaration);
        return;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return;
      case 'BlockStatement':
        this.statements(node.body);
        return;
      case 'VariableDeclarator':
        if (isDeferred(node)) return;
        if (node.id.type === 'ObjectPattern') this.destructured.push(node);
        break;
      case 'IfStatement':
      case 'ConditionalExpression': {
        const truth = truthOf(this.evaluator.value(node.test));
        if (truth === undefined) this.visit(node.test);
        if (truth !== false) this.visit(node.consequent);
        if (truth !== true && node.alternate) this.visit(node.alternate);
        return;
      }
      case 'LogicalExpression': {
        const truth = node.operator === '??' ? undefined : truthOf(this.evaluator.value(node.left));
        this.visit(node.left);
        if (truth === undefined || truth === (node.operator === '&&')) this.visit(node.right);
        return;
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        this.call(node);
        return;
      case 'StringLiteral':
      case 'TemplateLiteral':
        this.texts.push(node);
        break;
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        this.member(node);
        return;
      case 'ObjectProperty':
      case 'ClassProperty':
      case 'ClassAccessorProperty':
        if (node.computed) this.visit(node.key as Node);
        for (const decorator of node.decorators ?? []) this.visit(decorator);
        if (node.value) this.visit(node.value);
        return;
      case 'Identifier':
        this.reference(node);
        return;
    }
    if (isFunction(node)) this.function(node);
    else eachChild(node, (child) => this.visit(child));
  }

  /** Records a call. In a chain of calls, the first call is recorded first. */
  private call(node: CallNode): void {
    const { callee } = node;
    if (callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require'))
      this.loads(node);
    this.visit(callee as Node);
    this.calls.push(node);
    for (const argument of node.arguments) this.visit(argument as Node);
  }

  private function(node: Extract<Node, { params: unknown }>): void {
    if ('decorators' in node) for (const decorator of node.decorators ?? []) this.visit(decorator);
    for (const parameter of node.params as Node[]) this.visit(parameter);
    this.visit((node as { body: Node }).body);
  }

  private member(node: Member): void {
    const name = propertyName(node);
    if (name === undefined || /^[A-Z][A-Z0-9_]*$/.test(name)) this.members.push(node);
    if (node.computed) this.visit(node.property);
    const target = node.object.type === 'Identifier' ? findBinding(node.object.name, node.object) : undefined;
    const imported = target?.kind === 'import' && importedName(target.node) === undefined;
    // For `import * as routes`, only the exports that the code accesses are live.
    if (imported && name !== undefined) this.importedFrom(target.node, name, node);
    else this.visit(node.object);
  }

  /** Marks the module as loaded that `import('./x')` or `require('./x')` names. */
  private loads(call: CallNode): void {
    const [source] = call.arguments;
    const file = source?.type === 'StringLiteral' ? moduleOf(call).imports.get(source.value) : undefined;
    if (file === undefined) return;
    this.module(file);
    const names = destructuredNames(call);
    for (const name of names ?? this.allExports(file)) this.exported(file, name);
  }

  private allExports(file: string, seen: readonly string[] = []): readonly string[] {
    const module = this.known.get(file);
    if (!module || seen.includes(file)) return [];
    return [
      ...exportedNames(module),
      ...starSources(module).flatMap((source) => this.allExports(source, [...seen, file])),
    ];
  }

  private reference(node: Extract<Node, { type: 'Identifier' }>): void {
    const binding = findBinding(node.name, node);
    if (!binding || binding.identifier === node) return;
    if (binding.kind !== 'import') {
      this.used(binding, node);
      return;
    }
    const name = importedName(binding.node);
    this.note(binding, node);
    const file = name === undefined ? this.sourceOf(binding.node) : undefined;
    if (name !== undefined) this.importedFrom(binding.node, name, node);
    if (file !== undefined) for (const each of this.allExports(file)) this.exported(file, each);
  }

  private importedFrom(specifier: Node, name: string, reference?: Node): void {
    const file = this.sourceOf(specifier);
    if (file !== undefined) this.exported(file, name, reference);
  }

  private sourceOf(specifier: Node): string | undefined {
    const declaration = parentOf(specifier);
    return declaration?.type === 'ImportDeclaration'
      ? moduleOf(specifier).imports.get(declaration.source.value)
      : undefined;
  }

  private exported(file: string, name: string, reference?: Node): void {
    const found = exportOf(this.known, file, name);
    if (!found || 'external' in found) return;
    if ('binding' in found) this.used(found.binding, reference);
    else if ('namespace' in found)
      for (const each of this.allExports(found.namespace)) this.exported(found.namespace, each);
    else if (isDeclaration(found.node)) this.live(found.node);
  }

  private used(binding: Binding, reference: Node | undefined): void {
    if (reference) this.note(binding, reference);
    const { node } = binding;
    if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') this.live(node);
    else if (node.type === 'VariableDeclarator' && isDeferred(node)) this.live(node.init!);
  }

  private note(binding: Binding, reference: Node): void {
    const references = this.references.get(binding);
    if (references) references.push(reference);
    else this.references.set(binding, [reference]);
  }

  private live(node: Node): void {
    if (this.declared.has(node)) return;
    this.declared.add(node);
    if (isFunction(node)) this.pending.push(...(node.params as Node[]), node.body);
    else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression')
      this.pending.push(node.body, ...(node.superClass ? [node.superClass] : []), ...(node.decorators ?? []));
  }

  /** True if the statement always returns or throws, so that no later statement runs. */
  private endsAlways(node: Node): boolean {
    if (node.type === 'ReturnStatement' || node.type === 'ThrowStatement') return true;
    if (node.type === 'BlockStatement') return node.body.some((statement) => this.endsAlways(statement));
    if (node.type !== 'IfStatement') return false;
    const truth = truthOf(this.evaluator.value(node.test));
    if (truth === true) return this.endsAlways(node.consequent);
    return truth === false && node.alternate ? this.endsAlways(node.alternate) : false;
  }
}

function isDeclaration({ type }: Node): boolean {
  return type === 'FunctionDeclaration' || type === 'ClassDeclaration';
}

/** True if a constant is a function or a class. Its code runs only when other code uses the constant. */
function isDeferred({ id, init }: VariableDeclarator): boolean {
  return id.type === 'Identifier' && (isFunction(init) || init?.type === 'ClassExpression');
}

/** Returns the names of `const { a, b } = await import('./x')`; undefined if the code may use all exports. */
function destructuredNames(call: Node): readonly string[] | undefined {
  const around = parentOf(call);
  const value = around?.type === 'AwaitExpression' ? around : call;
  const declarator = parentOf(value);
  if (declarator?.type === 'VariableDeclarator' && declarator.id.type === 'ObjectPattern') {
    const names = declarator.id.properties.map((property) =>
      property.type === 'ObjectProperty' ? propertyName(property) : undefined,
    );
    return names.every((name) => name !== undefined) ? names : undefined;
  }
  return undefined;
}
