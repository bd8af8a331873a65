import type { Module } from './module';
import { type Binding, findBinding } from './scope';
import { type Node, propertyName, unwrapped } from './syntax';

/** The declaration or expression of an export, or the package that the module re-exports it from. */
export type Exported =
  | { readonly binding: Binding }
  | { readonly node: Node }
  | { readonly external: string }
  | { readonly namespace: string };

type Entry = Exported | { readonly source: string; readonly name: string };

interface Exports {
  readonly named: ReadonlyMap<string, Entry>;
  /** Import paths of `export * from`. */
  readonly stars: readonly string[];
}

const found = new WeakMap<Module, Exports>();

/** Finds an export of a module, through re-exports. `default` also names `module.exports` of CommonJS. */
export function exportOf(
  modules: ReadonlyMap<string, Module>,
  file: string,
  name: string,
  seen: readonly string[] = [],
): Exported | undefined {
  const module = modules.get(file);
  if (!module || seen.includes(file)) return undefined;
  const exports = found.get(module) ?? exportsOf(module);
  found.set(module, exports);
  const entry = exports.named.get(name);
  if (entry && 'source' in entry) return passedOn(modules, module, entry.source, entry.name, [...seen, file]);
  if (entry) return entry;
  for (const source of exports.stars) {
    const through = passedOn(modules, module, source, name, [...seen, file]);
    if (through && !('external' in through)) return through;
  }
  return undefined;
}

/** Returns the names of a module's own exports, without `export *`. */
export function exportedNames(module: Module): readonly string[] {
  const exports = found.get(module) ?? exportsOf(module);
  found.set(module, exports);
  return [...exports.named.keys()];
}

/** Returns the import paths that a module re-exports with `export *`. */
export function starSources(module: Module): readonly string[] {
  const exports = found.get(module) ?? exportsOf(module);
  found.set(module, exports);
  return exports.stars.flatMap((source) => module.imports.get(source) ?? []);
}

function passedOn(
  modules: ReadonlyMap<string, Module>,
  module: Module,
  source: string,
  name: string,
  seen: readonly string[],
): Exported | undefined {
  const target = module.imports.get(source);
  if (target === undefined) {
    const path = source.replace(/^node:/, '');
    return { external: name === 'default' || name === '*' ? path : `${path}.${name}` };
  }
  return name === '*' ? { namespace: target } : exportOf(modules, target, name, seen);
}

function exportsOf({ program }: Module): Exports {
  const named = new Map<string, Entry>();
  const stars: string[] = [];
  const addName = (exported: string, local: string) => {
    const binding = findBinding(local, program);
    if (binding) named.set(exported, { binding });
  };
  for (const statement of program.body)
    switch (statement.type) {
      case 'ExportAllDeclaration':
        stars.push(statement.source.value);
        break;
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        if (
          'id' in declaration &&
          declaration.id?.type === 'Identifier' &&
          declaration.type !== 'ClassExpression'
        )
          addName('default', declaration.id.name);
        else named.set('default', { node: declaration });
        break;
      }
      case 'ExportNamedDeclaration':
        for (const specifier of statement.specifiers) {
          const exported =
            specifier.exported.type === 'Identifier' ? specifier.exported.name : specifier.exported.value;
          const local = specifier.type === 'ExportSpecifier' ? specifier.local.name : '*';
          if (statement.source) named.set(exported, { source: statement.source.value, name: local });
          else addName(exported, local);
        }
        for (const name of declaredNames(statement.declaration)) addName(name, name);
        break;
      case 'TSExportAssignment':
        named.set('default', { node: statement.expression });
        break;
      case 'ExpressionStatement':
        addCommonJs(statement.expression, named);
    }
  return { named, stars };
}

function declaredNames(declaration: Node | null | undefined): string[] {
  if (!declaration) return [];
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => namesOf(id as Node));
  return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id.name] : [];
}

function namesOf(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesOf(pattern.left as Node);
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === 'RestElement' ? (property.argument as Node) : (property.value as Node)),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesOf(element) : []));
    default:
      return [];
  }
}

/** Adds the exports of `module.exports = …`, `module.exports.name = …` or `exports.name = …`. */
function addCommonJs(expression: Node, named: Map<string, Entry>): void {
  if (expression.type !== 'AssignmentExpression' || expression.left.type !== 'MemberExpression') return;
  const { left, right } = expression;
  const isExports = (node: Node): boolean =>
    (node.type === 'Identifier' && node.name === 'exports') ||
    (node.type === 'MemberExpression' &&
      node.object.type === 'Identifier' &&
      node.object.name === 'module' &&
      propertyName(node) === 'exports');
  if (isExports(left)) {
    named.set('default', { node: right });
    const object = unwrapped(right);
    if (object.type !== 'ObjectExpression') return;
    for (const property of object.properties)
      if (property.type === 'ObjectProperty')
        named.set(propertyName(property) ?? '', { node: property.value });
      else if (property.type === 'ObjectMethod') named.set(propertyName(property) ?? '', { node: property });
    return;
  }
  const name = isExports(left.object) && propertyName(left);
  if (name) named.set(name, { node: right });
}
