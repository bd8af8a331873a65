// Writes down which resources of this version hold state, and under which ids: once, when it is released. Every
// later version is tested against it (test/upgrade).
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
execFileSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/upgrade'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, RECORD_STATEFUL_IDS: '1' },
});
