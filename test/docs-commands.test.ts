import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Command } from '../cli/command';
import { ENVIRONMENTS } from '../config/environment-name';
import { CHECK_FORMATS } from '../lib/check/format';
import { FAULTS } from '../lib/rehearsal/fault';
import { commandLine } from './support/command-line';

const root = join(__dirname, '..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

interface CommandLine {
  readonly page: string;
  readonly words: readonly string[];
}

/** The command lines of a page, in code blocks and in code spans. */
function commandLines(page: string, text: string): CommandLine[] {
  const blocks = [...text.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block.replace(/\\\n\s*/g, ' ').split('\n'),
  );
  const spans = [...text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, span = '']) => span,
  );
  return [...blocks, ...spans].flatMap((line) => {
    const [, rest] = /^\s*(?:\$ |- run: )?(?:npx (?:--no )?)?framework53 (.*)/.exec(line) ?? [];
    return rest === undefined ? [] : [{ page, words: wordsOf(rest) }];
  });
}

/** The words of a command line as a shell splits them, up to a comment, a redirection, a pipe or an explanation. */
function wordsOf(line: string): string[] {
  const [command = ''] = line.split(/ {2,}|\s[#<>|;&]/);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain!,
  );
}

async function commandNamed(name: string): Promise<Command | undefined> {
  const { out } = await commandLine('--help');
  if (!new RegExp(`^ {2}${name} {2,}`, 'm').test(out)) return undefined;
  return ((await import(`../cli/${name}.ts`)) as Record<string, Command>)[name];
}

/** The values that an option allows, if it does not take any text. */
const allowed = (command: string): Readonly<Record<string, readonly string[]>> => ({
  env: ENVIRONMENTS,
  format: command === 'check' ? CHECK_FORMATS : ['text', 'md', 'html', 'json'],
  'fail-on': ['danger', 'caution', 'never'],
  fault: ['list', ...FAULTS.map(({ name }) => name)],
  weeks: Array.from({ length: 104 }, (_, index) => String(index + 1)),
});

/** A word that the reader replaces: `NAME`, `$NAME` or `…`. */
const isPlaceholder = (word: string) => /^(\$?[A-Z_]+|.*…)$/.test(word);

/** Returns the mistake in a command line; undefined if the command accepts it. */
async function mistakeIn([name = '', ...words]: readonly string[]): Promise<string | undefined> {
  if (isPlaceholder(name) || name.startsWith('--')) return undefined;
  const command = await commandNamed(name);
  if (!command) return `there is no command '${name}'`;
  try {
    const { values } = parseArgs({
      args: words.filter((word) => word !== '…'),
      options: Object.fromEntries(
        Object.entries({ ...command.options, help: {}, debug: {} }).map(
          ([option, { value, repeatable }]: [string, { value?: string; repeatable?: true }]) => [
            option,
            { type: value === undefined ? 'boolean' : 'string', multiple: repeatable === true } as const,
          ],
        ),
      ),
      allowPositionals: command.words !== undefined,
    });
    const wrong = Object.entries(allowed(name)).flatMap(([option, choices]) =>
      String(values[option] ?? '')
        .split(',')
        .filter((value) => value !== '' && !isPlaceholder(value) && !choices.includes(value))
        .map((value) => `--${option} does not allow ${value}`),
    );
    return wrong.join('; ') || undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const all = pages.flatMap((page) => commandLines(page, readFileSync(join(root, page), 'utf8')));

describe('a command in a page', () => {
  test('exists and accepts the options and values', async () => {
    expect(all.length).toBeGreaterThan(60);
    const mistakes = [];
    for (const { page, words } of all) {
      const mistake = await mistakeIn(words);
      if (mistake) mistakes.push(`${page}: framework53 ${words.join(' ')}: ${mistake}`);
    }
    expect(mistakes).toEqual([]);
  });

  test('a wrong name, option or value fails the test', async () => {
    const lines = commandLines(
      'page',
      "```sh\n$ npx framework53 biuld\nframework53 check --formt md   # text\nnpx framework53 plan --env prod\nframework53 plan --test 'npm test' > x\n```\n`framework53 rehearse --fault none`",
    );
    const mistakes: (string | undefined)[] = [];
    for (const { words } of lines) mistakes.push(await mistakeIn(words));
    expect(mistakes.map((mistake) => mistake?.replace(/\. .*/, ''))).toEqual([
      "there is no command 'biuld'",
      "Unknown option '--formt'",
      '--env does not allow prod',
      undefined,
      '--fault does not allow none',
    ]);
  });

  // These read the example application and need no account.
  const runnable = [
    ...new Set(
      all
        .filter(({ words }) =>
          /^(check|oncall|--help|--version|rehearse --fault list)\b/.test(words.join(' ')),
        )
        .filter(({ words }) => !words.includes('--app'))
        .map(({ words }) => words.join(' ').replace('$ENVIRONMENT', 'production')),
    ),
  ];

  test.each(runnable)('succeeds: framework53 %s', async (line) => {
    const { code, out } = await commandLine(...line.split(' '));
    expect([code, out.length > 0]).toEqual([0, true]);
  });
});
