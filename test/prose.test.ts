import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(__dirname, '..');

/** Words that paraphrase a noun or hide the actor at the beginning of a sentence. */
const BEGINNINGS = /^(What|Who|Whoever|Whose|Of|Those|Where|Whether)\b/;
/** Words of the longest sentence in a published page. */
const LONGEST = 30;

/** Returns the files of the project with a matching path. */
function files(folders: readonly string[], pattern: RegExp): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((path) =>
        join(folder, path),
      ),
    )
    .filter((path) => pattern.test(path) && !/node_modules|test\/fixtures/.test(path));
}

/** Pages that people read: the README files, the documents with their decisions, and the changelog. */
const pages = files(['.', 'docs', 'constructs', 'examples'], /\.md$/);
const sources = files(['bin', 'cli', 'config', 'constructs', 'lib', 'scripts', 'test'], /\.ts$/).filter(
  (path) => path !== 'test/prose.test.ts',
);

/** The sentences of a page, without code, headings, tables and addresses of links. */
function sentencesOf(markdown: string): string[] {
  return markdown
    .replace(/^```[\s\S]*?^\s*```/gm, '\n')
    .replace(/^(\s*\||#).*$/gm, '\n')
    .replace(/<!--[\s\S]*?-->/g, '\n')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split(/\n\s*\n|\n(?=\s*(?:[-*#>]|\d+\.) )/)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, ' ').split(/(?<=[.!?:][*_)”"]*)\s+(?=[A-Z`'"“*§([])/))
    .map((sentence) => sentence.replace(/^\s*(?:(?:[-*>]|\d+\.) )?[*_]*/, '').trim())
    .filter(Boolean);
}

/** The first sentences of the doc comments of a source file. */
function docComments(source: string): string[] {
  return [...source.matchAll(/\/\*\*\s*([\s\S]*?)\*\//g)].map(([, text = '']) =>
    text.replace(/^\s*\* ?/gm, '').trim(),
  );
}

describe('a doc comment', () => {
  test('starts with a noun or a verb', () => {
    expect(sources.length).toBeGreaterThan(800);
    const found = sources.flatMap((path) =>
      docComments(readFileSync(join(ROOT, path), 'utf8'))
        .filter((text) => BEGINNINGS.test(text))
        .map((text) => `${path}: ${text.split('\n')[0]}`),
    );
    expect(found).toEqual([]);
  });

  test('with another start is found', () => {
    expect(
      docComments('/** Whose turn it is. */\nlet a;\n/**\n * Name.\n */').map((text) =>
        BEGINNINGS.test(text),
      ),
    ).toEqual([true, false]);
  });
});

describe('a sentence of a page', () => {
  const sentences = pages.flatMap((path) =>
    sentencesOf(readFileSync(join(ROOT, path), 'utf8')).map((sentence) => ({ path, sentence })),
  );

  test('has at most 30 words', () => {
    expect(sentences.length).toBeGreaterThan(2_000);
    const long = sentences
      .filter(({ sentence }) => sentence.split(' ').length > LONGEST)
      .map(({ path, sentence }) => `${path} (${sentence.split(' ').length}): ${sentence}`);
    expect(long).toEqual([]);
  });

  test('starts with its subject, except in questions', () => {
    const found = sentences.filter(({ sentence }) => BEGINNINGS.test(sentence) && !sentence.endsWith('?'));
    expect(found.map(({ path, sentence }) => `${path}: ${sentence}`)).toEqual([]);
  });

  test('is separated from its neighbours', () => {
    expect(
      sentencesOf(
        '# A title\n\n**Bold.** One `a.b` here\nends. [Two](x.md) (three).\n\n- *Four:* five\n- six\n\n| no | no |\n\n```ts\nno.\n```\nSeven',
      ),
    ).toEqual(['Bold.**', 'One `a.b` here ends.', 'Two (three).', 'Four:* five', 'six', 'Seven']);
  });
});
