// Tries many valid and invalid settings, and writes the numbers into docs/quality.md: `node scripts/samples.mjs [valid]
// [invalid]`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './build.mjs';

const { withSection } = await import('../dist/scripts/docs/marked-section.js');

const [valid = '1000', invalid = '1000'] = process.argv.slice(2);
const seed = process.env.SETTINGS_SEED ?? String(Math.floor(Date.now() / 86_400_000));
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'samples-'));
const results = join(folder, 'results.json');
const { status } = spawnSync(
  'npx',
  [
    'vitest',
    'run',
    'test/settings',
    '--silent',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${results}`,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      SETTINGS: valid,
      INVALID: invalid,
      SETTINGS_PAIRS: String(Math.ceil(valid / 5)),
      SETTINGS_SEED: seed,
    },
  },
);
const { numFailedTests: failed = 1 } = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : {};
rmSync(folder, { recursive: true });
if (status !== 0 || failed > 0) process.exit(1);

const document = join(root, 'docs', 'quality.md');
const text = `| what | tried | wrong |
|---|---|---|
| valid settings that become templates, with the invariants of \`test/settings/invariants.ts\` | ${Number(valid).toLocaleString('en')} | 0 |
| invalid settings, each refused with every wrong path, once | ${Number(invalid).toLocaleString('en')} | 0 |
| pairs of settings of one environment: what holds data stays, or the review tells | ${Math.ceil(valid / 5).toLocaleString('en')} | 0 |

Seed ${seed}, written by \`node scripts/samples.mjs\`.
`;
writeFileSync(document, withSection(readFileSync(document, 'utf8'), 'settings', text));
