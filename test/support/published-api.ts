import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A published declaration: exported by an entry point, or named in an exported type. */
export interface PublishedDeclaration {
  /** Path of the source file. */
  readonly file: string;
  readonly name: string;
  readonly node: Declaration;
  /** True for what an entry exports as a value: users construct such a class, or call such a function. */
  readonly isValue: boolean;
}

/** A published declaration or a member of one, as `ContainerServerProps.vpc`. */
export interface PublishedItem {
  readonly file: string;
  readonly name: string;
  readonly node: ts.Node;
}

type Declaration =
  | ts.InterfaceDeclaration
  | ts.ClassDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | ts.FunctionDeclaration
  | ts.VariableDeclaration;

const parsed = new Map<string, ts.SourceFile>();

/** Parses a source file, once. */
export function parse(file: string): ts.SourceFile {
  const source =
    parsed.get(file) ?? ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  parsed.set(file, source);
  return source;
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some((modifier) => modifier.kind === kind);
}

/** The names that an entry exports, types with `type ` before them. Fails for `export *`. */
export function exportedNames(file: string): string[] {
  return parse(file)
    .statements.flatMap((statement) => {
      if (ts.isExportDeclaration(statement) && statement.exportClause) {
        if (!ts.isNamedExports(statement.exportClause)) throw new Error(`${file} exports all of a module`);
        return statement.exportClause.elements.map(
          ({ name, isTypeOnly }) => `${isTypeOnly || statement.isTypeOnly ? 'type ' : ''}${name.text}`,
        );
      }
      return hasModifier(statement, ts.SyntaxKind.ExportKeyword) && 'name' in statement
        ? [(statement.name as ts.Identifier).text]
        : [];
    })
    .sort((one, other) => (one.replace('type ', '') < other.replace('type ', '') ? -1 : 1));
}

/** Returns all published declarations, each once: exports, and our own types that the exports name. */
export function publishedDeclarations(entries: readonly string[]): PublishedDeclaration[] {
  const found = new Map<Declaration, PublishedDeclaration>();
  const waiting: PublishedDeclaration[] = [];
  const add = (file: string, name: string, isValue: boolean): void => {
    const declaration = declarationOf(file, name);
    if (!declaration || found.has(declaration.node)) return;
    found.set(declaration.node, { ...declaration, isValue });
    waiting.push({ ...declaration, isValue });
  };
  const exported = entries.flatMap((file) => exportedNames(file).map((name) => ({ file, name })));
  // Values first: users construct such a class, even if the types of another declaration name it too.
  for (const { file, name } of exported) if (!name.startsWith('type ')) add(file, name, true);
  for (const { file, name } of exported) add(file, name.replace('type ', ''), false);
  for (let next = waiting.pop(); next; next = waiting.pop())
    for (const name of typeNames(next.node, next.isValue)) add(next.file, name, false);
  return [...found.values()].sort((one, other) =>
    `${one.file} ${one.name}`.localeCompare(`${other.file} ${other.name}`),
  );
}

/** Resolves a name in a file to its declaration; undefined for a foreign declaration. */
function declarationOf(file: string, name: string): Omit<PublishedDeclaration, 'isValue'> | undefined {
  for (const statement of parse(file).statements) {
    if (isDeclaration(statement) && statement.name?.text === name) return { file, name, node: statement };
    if (ts.isVariableStatement(statement))
      for (const node of statement.declarationList.declarations)
        if (node.name.getText() === name) return { file, name, node };
    const from = elsewhere(statement, name);
    const target = from && moduleFile(file, from.module);
    if (from && target) return declarationOf(target, from.name);
  }
  return undefined;
}

function isDeclaration(node: ts.Node): node is Exclude<Declaration, ts.VariableDeclaration> {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isFunctionDeclaration(node)
  );
}

/** Returns the module from which a statement takes a name, and the original name. */
function elsewhere(statement: ts.Statement, name: string): { module: string; name: string } | undefined {
  const elements = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : ts.isExportDeclaration(statement)
      ? statement.exportClause
      : undefined;
  if (!elements || !(ts.isNamedImports(elements) || ts.isNamedExports(elements))) return undefined;
  const { moduleSpecifier } = statement as ts.ImportDeclaration | ts.ExportDeclaration;
  const element = elements.elements.find((one) => one.name.text === name);
  if (!element || !moduleSpecifier) return undefined;
  return {
    module: (moduleSpecifier as ts.StringLiteral).text,
    name: (element.propertyName ?? element.name).text,
  };
}

function moduleFile(file: string, module: string): string | undefined {
  if (!module.startsWith('.')) return undefined;
  const path = join(file, '..', module);
  return [`${path}.ts`, join(path, 'index.ts')].find((candidate) => existsSync(candidate));
}

/** The names in a declaration's public types. A constructor's count where users can call it. */
function typeNames(node: Declaration, isValue: boolean): string[] {
  const names: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isBlock(child) || isHidden(child)) return;
    if (ts.isConstructorDeclaration(child) && !isValue) return;
    if (ts.isTypeReferenceNode(child)) names.push(child.typeName.getText().split('.')[0]!);
    if (ts.isExpressionWithTypeArguments(child)) names.push(child.expression.getText());
    if (ts.isTypeQueryNode(child)) names.push(child.exprName.getText());
    // An initializer is an expression, as a body is.
    const initializer = 'initializer' in child ? child.initializer : undefined;
    ts.forEachChild(child, (inner) => {
      if (inner !== initializer) visit(inner);
    });
  };
  visit(node);
  return names;
}

function isHidden(node: ts.Node): boolean {
  return (
    hasModifier(node, ts.SyntaxKind.PrivateKeyword) ||
    ('name' in node && !!node.name && ts.isPrivateIdentifier(node.name as ts.Node)) ||
    ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')
  );
}

/** Returns the public members of a declaration, without those that the base class documents. */
export function publishedMembers({ file, name, node }: PublishedDeclaration): PublishedItem[] {
  return membersOf(node)
    .filter((member) => !isHidden(member) && !hasModifier(member, ts.SyntaxKind.OverrideKeyword))
    .map((member) => ({
      file,
      name: `${name}.${'name' in member && member.name ? (member.name as ts.Node).getText() : '(index)'}`,
      node: member,
    }));
}

function membersOf(node: Declaration): readonly ts.Node[] {
  if (ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node)) return node.members;
  if (ts.isTypeAliasDeclaration(node)) return literalMembers(node.type);
  if (!ts.isClassDeclaration(node)) return [];
  return node.members.flatMap((member): readonly ts.Node[] => {
    if (!ts.isConstructorDeclaration(member)) return [member];
    return member.parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, member));
  });
}

/** The members of all object types written within a type. */
function literalMembers(type: ts.Node): ts.Node[] {
  const members: ts.Node[] = ts.isTypeLiteralNode(type) ? [...type.members] : [];
  ts.forEachChild(type, (child) => {
    members.push(...literalMembers(child));
  });
  return members;
}
