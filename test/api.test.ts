import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = join(__dirname, '..');
const { exports: entries, peerDependencies } = require('../package.json') as {
  exports: Record<string, string | { types: string; default: string }>;
  peerDependencies: Record<string, string>;
};
const sourceOf = (entry: { default: string }) =>
  join(root, entry.default.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts'));
const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
const isExported = (node: ts.Node) =>
  ts.canHaveModifiers(node) &&
  !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** What a module gives, without following `export *`, which no entry has. */
function exportedNames(file: string): string[] {
  return parse(file)
    .statements.flatMap((statement) => {
      if (ts.isExportDeclaration(statement) && statement.exportClause) {
        if (!ts.isNamedExports(statement.exportClause)) throw new Error(`${file} exports all of a module`);
        return statement.exportClause.elements.map(
          ({ name, isTypeOnly }) => `${isTypeOnly || statement.isTypeOnly ? 'type ' : ''}${name.text}`,
        );
      }
      return isExported(statement) && 'name' in statement ? [(statement.name as ts.Identifier).text] : [];
    })
    .sort((one, other) => (one.replace('type ', '') < other.replace('type ', '') ? -1 : 1));
}

const modules = Object.entries(entries).flatMap(([name, entry]) =>
  typeof entry === 'string' ? [] : [[name, sourceOf(entry)] as const],
);

test('what each entry exports is what it exported before, or was changed on purpose', async () => {
  const text = modules
    .map(
      ([name, file]) =>
        `${name.replace(/^\.(?=$|\/)/, 'framework53-cdk')}\n  ${exportedNames(file).join('\n  ')}\n`,
    )
    .join('\n');
  await expect(text).toMatchFileSnapshot(join(__dirname, '__snapshots__', 'api.txt'));
});

test('every folder of constructs with an index is an entry of its own, and the whole has all of it', () => {
  const folders = readdirSync(join(root, 'constructs')).filter((folder) =>
    existsSync(join(root, 'constructs', folder, 'index.ts')),
  );
  const own = modules.filter(([name]) => name !== '.' && name !== './app');
  expect(own.map(([name]) => name.slice(2)).sort()).toEqual(folders.sort());
  const whole = exportedNames(join(root, 'constructs/index.ts'));
  for (const [name, file] of own)
    expect([name, exportedNames(file).filter((exported) => !whole.includes(exported))]).toEqual([name, []]);
});

test('the peers are ranges that the lowest-peer consumer starts at', () => {
  const { dependencies } = require('./consumers/lowest-peer/package.json') as {
    dependencies: Record<string, string>;
  };
  for (const [name, version] of Object.entries(dependencies))
    expect(peerDependencies[name]).toBe(`^${version}`);
});

describe('documentation', () => {
  const files = readdirSync(join(root, 'constructs'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts') && !/\.(lambda|function|d)\.ts$/.test(file))
    .map((file) => join(root, 'constructs', file));
  const declarations = files.flatMap((file) => parse(file).statements.filter(isExported));
  const published = new Set(
    modules.flatMap(([, file]) => exportedNames(file)).map((name) => name.replace('type ', '')),
  );
  const docs = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const missing = (has: (node: ts.Node) => boolean, nodes: readonly (readonly [string, ts.Node])[]) =>
    nodes.filter(([, node]) => !has(node)).map(([name]) => name);

  test('says of every optional property what holds without it', () => {
    const optional = declarations
      .filter(ts.isInterfaceDeclaration)
      .filter(
        ({ name }) => /Options$/.test(name.text) || (published.has(name.text) && /Props$/.test(name.text)),
      )
      .flatMap(({ name, members }) =>
        members
          .filter((member) => member.questionToken && member.name)
          .map((member) => [`${name.text}.${member.name!.getText()}`, member] as const),
      );
    expect(optional.length).toBeGreaterThan(100);
    expect(missing((node) => docs(node).some((doc) => doc.getText().includes('@default')), optional)).toEqual(
      [],
    );
  });

  test('has a sentence on every class and function that is published', () => {
    const named = declarations
      .filter((node) => ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node))
      .filter(({ name }) => name && published.has(name.text))
      .map((node) => [node.name!.text, node] as const);
    expect(named.length).toBeGreaterThan(30);
    expect(missing((node) => docs(node).some(({ comment }) => comment), named)).toEqual([]);
  });

  test('has an example of every class that is published, here or in the README beside it', () => {
    const usages = readdirSync(join(root, 'constructs'), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('README.md'))
      .flatMap(
        (file) => readFileSync(join(root, 'constructs', file), 'utf8').match(/^```ts\n[\s\S]*?^```/gm) ?? [],
      );
    const values = new Set(modules.flatMap(([, file]) => exportedNames(file)));
    const classes = declarations
      .filter(ts.isClassDeclaration)
      .filter(({ name }) => name && values.has(name.text))
      .map((node) => [node.name!.text, node] as const);
    expect(classes.length).toBeGreaterThan(40);
    const shown = (node: ts.Node) =>
      docs(node).some((doc) => doc.getText().includes('@example')) ||
      usages.some((code) => new RegExp(`\\b${(node as ts.ClassDeclaration).name!.text}\\b`).test(code));
    expect(missing(shown, classes)).toEqual([]);
  });
});
