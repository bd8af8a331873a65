import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { runModule } from './support/run-module';

const root = join(__dirname, '..');
const documents = ['.', 'docs', 'docs/decisions', 'constructs', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder === 'constructs' })
    .map(String)
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(root, folder, name)),
);

/** Anchors of a document, as GitHub makes them from headings. */
function anchors(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test.each(documents.map((file) => [relative(root, file), file] as const))(
  'links of %s have existing targets',
  (_, file) => {
    const text = readFileSync(file, 'utf8').replace(/```[\s\S]*?```/g, '');
    const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)]
      .map(([, target]) => target!)
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const destination = path === '' ? file : resolve(dirname(file), path);
        const there = statSync(destination, { throwIfNoEntry: false });
        if (!there) return true;
        return (
          anchor !== undefined && there.isFile() && !anchors(readFileSync(destination, 'utf8')).has(anchor)
        );
      });
    expect(broken).toEqual([]);
  },
);

test('CONTRIBUTING.md names existing files and folders', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const paths = [
    ...text.matchAll(/`((?:bin|cli|config|constructs|docs|examples|lib|scripts|test)\/[\w./-]*)`/g),
  ]
    .map(([, path]) => path!)
    // Capitals stand for names to choose.
    .filter((path) => !/[A-Z]{3}/.test(path));
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

const folders = readdirSync(join(root, 'constructs')).filter((name) =>
  existsSync(join(root, 'constructs', name, 'index.ts')),
);

test.each(folders)(
  'the README of constructs/%s shows first the use, then the cost and the effect of changes',
  (name) => {
    const text = readFileSync(join(root, 'constructs', name, 'README.md'), 'utf8');
    const places = ['```ts', '## What it costs\n', 'efore changing it\n'].map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(Math.min(...places)).toBe(places[0]);
  },
);

test('the example of the README runs unchanged', async () => {
  const [, example] = /```ts\n(import \{ App[\s\S]*?)```/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  )!;
  const { stack } = (await runModule(`${example}\nexport { stack };`)) as { stack: Stack };
  Template.fromStack(stack).resourceCountIs('AWS::RDS::DBCluster', 1);
});
