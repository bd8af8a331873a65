// Tries many valid and invalid settings and hostile inputs, and writes the numbers into docs/quality.md:
// `node scripts/samples.mjs [valid] [invalid] [linted] [rehearsed]`. Takes about an hour with the defaults.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './build.mjs';

const { withSection } = await import('../dist/scripts/docs/marked-section.js');

/** Most valid settings that one process tries, so that its memory stays small. */
const PIECE = 100;
const [valid, invalid, linted, rehearsed] = ['1000', '1000', '10', '5'].map((amount, index) =>
  Number(process.argv[index + 2] ?? amount),
);
const seed = Number(process.env.SETTINGS_SEED ?? Math.floor(Date.now() / 86_400_000));
const root = fileURLToPath(new URL('..', import.meta.url));
const document = join(root, 'docs', 'quality.md');

/** Readers of hostile inputs, by the file of their tests. */
const READERS = {
  configuration: 'configuration',
  application: 'folder of an application',
  migrations: 'migrations',
  assemblies: 'cloud assembly: review, deployment and rehearsal together',
  answers: 'answers of a release, alarms, requests to acknowledge',
  events: 'events of CloudFormation, for each handler of a custom resource',
  records:
    'parameters of plans, approvals, locks and releases; rules; traces; evidence; names that are shown',
  aws: 'answers that do not come from AWS; lists without an end',
  'odd-files': 'links, pipes, devices, folders and huge files in plans and in the place of files of people',
  'change-sets': 'change sets of CloudFormation',
  canaries: 'secrets in files, variables and settings: outputs of all commands',
};
const hostile = new Map(
  run(['test/hostile'], {}).testResults.map(({ name, assertionResults }) => [
    basename(name, '.test.ts'),
    assertionResults.length,
  ]),
);
const unknown = [...hostile.keys()].filter((name) => !(name in READERS));
if (unknown.length > 0) throw new Error(`scripts/samples.mjs: name the readers of ${unknown.join(', ')}`);
write(
  'hostile',
  `| Reader | Tests |
|---|---:|
${Object.entries(READERS)
  .map(([name, reader]) => `| ${reader} | ${hostile.get(name)} |`)
  .join('\n')}
`,
);

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

/** Runs test files and returns the results. Ends this process if a test fails. */
function run(files, environment) {
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

function count(amount) {
  return amount.toLocaleString('en');
}

function write(section, text) {
  writeFileSync(document, withSection(readFileSync(document, 'utf8'), section, text));
}
