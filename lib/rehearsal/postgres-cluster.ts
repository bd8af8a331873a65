import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keptFolder } from '../cache-folder';

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
  const kept = await keptFolder(`${binaries}-cluster`, (folder) => {
    ownFolder(folder);
    const how = ['-U', SUPERUSER, '-A', 'reject', '-E', 'UTF8', '--locale=C', '--no-sync'];
    return runProgram(binaries, 'initdb', ['-D', folder, ...how]);
  });
  ownFolder(data);
  await run('cp', ['-R', `${kept}/.`, data], AS_ROOT ? NOBODY : {});
  await runProgram(binaries, 'postgres', ['--single', '-D', data, 'postgres'], `${sql}\n`);
}

function ownFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);
  if (AS_ROOT) chownSync(path, NOBODY.uid, NOBODY.gid);
}
