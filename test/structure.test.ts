import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { circles } from '../scripts/docs/circles';
import { readImports, roomImports } from '../scripts/docs/import-graph';

const ROOT = join(__dirname, '..');
const imports = readImports(ROOT);
const sources = [...imports.keys()];

/** Folders in which there is still something to mend; a folder leaves a list once nothing is found in it. */
const UNFINISHED = {
  circles: ['lib/rehearsal/'],
  longFiles: [] as string[],
  longFunctions: ['constructs/escalation/', 'constructs/server/', 'lib/application/', 'lib/stacks/'],
};
const split = (found: readonly string[], unfinished: readonly string[]) => ({
  left: found.filter((line) => !unfinished.some((folder) => line.startsWith(folder))),
  clean: unfinished.filter((folder) => !found.some((line) => line.startsWith(folder))),
});
const NOTHING = { left: [], clean: [] };

describe('imports', () => {
  test('of files and of rooms make no circle, types included', () => {
    expect(imports.size).toBeGreaterThan(300);
    const found = circles(imports).map((circle) => circle.join(' '));
    expect(split(found, UNFINISHED.circles)).toEqual(NOTHING);
    expect(circles(roomImports(imports))).toEqual([]);
  });

  test('a circle is found', () => {
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

  test('of a handler are types alone, where they are of the CDK', () => {
    const handlers = sources.filter((path) => path.endsWith('.lambda.ts'));
    expect(handlers.length).toBeGreaterThan(10);
    const cdk = (path: string): boolean =>
      /^import (?!type ).*from '(aws-cdk-lib|constructs)/m.test(readFileSync(join(ROOT, path), 'utf8'));
    expect(handlers.filter(cdk)).toEqual([]);
  });
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
