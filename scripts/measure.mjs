// Runs tests that measure, and writes their numbers into docs/quality.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './build.mjs';

const { withSection } = await import('../dist/scripts/docs/marked-section.js');

const root = fileURLToPath(new URL('..', import.meta.url));
const document = join(root, 'docs', 'quality.md');

/** Runs test files and returns the results. Ends this process if a test fails. */
export function run(files, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'samples-'));
  const file = join(folder, 'results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${file}`];
  const { status } = spawnSync('npx', ['vitest', 'run', ...files, '--silent', ...reporters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numFailedTests: 1 };
  rmSync(folder, { recursive: true });
  if (status !== 0 || results.numFailedTests > 0) process.exit(1);
  return results;
}

/** Writes a section of the page. */
export function write(section, text) {
  writeFileSync(document, withSection(readFileSync(document, 'utf8'), section, text));
}
