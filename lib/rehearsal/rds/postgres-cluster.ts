import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { keptFolder } from '../../files/cache-folder';

const run = promisify(execFile);

/**
 * Owner of clusters, as options of a process: the present user. PostgreSQL refuses to run as root, so for root the
 * owner is `nobody`.
 */
export const OWNER: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export function giveToOwner(path: string): void {
  const { uid, gid } = OWNER;
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/** The superuser of RDS, which customers cannot use. */
export const SUPERUSER = 'rdsadmin';

/** Options of `initdb`. */
const INITDB = ['-U', SUPERUSER, '-A', 'reject', '-E', 'UTF8', '--locale=C'];

/** Runs a PostgreSQL program as the owner of the cluster. Throws the program's error output. */
export function runProgram(
  binaries: string,
  program: string,
  words: readonly string[],
  input = '',
): Promise<void> {
  return runAsOwner(join(binaries, 'bin', program), words, input, join(binaries, 'lib'));
}

async function runAsOwner(
  program: string,
  words: readonly string[],
  input = '',
  libraries = '',
): Promise<void> {
  const env = { PATH: process.env['PATH'], LD_LIBRARY_PATH: libraries, LC_ALL: 'C' };
  const running = run(program, words, { cwd: '/', env, ...OWNER });
  running.child.stdin?.on('error', () => {}).end(input);
  try {
    await running;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`PostgreSQL: ${basename(program)} failed: ${stderr || message}`);
  }
}

/**
 * Creates a cluster in an empty folder, as a copy: `initdb` runs only once for each version. The cluster has one role,
 * a superuser that cannot log in.
 * @param sql one statement that runs immediately; it may allow the superuser to log in
 */
export async function createCluster(binaries: string, data: string, sql: string): Promise<void> {
  const digest = createHash('sha256').update(INITDB.join(' ')).digest('hex').slice(0, 8);
  const kept = await keptFolder(`${binaries}-cluster-${digest}`, (folder) => {
    ownFolder(folder);
    return runProgram(binaries, 'initdb', ['-D', folder, ...INITDB]);
  });
  ownFolder(data);
  await runAsOwner('cp', ['-R', `${kept}/.`, data]);
  // Without the second setting, an error would repeat the statement, which has a password.
  const settings = ['-c', 'exit_on_error=on', '-c', 'log_min_error_statement=panic'];
  const single = ['--single', ...settings, '-D', data, 'postgres'];
  await runProgram(binaries, 'postgres', single, `${sql}\n`);
}

function ownFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);
  giveToOwner(path);
}
