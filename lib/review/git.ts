import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { PlanError } from './plan-error';

/** A revision of the repository that contains an application. */
export interface Revision {
  /** The repository's folder. */
  readonly repository: string;
  /** The application's folder in the repository; empty if the application is at the top. */
  readonly folder: string;
  readonly commit: string;
  /** Label for people, such as `main (1a2b3c4)`. */
  readonly label: string;
}

/** Names of main branches, in the order of the search. */
const MAIN = ['main', 'origin/main', 'master', 'origin/master'];

/**
 * Resolves a revision.
 * @param given undefined for the merge base with the main branch
 * @returns undefined if there is no repository or no such revision
 * @throws PlanError if git is not installed, or no main branch exists
 */
export function revisionOf(given: string | undefined, application: string): Revision | undefined {
  const top = git(application, 'rev-parse', '--show-toplevel');
  if (top === undefined) return undefined;
  const repository = resolve(top);
  const folder = relative(realpathSync(repository), realpathSync(application)).replaceAll('\\', '/');
  const { name, commit } = given === undefined ? mergeBase(repository) : named(repository, given);
  return commit === undefined
    ? undefined
    : { repository, folder, commit, label: `${name} (${commit.slice(0, 7)})` };
}

/** Returns a label for the state of a folder: its branch and commit, and a mark for uncommitted changes. */
export function labelOf(folder: string): string {
  const commit = git(folder, 'rev-parse', '--short=7', 'HEAD');
  if (commit === undefined) return basename(folder);
  const branch = git(folder, 'rev-parse', '--abbrev-ref', 'HEAD');
  const changed = git(folder, 'status', '--porcelain', '--', '.') !== '';
  return `${branch} (${commit}${changed ? ' and changes' : ''})`;
}

function named(repository: string, name: string): { name: string; commit?: string } {
  return {
    name,
    // `--end-of-options` makes git treat text that begins with a hyphen as a name.
    commit: git(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`),
  };
}

function mergeBase(repository: string): { name: string; commit: string } {
  const main = MAIN.find((name) => named(repository, name).commit);
  if (main === undefined)
    throw new PlanError(
      `${repository} has none of the branches ${MAIN.join(', ')}; choose the base with --base REV`,
    );
  const commit = git(repository, 'merge-base', 'HEAD', main);
  if (commit === undefined)
    throw new PlanError(
      `${repository} has no common history with ${main}: fetch the full history (\`git fetch --unshallow\`; with actions/checkout, fetch-depth: 0), or choose the base with --base REV`,
    );
  return { name: main, commit };
}

/** Returns the output of git without the last line break, or undefined if git fails. */
export function git(directory: string, ...args: readonly string[]): string | undefined {
  try {
    return runGit(directory, ...args);
  } catch (error) {
    if (error instanceof PlanError) throw error;
    return undefined;
  }
}

/** Returns the output of git without the last line break. */
export function runGit(directory: string, ...args: readonly string[]): string {
  try {
    return execFileSync('git', ['-c', 'core.fsmonitor=false', ...args], {
      cwd: directory,
      env: gitEnvironment(),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).replace(/\n$/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new PlanError(
        'the comparison with a revision needs git, which is not installed; choose a folder with --base DIR instead',
      );
    throw error;
  }
}

/**
 * Returns the environment without git's own variables. In a hook, they point to another repository, index or folder.
 */
function gitEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_DIRECTORY|COMMON_DIR)$/.test(name),
    ),
  );
}
