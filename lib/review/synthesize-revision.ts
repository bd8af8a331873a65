import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EnvironmentName } from '../../config';
import { ownFolder } from '../files/own-package';
import { inScratchFolder } from '../files/scratch-folder';
import { git, type Revision, runGit } from './git';
import { linkModules, lockfileOf, sameDependencies } from './installed-modules';
import { PlanError } from './plan-error';

export interface RevisionOptions {
  readonly revision: Revision;
  readonly environment: EnvironmentName;
  readonly progress: (line: string) => void;
  /** Aborts the work when its result is no longer needed. */
  readonly signal?: AbortSignal;
}

/** Folder of the worktree in the temporary folder. */
const WORKTREE = 'worktree';

/** Name of this package, in its own checkout and in `node_modules`. */
const PACKAGE = 'framework53-cdk';

/**
 * Synthesises a revision with that revision's own sources, in a git worktree. The worktree is removed afterwards, also
 * after an interruption.
 * @param read receives the folder of the cloud assembly; undefined if the revision has no such application
 */
export async function withRevision<T>(
  options: RevisionOptions,
  read: (directory: string | undefined) => Promise<T>,
): Promise<T> {
  const { revision, signal } = options;
  const { repository, commit } = revision;
  const running = new Set<() => void>();
  const end = (): void => {
    for (const kill of running) kill();
  };
  signal?.addEventListener('abort', end);
  return inScratchFolder(
    'base',
    async (scratch) => {
      const worktree = join(scratch, WORKTREE);
      // Hooks of the repository are not run: they are meant for people's checkouts, and may do anything.
      const add = ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', '--quiet'];
      runGit(repository, ...add, worktree, commit);
      return read(await new Synthesis(options, scratch, worktree, running).assembly());
    },
    (scratch) => {
      end();
      git(repository, 'worktree', 'remove', '--force', join(scratch, WORKTREE));
    },
  );
}

class Synthesis {
  /** True if the parent folder has links to the packages that are installed here. */
  private linked = false;

  constructor(
    private readonly options: RevisionOptions,
    private readonly scratch: string,
    private readonly worktree: string,
    private readonly running: Set<() => void>,
  ) {}

  async assembly(): Promise<string | undefined> {
    const { environment, progress, revision } = this.options;
    const application = join(this.worktree, revision.folder);
    if (!existsSync(application)) return undefined;
    for (const folder of ancestors(revision.folder)) await this.install(folder);
    const command = await this.command();
    const out = join(this.scratch, 'cdk.out');
    progress(`synthesising ${environment} of ${revision.label}`);
    await this.run(
      process.execPath,
      [command, 'synth', '--app', application, '--env', environment, '--out', out],
      application,
    );
    return out;
  }

  /** Gives a folder of the worktree the packages of its lockfile. */
  private async install(folder: string): Promise<void> {
    const { progress, revision } = this.options;
    const [there, here] = [join(this.worktree, folder), join(revision.repository, folder)];
    const lockfile = lockfileOf(there);
    // Folders of a workspace have no lockfile of their own and use the one above.
    const same = lockfile ? sameDependencies(join(there, lockfile), join(here, lockfile)) : this.linked;
    this.linked = same && (!lockfile || existsSync(join(here, 'node_modules')));
    if (this.linked)
      return linkModules({ from: here, to: there, repository: revision.repository, worktree: this.worktree });
    if (!lockfile) return;
    if (lockfile !== 'package-lock.json')
      throw new PlanError(
        `the ${lockfile} of ${revision.label} differs from the one here, and only npm lockfiles can be installed automatically; synthesise that revision in a separate checkout, and give its folder with --base DIR`,
      );
    progress(
      `installing the packages of ${revision.label}${folder ? `, ${folder}` : ''}: its lockfile differs`,
    );
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await this.run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], there);
  }

  /** Returns the command of that revision, or the running one if the revision has none. */
  private async command(): Promise<string> {
    const { progress, revision } = this.options;
    if (manifestName(this.worktree) === PACKAGE) {
      progress(`building ${revision.label}`);
      await this.run(process.execPath, [join('scripts', 'prepare.mjs')], this.worktree);
      return join(this.worktree, 'dist', 'bin', 'framework53.js');
    }
    const installed = ancestors(revision.folder)
      .map((folder) => join(this.worktree, folder, 'node_modules', PACKAGE, 'dist', 'bin', 'framework53.js'))
      .findLast((file) => existsSync(file));
    return installed ?? join(ownFolder(), 'dist', 'bin', 'framework53.js');
  }

  private run(program: string, args: readonly string[], cwd: string): Promise<void> {
    const { revision, signal } = this.options;
    if (signal?.aborted) return Promise.reject(new PlanError('the review ended before the synthesis'));
    // Use a separate cache, so that this revision's cache contains no files of that one.
    const cache = join(this.scratch, 'cache');
    mkdirSync(cache, { recursive: true });
    // npm passes its settings as environment variables. Those of the running script do not apply to that revision.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_ignore_scripts|package_|lifecycle_)/i.test(name),
    );
    const env = { ...Object.fromEntries(inherited), XDG_CACHE_HOME: cache };
    return new Promise((resolve, reject) => {
      const windows = process.platform === 'win32';
      const child = spawn(program, args, {
        cwd,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
        shell: windows && program.endsWith('.cmd'),
        // A process group of its own, so that all of its children end with it.
        detached: !windows,
      });
      const kill = (): void => {
        try {
          if (windows) child.kill();
          else process.kill(-child.pid!, 'SIGKILL');
        } catch {
          // The process has already ended.
        }
      };
      this.running.add(kill);
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4000);
      });
      child.once('error', reject);
      child.once('close', (code) => {
        this.running.delete(kill);
        if (code === 0) return resolve();
        const words = [program === process.execPath ? 'node' : program, ...args].join(' ');
        reject(
          new PlanError(
            `${revision.label} cannot be synthesised: ${words.replaceAll(`${this.worktree}/`, '')} ended with ${code ?? 'a signal'}\n${said.trimEnd()}`,
          ),
        );
      });
    });
  }
}

/** Returns the folder and its ancestors in the repository, from the top. */
function ancestors(folder: string): string[] {
  const found = [folder];
  while (found[0] !== '') found.unshift(dirname(found[0]!).replace(/^\.$/, ''));
  return found;
}

function manifestName(directory: string): string | undefined {
  const file = join(directory, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name : undefined;
}
