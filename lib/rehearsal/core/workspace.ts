import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../files/cache-folder';

/** Folder that is kept between rehearsals, with the PostgreSQL binaries and the packages of images. */
export const CACHE = cacheFolder();

/** Script of the guard process. It ends the processes and removes the folder, even if this process is killed. */
const GUARD = `cat >/dev/null
test -d "$1" || exit 0
while read -r pid; do kill -9 "-$pid"; done <"$1/processes"
for database in "$1"/*/postmaster.pid; do kill -INT "$(head -n 1 "$database")"; done
rm -rf "$1" || { sleep 1; rm -rf "$1"; }`;

/** The processes and the folder of one rehearsal. `close` removes all of them. */
export class Workspace {
  readonly directory = mkdtempSync(join(tmpdir(), 'framework53-rehearsal-'));
  private readonly processes = new Set<ChildProcess>();
  private readonly guard: ChildProcess;

  constructor() {
    // PostgreSQL may run as another user, which must reach its data folder in this folder.
    chmodSync(this.directory, 0o711);
    writeFileSync(join(this.directory, 'processes'), '');
    this.guard = spawn('sh', ['-c', GUARD, 'guard', this.directory], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.guard.unref();
    (this.guard.stdin as unknown as { unref(): void }).unref();
  }

  folder(...names: string[]): string {
    const path = join(this.directory, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Starts a process in a process group of its own, so that Ctrl-C does not reach it. */
  start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(command, args, { ...options, detached: true });
    this.processes.add(child);
    if (child.pid) appendFileSync(join(this.directory, 'processes'), `${child.pid}\n`);
    child.once('exit', () => this.processes.delete(child));
    child.once('error', () => this.processes.delete(child));
    return child;
  }

  async close(): Promise<void> {
    const ends = [...this.processes].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of this.processes) signal(child, 'SIGKILL');
    await Promise.all(ends);
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
    this.guard.stdin?.end();
  }
}

/** Sends a signal to a process and its children. */
export function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, name);
  } catch {
    // The process has already ended.
  }
}
