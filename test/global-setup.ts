import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Tests run the very bundles that are deployed, so they are built from today's sources first. All that the tests
 * write, cloud assemblies by the hundred, goes with the run; `TEST_FOLDER` is for what several of them share.
 */
export default function setup(): (() => void) | undefined {
  // Each project of the run asks anew.
  if (process.env['TEST_FOLDER']) return undefined;
  execFileSync(process.execPath, [join(__dirname, '..', 'scripts', 'prepare.mjs')], { stdio: 'inherit' });
  // Short, as paths of sockets have to be, and for PostgreSQL to enter, which is another user when this is root.
  const folder = createFolder();
  chmodSync(folder, 0o711);
  process.env['TEST_FOLDER'] = process.env['TMPDIR'] = folder;
  // Databases may still be about to end.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

const MEMORY = '/dev/shm';
/** Twice what a run writes, in bytes. */
const NEEDED = 12 * 2 ** 30;

/**
 * Creates the folder of a run: in memory if there is room, because files of a disk would take a tenth of the time. The
 * folder names its process, so that the next run can remove the folder of a run that was killed.
 */
function createFolder(): string {
  if (!isUsable(MEMORY)) return mkdtempSync(join(tmpdir(), 'f53-'));
  for (const name of readdirSync(MEMORY)) {
    const owner = join(MEMORY, name, 'process');
    if (!name.startsWith('f53-') || !existsSync(owner)) continue;
    if (!existsSync(join('/proc', readFileSync(owner, 'utf8'))))
      rmSync(join(MEMORY, name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(MEMORY, 'f53-'));
  writeFileSync(join(folder, 'process'), String(process.pid));
  return folder;
}

/** Returns true if a folder in memory has room, and may contain programs, which containers often forbid. */
function isUsable(memory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (Math.min(bavail * bsize, freemem()) < NEEDED) return false;
    const program = join(memory, `f53-${process.pid}`);
    try {
      writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
      execFileSync(program);
    } finally {
      rmSync(program, { force: true });
    }
    return true;
  } catch {
    return false;
  }
}
