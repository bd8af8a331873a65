// Tries many valid and invalid settings, and writes the numbers into docs/quality.md:
// `node scripts/samples.mjs [valid] [invalid] [linted] [rehearsed]`. Takes about an hour with the defaults.
import { spawnSync } from 'node:child_process';
import { run, write } from './measure.mjs';

/** Most valid settings that one process tries, so that its memory stays small. */
const PIECE = 100;
const [valid, invalid, linted, rehearsed] = ['1000', '1000', '10', '5'].map((amount, index) =>
  Number(process.argv[index + 2] ?? amount),
);
const seed = Number(process.env.SETTINGS_SEED ?? Math.floor(Date.now() / 86_400_000));

let pairs = 0;
for (let done = 0; done < valid; done += PIECE) {
  const piece = Math.min(PIECE, valid - done);
  pairs += Math.ceil(piece / 5);
  run(['test/settings/settings.test.ts', 'test/settings/pairs.test.ts'], {
    SETTINGS: piece,
    SETTINGS_PAIRS: Math.ceil(piece / 5),
    SETTINGS_SEED: seed + done / PIECE,
  });
}
if (invalid > 0) run(['test/settings/invalid.test.ts'], { INVALID: invalid, SETTINGS_SEED: seed });
const hasLinter = spawnSync('cfn-lint', ['--version']).status === 0;
const outside = {
  SETTINGS_LINTED: hasLinter ? linted : 0,
  SETTINGS_REHEARSED: rehearsed,
  SETTINGS_SEED: seed,
};
if (outside.SETTINGS_LINTED + rehearsed > 0) run(['test/settings/outside.test.ts'], outside);

const rows = [
  [
    'valid settings that become templates, with the invariants of `test/settings/invariants.ts`',
    count(valid),
  ],
  ['invalid settings, each refused with every wrong path, once', count(invalid)],
  ['pairs of settings of one environment: what holds data stays, or the review tells', count(pairs)],
  [
    'valid settings whose templates cfn-lint accepts',
    hasLinter ? count(linted) : 'not tried: cfn-lint is not installed',
  ],
  ["valid settings with which a rehearsal of the guestbook's release passes", count(rehearsed)],
];
write(
  'settings',
  `| what | tried | wrong |
|---|---|---|
${rows.map(([what, tried]) => `| ${what} | ${tried} | 0 |`).join('\n')}

The first seed was ${seed}. Each further ${PIECE} valid settings have the next one.
`,
);

function count(amount) {
  return amount.toLocaleString('en');
}
