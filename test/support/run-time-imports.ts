import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The specifiers that a source imports at run time, without those of types. */
function runTimeImports(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText())) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) found.push(specifier.text);
    }
    const from =
      (ts.isImportDeclaration(node) && !isOfTypes(node.importClause)) ||
      (ts.isExportDeclaration(node) && !isOfTypes(node))
        ? node.moduleSpecifier
        : undefined;
    if (from) found.push((from as ts.StringLiteral).text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

/** True for an import or export that is gone once types are. */
function isOfTypes(clause: ts.ImportClause | ts.ExportDeclaration | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = ts.isImportClause(clause) ? clause.namedBindings : clause.exportClause;
  if (!named || !(ts.isNamedImports(named) || ts.isNamedExports(named))) return false;
  const hasDefault = ts.isImportClause(clause) && clause.name !== undefined;
  return !hasDefault && (named.elements as readonly { isTypeOnly: boolean }[]).every((one) => one.isTypeOnly);
}

/** The sources through which a source loads a package at run time. Paths are relative to the checkout. */
export function loaders(
  root: string,
  path: string,
  isWanted: (name: string) => boolean,
  seen = new Set<string>(),
): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const specifiers = runTimeImports(join(root, path));
  const others = specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(path, '..', specifier).replaceAll('\\', '/'))
    .flatMap((base) => [`${base}.ts`, `${base}/index.ts`].filter((file) => existsSync(join(root, file))));
  const further = others.flatMap((other) => loaders(root, other, isWanted, seen));
  return specifiers.some(isWanted) ? [path, ...further] : further;
}
