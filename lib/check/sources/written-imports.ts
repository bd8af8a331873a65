import type { Program } from '@babel/types';
import { findBinding } from '../../application/source/scope';
import { eachChild, isCall, isMember, type Node } from '../../application/source/syntax';

/** Import paths as written, each with the line of its first import that remains without types. */
export type WrittenImports = ReadonlyMap<string, number>;

/**
 * Returns the imports of a module that exist at run time. In TypeScript, imports that are used only as types are
 * excluded, as esbuild and TypeScript exclude them.
 */
export function writtenImports(program: Program, file: string): WrittenImports {
  const found = new Map<string, number>();
  const add = (source: Node | null | undefined, at: Node) => {
    if (source?.type === 'StringLiteral' && !found.has(source.value))
      found.set(source.value, at.loc?.start.line ?? 1);
  };
  const isTypeScript = /\.[cm]?tsx?$/.test(file);
  const used = isTypeScript ? usedNames(program) : undefined;
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'ImportDeclaration':
        if (isRunTimeImport(node, used)) add(node.source, node);
        return;
      case 'ExportAllDeclaration':
        if (node.exportKind !== 'type') add(node.source, node);
        return;
      case 'ExportNamedDeclaration':
        if (node.exportKind !== 'type' && !areTypes(node.specifiers)) add(node.source, node);
        break;
      case 'TSImportEqualsDeclaration':
        if (node.importKind !== 'type' && node.moduleReference.type === 'TSExternalModuleReference')
          add(node.moduleReference.expression, node);
        return;
      case 'ImportExpression':
        add(node.source, node);
        break;
      default:
        if (isCall(node)) {
          const { callee } = node;
          if (callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require'))
            add(node.arguments[0], node);
        }
    }
    eachChild(node, visit);
  };
  visit(program);
  return found;
}

type ImportNode = Extract<Node, { type: 'ImportDeclaration' }>;

function isRunTimeImport(node: ImportNode, used: ReadonlySet<string> | undefined): boolean {
  if (node.importKind === 'type' || node.importKind === 'typeof') return false;
  // `import './x'` runs the module for its side effects.
  if (node.specifiers.length === 0) return true;
  if (areTypes(node.specifiers)) return false;
  return !used || node.specifiers.some(({ local }) => used.has(local.name));
}

/** Returns true for `{ type A, type B }`. */
function areTypes(specifiers: readonly Node[]): boolean {
  return (
    specifiers.length > 0 &&
    specifiers.every(
      (each) =>
        (each.type === 'ImportSpecifier' && (each.importKind === 'type' || each.importKind === 'typeof')) ||
        (each.type === 'ExportSpecifier' && each.exportKind === 'type'),
    )
  );
}

/** Returns imported names that code uses as a value. Names of properties and of other declarations do not count. */
function usedNames(program: Program): Set<string> {
  const names = new Set<string>();
  const add = (name: string, from: Node) => {
    if (findBinding(name, from)?.kind === 'import') names.add(name);
  };
  const visit = (node: Node): void => {
    if (node.type === 'ImportDeclaration') return;
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') add(node.name, node);
    if (node.type === 'ExportSpecifier') {
      if (node.local.type === 'Identifier') add(node.local.name, node);
      return;
    }
    if (isMember(node) && !node.computed) {
      visit(node.object);
      return;
    }
    const name = nameOf(node);
    eachChild(node, (child) => {
      if (child !== name) visit(child);
    });
  };
  visit(program);
  return names;
}

/** Returns the name of a property, method or attribute, which refers to no declaration. */
function nameOf(node: Node): Node | undefined {
  if (node.type === 'JSXAttribute') return node.name;
  if (!('key' in node) || !('computed' in node) || node.computed) return undefined;
  return 'shorthand' in node && node.shorthand ? undefined : (node.key as Node);
}
