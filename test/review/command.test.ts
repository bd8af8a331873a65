import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { commandLine } from '../support/command-line';
import { assemblyFiles, bucket, removeFolders, temporaryFolder, write } from './assembly-folder';
import { COMMAND, Repository } from './repository';

afterAll(removeFolders);
afterEach(() => {
  vi.unstubAllEnvs();
});

const assembly = (resources: Parameters<typeof assemblyFiles>[0]) =>
  write(temporaryFolder(), assemblyFiles(resources));
const versioned = { ...bucket('files'), DeletionPolicy: 'Retain' };
const base = assembly({ Files: versioned, Other: bucket('other') });
const gone = assembly({ Other: bucket('other') });
const same = assembly({ Other: bucket('other'), Files: versioned });
const deleted = assembly({ Files: { ...versioned, DeletionPolicy: 'Delete' }, Other: bucket('other') });
const review = (...args: string[]) => commandLine('review', ...args);

describe('two folders', () => {
  test('with equivalent templates are clean', async () => {
    const { code, out, err } = await review('--base', base, '--head', same);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^CLEAN {2}no findings · no resource changes · \$0\.00 a month\n/);
    // Nobody knows of which environment they are.
    expect(out).toContain(`\n${base} → ${same}, plan `);
  });

  test('with data loss between them are a danger, and the exit code is 2 by default', async () => {
    const [code, severities] = await review('--base', base, '--head', deleted, '--format', 'json').then(
      ({ code, out }) => [code, JSON.parse(out).findings.map((one: { severity: string }) => one.severity)],
    );
    expect([code, severities]).toEqual([2, expect.arrayContaining(['danger'])]);
    expect((await review('--base', base, '--head', deleted, '--fail-on', 'never')).code).toBe(0);
  });

  test('with weaker protection are a caution, and the exit code is 2 only with an option', async () => {
    const verdict = JSON.parse(
      (await review('--base', base, '--head', gone, '--format', 'json')).out,
    ).verdict;
    expect(verdict).toBe('caution');
    expect((await review('--base', base, '--head', gone)).code).toBe(0);
    expect((await review('--base', base, '--head', gone, '--fail-on', 'caution')).code).toBe(2);
  });

  test('are judged even if CloudFormation would refuse one of them', async () => {
    const broken = assembly({
      Files: { ...versioned, Properties: { BucketName: { 'Fn::Join': null } } },
      Other: bucket('other'),
    });
    const { code, out } = await review('--base', base, '--head', broken);
    expect([code, out]).toEqual([2, expect.stringContaining('BucketName')]);
  });

  test('have no colours without a terminal', async () => {
    expect((await review('--base', base, '--head', deleted)).out).not.toContain('\u001b');
  });

  test.each([
    ['md', /^## 🟢 Clean\n/],
    ['html', /^<!doctype html>/],
    ['json', /^\{\n {2}"verdict": "clean"/],
    ['text', /^CLEAN/],
  ])('are reported as %s', async (format, expected) => {
    expect((await review('--base', base, '--head', same, '--format', format)).out).toMatch(expected);
  });

  test('are reported in files, in the format of each extension', async () => {
    const folder = temporaryFolder();
    const files = ['a.md', 'b.html', 'c.json', 'd.txt'].map((name) => join(folder, name));
    const { code, out } = await review('--base', base, '--head', deleted, '--out', files.join(','));
    expect(code).toBe(2);
    expect(out.match(/^danger: .*$/gm)).toHaveLength(4);
    const starts = files.map((file) => readFileSync(file, 'utf8').slice(0, 9));
    expect(starts).toEqual(['## 🔴 Dan', '<!doctype', '{\n  "verd', 'DANGER  1']);
  });

  test('are reported in a file of any name, if the format is given', async () => {
    const file = join(temporaryFolder(), 'reports/review');
    await review('--base', base, '--head', same, '--out', file, '--format', 'md', '--env', 'staging');
    expect(readFileSync(file, 'utf8')).toMatch(/^## 🟢 Clean: staging\n/);
  });
});

describe('an accepted finding', () => {
  const path = 'deletion-policy:shop-data/files';

  test('no longer counts, from the command line or from the acceptance file', async () => {
    const own = await review('--base', base, '--head', deleted, '--accept', `${path}=nobody reads them`);
    expect([own.code, own.out]).toEqual([0, expect.stringContaining('Accepted because nobody reads them.')]);
    const line = `${path} until 2999-01-01 because nobody reads them`;
    const app = write(temporaryFolder(), { 'framework53.accepted.txt': line });
    const far = await review('--base', base, '--head', deleted, '--app', app);
    expect([far.code, far.err]).toEqual([
      1,
      expect.stringContaining('an acceptance is valid for a year at most'),
    ]);
    const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    write(app, { 'framework53.accepted.txt': line.replace('2999-01-01', soon) });
    const { code, out } = await review('--base', base, '--head', deleted, '--app', app, '--format', 'json');
    expect([code, JSON.parse(out).accepted]).toEqual([
      0,
      [
        expect.objectContaining({
          rule: 'deletion-policy',
          accepted: expect.objectContaining({ until: soon }),
        }),
      ],
    ]);
  });

  test('may be one of several findings', async () => {
    const accepts = ['--accept', `${path}=nobody reads them`, '--accept', `${path}=nor writes them`];
    expect((await review('--base', base, '--head', deleted, ...accepts)).code).toBe(0);
  });
});

describe('fails with one message for', () => {
  const message = async (...args: string[]) => {
    const { code, out, err } = await review(...args);
    expect(out).toBe('');
    expect(err).not.toMatch(/\n {4}at /);
    return [code, err] as const;
  };

  test.each([
    [['--format', 'pdf'], "--format must be text, md, html, json, got 'pdf'"],
    [['--fail-on', 'note'], "--fail-on must be danger, caution, never, got 'note'"],
    [['--fail-on', 'toString'], "--fail-on must be danger, caution, never, got 'toString'"],
    [['--out', 'report'], '--out report: the ending selects no format; add --format text, md, html, json'],
    [['--out', 'a.md,b.html', '--format', 'md'], '--format needs a single --out file'],
    [['--base'], "Option '--base <value>' argument missing"],
    [['--accept', 'data-loss'], '--accept must be RULE:PATH=REASON'],
    [['--change-set'], '--change-set compares with the deployed stacks; give --base deployed as well'],
  ])('a misuse of the command: %s', async (args, expected) => {
    const [code, text] = await message(...args);
    expect([code, text]).toEqual([64, expect.stringContaining(expected)]);
  });

  test('a folder that is not an assembly', async () => {
    const folder = temporaryFolder();
    const [code, text] = await message('--base', base, '--head', folder);
    expect([code, text]).toEqual([1, expect.stringContaining(`${folder} is not a cloud assembly`)]);
    const [, other] = await message('--base', folder, '--head', base);
    expect(other).toContain(`${folder} is not a cloud assembly`);
  });

  test('an unknown environment', async () => {
    const [code, text] = await message('--env', 'prod');
    expect([code, text]).toEqual([64, expect.stringContaining('--env must be development, test,')]);
  });

  test('an unknown base, before any build', async () => {
    const [code, text] = await message('--base', 'no-such-thing');
    expect([code, text]).toEqual([1, expect.stringContaining('--base no-such-thing is neither a revision')]);
  });
});

test('a folder is compared with a revision', { timeout: 60_000 }, async () => {
  const repository = new Repository({
    'name.txt': 'files',
    'node_modules/framework53-cdk/dist/bin/framework53.js': COMMAND,
  });
  const { code, out, err } = await review(
    '--app',
    repository.folder,
    '--base',
    'HEAD',
    '--head',
    base,
    '--env',
    'staging',
    '--format',
    'json',
  );
  expect(err).toMatch(/^synthesising staging of HEAD \([0-9a-f]{7}\)\n$/);
  const { summary } = JSON.parse(out);
  expect(summary).toMatchObject({ environment: 'staging', head: base });
  expect(summary.stacks.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual([
    ['shop-data', 'added'],
    ['shop', 'removed'],
  ]);
  expect(code).toBe(JSON.parse(out).verdict === 'danger' ? 2 : 0);
});

test('an application is compared with the branch point from main', { timeout: 300_000 }, async () => {
  const example = join(__dirname, '../../examples/guestbook');
  const repository = new Repository({ '.gitignore': 'node_modules\n', 'README.md': 'Several applications' });
  cpSync(example, join(repository.folder, 'apps/guestbook'), {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|cdk\.out|dist)$/.test(path),
  });
  repository.commit({});
  symlinkSync(join(example, 'node_modules'), join(repository.folder, 'apps/guestbook/node_modules'));
  repository.write({
    'apps/guestbook/framework53.config.ts':
      'export default { development: { server: { cpu: 512, memory: 1024 } } };',
  });
  vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
  const { out, err } = await review(
    '--app',
    join(repository.folder, 'apps/guestbook'),
    '--env',
    'development',
    '--format',
    'json',
  );
  expect(err).toContain('synthesising development of main (');
  const { summary } = JSON.parse(out);
  expect(summary).toMatchObject({
    environment: 'development',
    base: expect.stringMatching(/^main \([0-9a-f]{7}\)$/),
    head: expect.stringMatching(/^main \([0-9a-f]{7} and changes\)$/),
    stacks: [
      { name: 'guestbook-development-data', state: 'same' },
      { name: 'guestbook-development-release', state: 'changed' },
      { name: 'guestbook-development-operations' },
    ],
    migrations: { known: true, added: [], altered: [] },
  });
  expect(summary.cost.after - summary.cost.before).toBeCloseTo(0.25 * 0.03238 * 730 + 0.5 * 0.00356 * 730, 1);
  expect(existsSync(join(repository.folder, '.git/worktrees'))).toBe(false);
});
