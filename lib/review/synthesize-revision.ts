import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EnvironmentName } from '../../config';
import { inScratchFolder } from '../files/scratch-folder';
import { git, type Revision, runGit } from './git';
import { linkModules, lockfileOf, sameDependencies } from './installed-modules';
import { PlanError } from './plan-error';

export interface RevisionOptions {
  readonly revision: Revision;
  readonly environment: EnvironmentName;
  readonly progress: (line: string) => void;
  /** Ends the work when nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** Folder of the worktree in the temporary one. */
const WORKTREE = 'worktree';

/** Name of this package, in its own checkout and below `node_modules`. */
const PACKAGE = 'framework53-cdk';

/**
 * Synthesises a revision with that revision's own sources, in a git worktree that is removed again, also when
 * somebody interrupts.
 *
 * @param read is given the folder of the cloud assembly; undefined when the revision has no such application
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
      // Hooks are for people who check out, and could do anything.
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
  /** True if the folder above has the packages that are installed here. */
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

  /** Gives a folder of the worktree the packages that its lockfile names. */
  private async install(folder: string): Promise<void> {
    const { progress, revision } = this.options;
    const [there, here] = [join(this.worktree, folder), join(revision.repository, folder)];
    const lockfile = lockfileOf(there);
    // Folders of a workspace have no lockfile: what holds for the one above holds for them.
    const same = lockfile ? sameDependencies(join(there, lockfile), join(here, lockfile)) : this.linked;
    this.linked = same && (!lockfile || existsSync(join(here, 'node_modules')));
    if (this.linked)
      return linkModules({ from: here, to: there, repository: revision.repository, worktree: this.worktree });
    if (!lockfile) return;
    if (lockfile !== 'package-lock.json')
      throw new PlanError(
        `${lockfile} of ${revision.label} is another than the one here, and only npm can install it by itself; synthesise that revision in a checkout of its own, and give its folder with --base DIR`,
      );
    progress(
      `installing the packages of ${revision.label}${folder ? `, ${folder}` : ''}: its lockfile differs`,
    );
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await this.run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], there);
  }

  /** The command of that revision, where it brings one; else the one that is running. */
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
    return installed ?? ownCommand();
  }

  private run(program: string, args: readonly string[], cwd: string): Promise<void> {
    const { revision, signal } = this.options;
    if (signal?.aborted) return Promise.reject(new PlanError('the review ended meanwhile'));
    // Nothing of that revision is left in the caches of this one.
    const cache = join(this.scratch, 'cache');
    mkdirSync(cache, { recursive: true });
    // npm hands its settings down as variables; those of the script that runs us are not that revision's.
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
        // A group of its own, so that what it starts ends with it.
        detached: !windows,
      });
      const kill = (): void => {
        try {
          if (windows) child.kill();
          else process.kill(-child.pid!, 'SIGKILL');
        } catch {
          // Has ended already.
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

/** The folder and all above it in the repository, from the top. */
function ancestors(folder: string): string[] {
  const found = [folder];
  while (found[0] !== '') found.unshift(dirname(found[0]!).replace(/^\.$/, ''));
  return found;
}

function manifestName(directory: string): string | undefined {
  const file = join(directory, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name : undefined;
}

/** This very command, compiled: beside the compiled sources, or where the sources are compiled to. */
function ownCommand(): string {
  const places = [join(__dirname, '..', '..'), join(__dirname, '..', '..', 'dist')];
  return places.map((place) => join(place, 'bin', 'framework53.js')).find((file) => existsSync(file))!;
}
