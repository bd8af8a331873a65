import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { labelOf, revisionOf } from '../../lib/review/git';
import { readPlan } from '../../lib/review/read-plan';
import { resolveBase } from '../../lib/review/resolve-base';
import { withRevision } from '../../lib/review/synthesize-revision';
import { assemblyFiles, bucket, removeFolders, temporaryFolder, write } from './assembly-folder';
import { COMMAND, Repository } from './repository';

afterAll(removeFolders);

const message = (work: () => unknown): string => {
  try {
    work();
    return 'no error';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

describe('a base is', () => {
  const repository = new Repository({ 'name.txt': 'one' });
  const first = repository.git('rev-parse', 'HEAD');
  repository.git('tag', 'v1');
  repository.git('checkout', '--quiet', '-b', 'feature');
  const second = repository.commit({ 'name.txt': 'two' });

  test('the branch point from main', () => {
    expect(resolveBase(undefined, repository.folder)).toEqual({
      kind: 'revision',
      revision: {
        repository: repository.folder,
        folder: '',
        commit: first,
        label: `main (${first.slice(0, 7)})`,
      },
    });
  });

  test.each([
    ['v1', first],
    ['HEAD~1', first],
    ['feature', second],
    [second.slice(0, 10), second],
  ])('a revision: %s', (name, commit) => {
    expect(resolveBase(name, repository.folder)).toMatchObject({
      kind: 'revision',
      revision: { commit, label: `${name} (${commit.slice(0, 7)})` },
    });
  });

  test('the folder of an assembly, even if a branch has the same name', () => {
    const folder = write(temporaryFolder(), assemblyFiles({ Files: bucket('files') }));
    expect(resolveBase(folder, repository.folder)).toEqual({ kind: 'directory', directory: folder });
    // No assembly: the branch is meant.
    const here = process.cwd();
    const other = write(temporaryFolder(), { 'feature/file.txt': '' });
    try {
      process.chdir(other);
      expect(resolveBase('feature', repository.folder)).toMatchObject({ kind: 'revision' });
    } finally {
      process.chdir(here);
    }
  });

  test('the deployed state', () => {
    expect(resolveBase('deployed', temporaryFolder())).toEqual({ kind: 'deployed' });
  });

  test('of an application in a subfolder of the repository', () => {
    repository.write({ 'apps/shop/name.txt': 'shop' });
    expect(revisionOf('HEAD', join(repository.folder, 'apps', 'shop'))).toMatchObject({
      repository: repository.folder,
      folder: 'apps/shop',
    });
  });

  test("of the application's own repository, even with a hook's environment variables", () => {
    vi.stubEnv('GIT_DIR', join(temporaryFolder(), '.git'));
    vi.stubEnv('GIT_INDEX_FILE', '/nowhere');
    try {
      expect(revisionOf('HEAD', repository.folder)?.commit).toBe(second);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("origin's main if there is no other", () => {
    const clone = temporaryFolder();
    repository.git('clone', '--quiet', repository.folder, clone, '--branch', 'feature');
    expect(revisionOf(undefined, clone)).toMatchObject({
      commit: first,
      label: `origin/main (${first.slice(0, 7)})`,
    });
  });
});

describe('fails with one message for', () => {
  const repository = new Repository({ 'name.txt': 'one' });

  test.each([
    ['an unknown name', 'nope', 'PlanError: --base nope is neither a revision of the repository of'],
    ['a name that looks like an option', '--output=x', 'PlanError: --base --output=x is neither a revision'],
    ['a path that is not there', './old.out', 'PlanError: --base ./old.out is neither a revision'],
  ])('%s', (_, base, expected) => {
    expect(message(() => resolveBase(base, repository.folder))).toContain(expected);
  });

  test('a folder that is not an assembly', () => {
    const folder = temporaryFolder();
    expect(message(() => resolveBase(folder, repository.folder))).toContain(
      `${folder} is not a cloud assembly`,
    );
  });

  test('an application outside a repository', () => {
    const folder = temporaryFolder();
    expect(message(() => resolveBase(undefined, folder))).toContain(`${folder} is in no git repository`);
    expect(message(() => resolveBase('HEAD', folder))).toContain('--base HEAD is neither a revision');
  });

  test('a repository without a main branch', () => {
    const other = new Repository({}, 'trunk');
    expect(message(() => resolveBase(undefined, other.folder))).toContain('has none of the branches main,');
  });

  test('a shallow clone', () => {
    const source = new Repository({ a: '1' });
    source.git('checkout', '--quiet', '-b', 'feature');
    source.commit({ a: '2' });
    const clone = temporaryFolder();
    source.git(
      'clone',
      '--quiet',
      '--depth',
      '1',
      '--no-single-branch',
      '--branch',
      'feature',
      `file://${source.folder}`,
      clone,
    );
    expect(message(() => resolveBase(undefined, clone))).toContain(
      'has no common history with origin/main: fetch the full history',
    );
  });

  test('a machine without git', () => {
    vi.stubEnv('PATH', temporaryFolder());
    try {
      expect(message(() => resolveBase(undefined, repository.folder))).toContain(
        'needs git, which is not installed',
      );
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

test('the label shows branch, commit and uncommitted changes', () => {
  const repository = new Repository({ 'name.txt': 'one' });
  const commit = repository.git('rev-parse', '--short=7', 'HEAD');
  expect(labelOf(repository.folder)).toBe(`main (${commit})`);
  repository.write({ 'name.txt': 'two' });
  expect(labelOf(repository.folder)).toBe(`main (${commit} and changes)`);
  const folder = temporaryFolder();
  expect(folder.endsWith(labelOf(folder))).toBe(true);
});

/** The arguments and the folder that the command of a revision received. */
interface Told {
  readonly BucketName: string;
  readonly Environment: string;
  readonly Command: string;
  readonly App: string;
  readonly Cache: string;
  readonly Words: string;
  readonly Found: Readonly<Record<string, unknown>>;
}

async function synthesized(
  repository: Repository,
  rev: string,
  app = '',
): Promise<{ told?: Told; lines: string[] }> {
  const lines: string[] = [];
  const revision = revisionOf(rev, join(repository.folder, app))!;
  const told = await withRevision(
    { revision, environment: 'staging', progress: (line) => lines.push(line) },
    async (directory) => {
      if (directory === undefined) return undefined;
      const { stacks } = await readPlan(directory);
      return stacks[0]!.template.Resources!['Files']!.Properties as unknown as Told;
    },
  );
  return { ...(told && { told }), lines };
}

const leftovers = () => readdirSync(tmpdir());

/** An application with a stub of this package among its own packages. */
const lock = (version: string, more: object = {}) => ({
  name: 'shop',
  version,
  lockfileVersion: 3,
  packages: { '': { name: 'shop', version, ...more } },
});
const application = {
  'name.txt': 'one',
  'package.json': { name: 'shop', version: '1.0.0' },
  'package-lock.json': lock('1.0.0'),
};
const installed = {
  'node_modules/framework53-cdk/dist/bin/framework53.js': COMMAND,
  'node_modules/library/index.js': 'module.exports = "installed";',
  'node_modules/.vite/cache': '',
};

describe('a revision of an application is synthesised', { timeout: 120_000 }, () => {
  // No other process uses this folder.
  beforeEach(() => {
    vi.stubEnv('TMPDIR', write(temporaryFolder(), {}));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('with its files and the installed packages, and leaves no files', async () => {
    const repository = new Repository({ ...application, '.gitignore': 'node_modules\n' });
    repository.hook('post-checkout', `touch "${join(repository.folder, 'hooked')}"`);
    repository.commit({ 'name.txt': 'two', 'package-lock.json': lock('2.0.0') });
    repository.write({ ...installed, 'name.txt': 'three' });
    const { told, lines } = await synthesized(repository, 'HEAD~1');
    expect(told).toMatchObject({
      BucketName: 'one',
      Environment: 'staging',
      Words: 'synth',
      Command: join(repository.folder, 'node_modules/framework53-cdk/dist/bin/framework53.js'),
      Found: { library: 'installed', '@team/shared': null },
    });
    expect(told!.Cache).toContain('framework53-base-');
    expect(lines).toEqual([expect.stringMatching(/^synthesising staging of HEAD~1 \([0-9a-f]{7}\)$/)]);
    expect(repository.worktrees()).toHaveLength(1);
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(repository.folder, 'hooked'))).toBe(false);
    expect(existsSync(join(repository.folder, 'node_modules/library/index.js'))).toBe(true);
  });

  test('in a subfolder of a repository with workspaces, whose packages come from the revision', async () => {
    const repository = new Repository({
      'package-lock.json': lock('1.0.0', { workspaces: ['apps/shop', 'packages/shared'] }),
      'apps/shop/name.txt': 'shop',
      'packages/shared/index.js': 'module.exports = "old " + require("inner");',
      '.gitignore': 'node_modules\n',
    });
    repository.commit({ 'packages/shared/index.js': 'module.exports = "new " + require("inner");' });
    repository.write({
      ...installed,
      'packages/shared/node_modules/inner/index.js': 'module.exports = "inner";',
      'apps/shop/node_modules/library/index.js': 'module.exports = "of the shop";',
      'node_modules/@team/readme': '',
    });
    symlinkSync(join('..', '..', 'packages', 'shared'), join(repository.folder, 'node_modules/@team/shared'));
    const { told } = await synthesized(repository, 'HEAD~1', 'apps/shop');
    expect(told!.Found).toEqual({ library: 'of the shop', '@team/shared': 'old inner' });
    expect(lstatSync(join(repository.folder, 'node_modules/@team/shared')).isSymbolicLink()).toBe(true);
  });

  test('with its own packages if the lockfile differs', async () => {
    const repository = new Repository({
      ...application,
      '.gitignore': 'node_modules\n',
      'package.json': { name: 'shop', version: '1.0.0', dependencies: { 'framework53-cdk': 'file:vendor' } },
      'package-lock.json': lock('1.0.0', { dependencies: { 'framework53-cdk': 'file:vendor' } }),
      'vendor/package.json': { name: 'framework53-cdk', version: '0.0.1' },
      'vendor/dist/bin/framework53.js': COMMAND,
    });
    const own = JSON.stringify({
      name: 'shop',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'shop', version: '1.0.0', dependencies: { 'framework53-cdk': 'file:vendor' } },
        'node_modules/framework53-cdk': { resolved: 'vendor', link: true },
        vendor: { name: 'framework53-cdk', version: '0.0.1' },
      },
    });
    repository.commit({ 'package-lock.json': own });
    repository.commit({ 'package-lock.json': lock('1.0.0', { dependencies: { other: '1.0.0' } }) });
    repository.write(installed);
    const { told, lines } = await synthesized(repository, 'HEAD~1');
    expect(lines[0]).toMatch(/^installing the packages of HEAD~1 .*: its lockfile differs$/);
    expect(told!.Found['library']).toBe(null);
    expect(told!.Command).toContain('framework53-base-');
  });

  test('of this package itself, with its own build scripts', async () => {
    const repository = new Repository({
      'package.json': { name: 'framework53-cdk' },
      'scripts/prepare.mjs': `import { mkdirSync, copyFileSync } from 'node:fs';
        mkdirSync('dist/bin', { recursive: true });
        copyFileSync('command.js', 'dist/bin/framework53.js');`,
      'command.js': COMMAND,
      'examples/guestbook/name.txt': 'guestbook',
    });
    const { told, lines } = await synthesized(repository, 'HEAD', 'examples/guestbook');
    expect(told).toMatchObject({
      BucketName: 'guestbook',
      App: expect.stringMatching(/worktree\/examples\/guestbook$/),
    });
    expect(lines).toEqual([expect.stringMatching(/^building HEAD/), expect.stringMatching(/^synthesising/)]);
  });

  test('without the application: the base is empty', async () => {
    const repository = new Repository({ 'README.md': '' });
    repository.commit({ 'apps/shop/name.txt': 'shop' });
    expect(await synthesized(repository, 'HEAD~1', 'apps/shop')).toEqual({ lines: [] });
    expect(repository.worktrees()).toHaveLength(1);
  });

  test('that fails: reports the reason and leaves no files', async () => {
    const repository = new Repository({ ...application, 'name.txt': 'fails', ...installed });
    repository.write({ 'name.txt': 'one' });
    await expect(synthesized(repository, 'HEAD')).rejects.toThrow(
      /^HEAD \([0-9a-f]{7}\) cannot be synthesised: node .* synth .* ended with 1\nthe reason$/,
    );
    expect(repository.worktrees()).toHaveLength(1);
    expect(leftovers()).toEqual([]);
  });

  test('with packages of another package manager: reports this', async () => {
    const repository = new Repository({ 'name.txt': 'one', 'yarn.lock': 'a' });
    repository.commit({ 'yarn.lock': 'b' });
    repository.write(installed);
    await expect(synthesized(repository, 'HEAD~1')).rejects.toThrow(
      /^the yarn\.lock of HEAD~1 .* --base DIR$/,
    );
  });

  test('until an interruption: leaves neither folder nor process', async () => {
    const repository = new Repository({ ...application, 'name.txt': 'hangs', ...installed });
    const dist = join(__dirname, '../../dist');
    const folder = write(temporaryFolder(), {
      'review.js': `
        const { withRevision } = require(${JSON.stringify(join(dist, 'lib/review/synthesize-revision.js'))});
        const { revisionOf } = require(${JSON.stringify(join(dist, 'lib/review/git.js'))});
        const revision = revisionOf('HEAD', ${JSON.stringify(repository.folder)});
        withRevision({ revision, environment: 'staging', progress: () => {} }, async () => {});`,
    });
    // The hanging synthesis holds a connection for as long as it lives.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const child = spawn(process.execPath, [join(folder, 'review.js')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, HANG_ON: String((server.address() as AddressInfo).port) },
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [connection] = (await once(server, 'connection')) as [Socket];
    const died = once(connection.on('error', () => {}).resume(), 'close');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await died;
    server.close();
    expect(repository.worktrees()).toHaveLength(1);
    expect(leftovers()).toEqual([]);
  });
});
