import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { circles } from '../scripts/docs/circles';
import { readImports, roomImports, roomOfSource } from '../scripts/docs/import-graph';
import { loaders } from './support/run-time-imports';

const ROOT = join(__dirname, '..');
const imports = readImports(ROOT);
const sources = [...imports.keys()];

/** Folders with known violations. Remove a folder from the list once it has none. */
const UNFINISHED = {
  longFiles: [] as string[],
  longFunctions: [] as string[],
};
const split = (found: readonly string[], unfinished: readonly string[]) => ({
  left: found.filter((line) => !unfinished.some((folder) => line.startsWith(folder))),
  clean: unfinished.filter((folder) => !found.some((line) => line.startsWith(folder))),
});
const NOTHING = { left: [], clean: [] };

describe('imports', () => {
  test('of files and of folders make no cycle, including types', () => {
    expect(imports.size).toBeGreaterThan(300);
    expect(circles(imports)).toEqual([]);
    expect(circles(roomImports(imports))).toEqual([]);
    // Each service of the rehearsal is a room, too.
    const serviceOf = (path: string) => /^lib\/rehearsal\/\w+(?=\/)/.exec(path)?.[0] ?? roomOfSource(path);
    const services = roomImports(imports, serviceOf);
    expect(services.get('lib/rehearsal/core')).toEqual(['lib/files']);
    expect(circles(services)).toEqual([]);
  });

  test('a cycle is found', () => {
    const graph = new Map(Object.entries({ a: ['b'], b: ['c'], c: ['b', 'd'], d: [] }));
    expect(circles(graph)).toEqual([['b', 'c']]);
  });

  test('go from bin to cli to lib to constructs', () => {
    const allowed: Record<string, RegExp> = {
      bin: /^(cli|lib)\//,
      cli: /^(cli|config|constructs|lib)\//,
      config: /^(config|constructs|lib\/application)\//,
      constructs: /^constructs\//,
      lib: /^(config|constructs|lib)\//,
      scripts: /^(config|constructs|lib|scripts)\//,
    };
    const wrong = [...imports].flatMap(([path, targets]) =>
      targets
        .filter((target) => !allowed[path.split('/')[0]!]!.test(target))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('of a handler never include the CDK at run time', () => {
    const toCdk = (path: string) =>
      loaders(ROOT, path, (name) => /^(aws-cdk-lib|constructs)($|\/)/.test(name));
    const handlers = sources.filter((path) => path.endsWith('.lambda.ts'));
    expect(handlers.length).toBeGreaterThan(10);
    expect(handlers.flatMap((path) => toCdk(path).map((loader) => `${path}: ${loader}`))).toEqual([]);
    expect(toCdk('lib/app.ts')).toContain('constructs/network/network.ts');
  });

  test('of the rehearsal exclude the code that creates the plan', () => {
    const rehearsal = sources.filter((path) => path.startsWith('lib/rehearsal/'));
    expect(rehearsal.length).toBeGreaterThan(80);
    const foreign = rehearsal.flatMap((path) =>
      [...imports.get(path)!, ...packages(path)]
        .filter(
          (target) =>
            !/^(lib\/(rehearsal|files)\/|lib\/findings\/wrapped\.ts$|constructs\/handler\/crash-reason\.ts$|node:|pg$|zod$)/.test(
              target,
            ),
        )
        .map((target) => `${path} imports ${target}`),
    );
    expect(foreign).toEqual([]);
  });
});

/** The packages that a source imports, those of types too. */
function packages(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, path), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName).filter((name) => !name.startsWith('.'));
}

test('lib has no file at its top level except its entry point', () => {
  expect(sources.filter((path) => /^lib\/[^/]+$/.test(path))).toEqual(['lib/app.ts']);
});

test('the published constructs load no AWS SDK', () => {
  const reached = new Set(['constructs/index.ts']);
  for (const path of reached) for (const target of imports.get(path) ?? []) reached.add(target);
  expect(reached.size).toBeGreaterThan(100);
  const sdk = (path: string): boolean =>
    /^import (?!type )[^;]*from '@(aws-sdk|smithy)\//m.test(readFileSync(join(ROOT, path), 'utf8'));
  expect([...reached].filter(sdk)).toEqual([]);
});

test('a module finds files by its own place only as its bundle in dist/bin/NAME/ does', () => {
  // Two folders up, or upwards until a file is found.
  const allowed = /join\(__dirname, '\.\.', '\.\.', 'bundles', |let folder = __dirname;|[[ ]__dirname\]/;
  const own = sources
    .filter((path) => !/^scripts\/|\.(lambda|runtime|function|browser)\.ts$/.test(path))
    .flatMap((path) =>
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        .filter(
          (line) =>
            /(?<![`'"\w])__(dir|file)name\b(?!['"`:])/.test(line) && !/^\s*(\/\/|\*|\w+: ')/.test(line),
        )
        .filter((line) => !allowed.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
  expect(own).toEqual([]);
});

describe('size', () => {
  const lines = (text: string) => text.trimEnd().split('\n').length;

  test('no file has more than 300 lines', () => {
    const scripts = readdirSync(join(ROOT, 'scripts'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.mjs'))
      .map((name) => `scripts/${name}`);
    const long = [...sources, ...scripts]
      .map((path) => [path, lines(readFileSync(join(ROOT, path), 'utf8'))] as const)
      .filter(([, length]) => length > 300)
      .map(([path, length]) => `${path}: ${length}`);
    expect(split(long, UNFINISHED.longFiles)).toEqual(NOTHING);
  });

  test('no function has 80 lines or more', () => {
    const long = sources.flatMap((path) => {
      const source = ts.createSourceFile(
        path,
        readFileSync(join(ROOT, path), 'utf8'),
        ts.ScriptTarget.Latest,
        true,
      );
      const found: string[] = [];
      const visit = (node: ts.Node): void => {
        const length = lines(node.getText());
        if (ts.isFunctionLike(node) && 'body' in node && length >= 80)
          found.push(`${path}: ${node.name?.getText() ?? node.parent.getText().slice(0, 40)}, ${length}`);
        if (length >= 80) ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
    expect(split(long, UNFINISHED.longFunctions)).toEqual(NOTHING);
  });
});
