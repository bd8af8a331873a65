import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user every Unix has for what should own nothing: PostgreSQL refuses to run as root. */
export const NOBODY = { uid: 65_534, gid: 65_534 };
export const AS_ROOT = process.getuid?.() === 0;

/** The superuser that RDS keeps to itself. */
export const SUPERUSER = 'rdsadmin';

/** Runs one of PostgreSQL's own programs, as the user that owns the cluster. Throws what the program complained of. */
export async function runProgram(
  binaries: string,
  program: string,
  words: readonly string[],
  input = '',
): Promise<void> {
  const env = { PATH: process.env['PATH'], LD_LIBRARY_PATH: join(binaries, 'lib'), LC_ALL: 'C' };
  const running = run(join(binaries, 'bin', program), words, { cwd: '/', env, ...(AS_ROOT && NOBODY) });
  running.child.stdin?.on('error', () => {}).end(input);
  try {
    await running;
  } catch (error) {
    throw new Error(`PostgreSQL's ${program} failed: ${(error as { stderr?: string }).stderr ?? error}`);
  }
}

/**
 * Makes a cluster in an empty folder. What takes `initdb` a second is done once for each version, kept beside the
 * binaries and copied. There is one role, a superuser that cannot log in until `sql`, one statement, has seen to it.
 */
export async function createCluster(binaries: string, data: string, sql: string): Promise<void> {
  const kept = `${binaries}-cluster`;
  if (!existsSync(kept)) await keep(binaries, kept);
  ownFolder(data);
  await run('cp', ['-R', `${kept}/.`, data], AS_ROOT ? NOBODY : {});
  await runProgram(binaries, 'postgres', ['--single', '-D', data, 'postgres'], `${sql}\n`);
}

async function keep(binaries: string, kept: string): Promise<void> {
  const made = `${kept}.${process.pid}`;
  ownFolder(made);
  const how = ['-U', SUPERUSER, '-A', 'reject', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await runProgram(binaries, 'initdb', ['-D', made, ...how]);
  try {
    renameSync(made, kept);
  } catch (error) {
    // Another process was quicker.
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(kept)) throw error;
  }
}

function ownFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);
  if (AS_ROOT) chownSync(path, NOBODY.uid, NOBODY.gid);
}
