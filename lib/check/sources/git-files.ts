import { execFileSync } from 'node:child_process';

/** The files of an application's folder that git tracks and ignores. */
export interface GitFiles {
  /** Files under version control, relative to the application. */
  readonly tracked: ReadonlySet<string>;
  /** Returns true for a path that `git add .` ignores. */
  isIgnored(path: string): boolean;
}

/** Reads the index of git. Returns undefined outside a repository, and if git is not installed. */
export function readGitFiles(directory: string): GitFiles | undefined {
  const output = git(directory, ['ls-files', '-z', '--', '.']);
  if (output === undefined) return undefined;
  return {
    tracked: new Set(output.split('\0').filter(Boolean)),
    isIgnored: (path) => git(directory, ['check-ignore', '-q', '--no-index', '--', path]) !== undefined,
  };
}

/** Returns true if a file differs from the last commit, or git does not track it. */
export function isDirty(directory: string, files: readonly string[]): boolean {
  const output = git(directory, ['status', '--porcelain', '--', ...files]);
  return output !== undefined && output.trim() !== '';
}

function git(directory: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', ['-c', 'core.fsmonitor=false', '-C', directory, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      timeout: 20_000,
    });
  } catch {
    return undefined;
  }
}
