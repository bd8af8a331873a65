import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  const folder = mkdtempSync(join(tmpdir(), 'f53-'));
  chmodSync(folder, 0o711);
  process.env['TEST_FOLDER'] = process.env['TMPDIR'] = folder;
  // Databases may still be about to end.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
