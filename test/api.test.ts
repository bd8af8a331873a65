import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { declarationProblems, docsOf, memberProblems } from './support/documentation';
import { exportedNames, publishedDeclarations, publishedMembers } from './support/published-api';

const root = join(__dirname, '..');
const { exports: entries, peerDependencies } = require('../package.json') as {
  exports: Record<string, string | { types: string; default: string }>;
  peerDependencies: Record<string, string>;
};
const sourceOf = (entry: { default: string }) =>
  join(root, entry.default.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts'));
const modules = Object.entries(entries).flatMap(([name, entry]) =>
  typeof entry === 'string' ? [] : [[name, sourceOf(entry)] as const],
);

test('each entry point exports the recorded names', async () => {
  const text = modules
    .map(
      ([name, file]) =>
        `${name.replace(/^\.(?=$|\/)/, 'framework53-cdk')}\n  ${exportedNames(file).join('\n  ')}\n`,
    )
    .join('\n');
  await expect(text).toMatchFileSnapshot(join(__dirname, '__snapshots__', 'api.txt'));
});

test('every folder of constructs with an index has an entry point', () => {
  const folders = readdirSync(join(root, 'constructs')).filter((folder) =>
    existsSync(join(root, 'constructs', folder, 'index.ts')),
  );
  const own = modules.filter(([name]) => name !== '.' && name !== './app');
  expect(own.map(([name]) => name.slice(2)).sort()).toEqual(folders.sort());
});

test('the root exports the most used names, identical to those of their entry points', () => {
  const root = exportedNames(join(__dirname, '..', 'constructs/index.ts'));
  const entries = modules.filter(([name]) => name !== '.').flatMap(([, file]) => exportedNames(file));
  expect(root.length).toBeLessThanOrEqual(50);
  expect(root.filter((name) => name !== 'ConstructError' && !entries.includes(name))).toEqual([]);
});

test('the peer ranges start at the versions that the lowest-peer consumer installs', () => {
  const { dependencies } = require('./consumers/lowest-peer/package.json') as {
    dependencies: Record<string, string>;
  };
  for (const [name, version] of Object.entries(dependencies))
    expect(peerDependencies[name]).toBe(`^${version}`);
});

describe('documentation', () => {
  const published = publishedDeclarations(modules.map(([, file]) => file));
  const folderOf = (file: string) => relative(root, dirname(file)).split('/').slice(0, 2).join('/');

  const missing = published.flatMap((declaration) => [
    ...declarationProblems(declaration).map((problem) => ({ ...declaration, problem })),
    ...publishedMembers(declaration).flatMap((member) =>
      memberProblems(member).map((problem) => ({ ...member, problem })),
    ),
  ]);

  test('published members have a summary, each option its default, and each number its unit', () => {
    expect(published.length).toBeGreaterThan(150);
    const lines = missing.map(({ file, name, problem }) => `${relative(root, file)}: ${name} ${problem}`);
    expect(lines).toEqual([]);
  });

  test('every published class has an example, in its doc comment or in the README of its folder', () => {
    const usages = readdirSync(join(root, 'constructs'), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('README.md'))
      .flatMap(
        (file) => readFileSync(join(root, 'constructs', file), 'utf8').match(/^```ts\n[\s\S]*?^```/gm) ?? [],
      );
    const classes = published.filter(
      ({ file, node, isValue }) =>
        isValue && ts.isClassDeclaration(node) && folderOf(file).startsWith('constructs'),
    );
    expect(classes.length).toBeGreaterThan(40);
    const without = classes
      .filter(({ node }) => !docsOf(node).some((doc) => doc.getText().includes('@example')))
      .filter(({ name }) => !usages.some((code) => new RegExp(`\\b${name}\\b`).test(code)));
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});
