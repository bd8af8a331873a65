import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { PlanError } from './plan-error';

/** A revision of the repository that an application is in. */
export interface Revision {
  /** The repository's folder. */
  readonly repository: string;
  /** The application's folder in it; empty when it is the repository's own. */
  readonly folder: string;
  readonly commit: string;
  /** As people call it, such as `main (1a2b3c4)`. */
  readonly label: string;
}

/** Branches that a branch usually starts from, in the order in which they are looked for. */
const MAIN = ['main', 'origin/main', 'master', 'origin/master'];

/**
 * The revision that is meant.
 *
 * @param given undefined for the merge base with main
 * @returns undefined when there is no repository, or no such revision
 * @throws PlanError where git itself is not there, or there is no main to compare with
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

/**
 * Returns a label for the state of a folder: its branch, its commit, and a mark if there are uncommitted
 * changes.
 */
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
    // A text that begins with a hyphen is a name, never an option.
    commit: git(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`),
  };
}

function mergeBase(repository: string): { name: string; commit: string } {
  const main = MAIN.find((name) => named(repository, name).commit);
  if (main === undefined)
    throw new PlanError(
      `${repository} has none of the branches ${MAIN.join(', ')}; name what to compare with: --base REV`,
    );
  const commit = git(repository, 'merge-base', 'HEAD', main);
  if (commit === undefined)
    throw new PlanError(
      `${repository} has no common history with ${main}: fetch it whole (\`git fetch --unshallow\`; with actions/checkout, fetch-depth: 0), or name --base REV`,
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
    return execFileSync('git', args, {
      cwd: directory,
      env: gitEnvironment(),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).replace(/\n$/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new PlanError('a revision is compared with git, which is not there; name --base DIR instead');
    throw error;
  }
}

/** Within a hook, git's own variables name another repository, index or folder than the one that is meant. */
function gitEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_DIRECTORY|COMMON_DIR)$/.test(name),
    ),
  );
}
