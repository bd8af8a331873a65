import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Tests run the very bundles that are deployed, so they are built from today's sources first. `TEST_FOLDER` is
 * for what several of them share; it goes with the run.
 */
export default function setup(): () => void {
  execFileSync(process.execPath, [join(__dirname, '..', 'scripts', 'prepare.mjs')], { stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'framework53-tests-'));
  process.env['TEST_FOLDER'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
