// Records the resources with data of this version, and their ids, when the version is released. The tests compare every
// later version with the record (test/upgrade).
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
execFileSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/upgrade'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, RECORD_STATEFUL_IDS: '1' },
});
