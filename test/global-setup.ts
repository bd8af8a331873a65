import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Tests run the very bundles that are deployed, so they are built from today's sources first. */
export default function setup(): void {
  execFileSync(process.execPath, [join(__dirname, '..', 'scripts', 'prepare.mjs')], { stdio: 'inherit' });
}
