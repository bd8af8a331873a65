import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ENVIRONMENTS } from '../../config';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import { GUESTBOOK, guestbookPlan } from '../rehearsal/plan';
import { overrides } from './arbitrary';
import { SEED, withoutWarnings } from './run';
import { assemblyOf, sampleOf } from './sample';

// Judges that take too long for `npm test`. `node scripts/samples.mjs` asks them.
const LINTED = Number(process.env['SETTINGS_LINTED'] ?? 0);
const REHEARSED = Number(process.env['SETTINGS_REHEARSED'] ?? 0);

/** The folder of .cfnlintrc.yaml. */
const ROOT = join(__dirname, '../..');

withoutWarnings();
const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sampled = <T>(of: fc.Arbitrary<T>, numRuns: number) =>
  numRuns === 0
    ? []
    : fc.sample(of, { numRuns, seed: SEED }).map((sample, index) => [index, sample] as const);

/** Samples without versions of Aurora, which are made up and which cfn-lint knows. */
const withKnownEngine = fc
  .record({ environment: fc.constantFrom(...ENVIRONMENTS), changes: overrides() })
  .map(({ environment, changes: { database, ...changes } }) => {
    const { engineVersion: _, ...rest } = (database ?? {}) as Record<string, unknown>;
    return sampleOf(environment, { ...changes, database: rest });
  });

/** Samples without what only another application than the guestbook could fulfil. */
const ofGuestbook = fc
  .record({ environment: fc.constantFrom(...ENVIRONMENTS), changes: overrides() })
  .map(({ environment, changes: { application: _, verification: __, ...changes } }) =>
    sampleOf(environment, changes),
  );

describe.skipIf(LINTED === 0)('cfn-lint finds nothing', () => {
  test.each(sampled(withKnownEngine, LINTED))(
    'in the templates of sample %i',
    { timeout: 600_000 },
    async (index, sample) => {
      expect(spawnSync('cfn-lint', ['--version']).status).toBe(0);
      const assembly = assemblyOf(sample, join(folder, String(index)));
      const templates = readdirSync(assembly.directory)
        .filter((name) => name.endsWith('.template.json'))
        .map((name) => join(assembly.directory, name));
      const linted = promisify(execFile)('cfn-lint', templates, { cwd: ROOT, maxBuffer: 1e8 });
      const said = await linted.then(
        ({ stdout }) => stdout,
        (error: { stdout: string }) => error.stdout,
      );
      expect(`${said}${said && JSON.stringify(sample.changed)}`).toBe('');
    },
  );
});

describe.skipIf(REHEARSED === 0)('a rehearsal passes', () => {
  test.each(sampled(ofGuestbook, REHEARSED))(
    'with the settings of sample %i',
    { timeout: 600_000 },
    async (_, sample) => {
      const { application: __, ...settings } = sample.settings;
      const { plan, remove } = await guestbookPlan(sample.environment, settings.server, GUESTBOOK, settings);
      try {
        const { verdict, problem } = await rehearse({ assembly: plan });
        expect({ verdict, problem, changed: problem && sample.changed }).toEqual({ verdict: 'passed' });
      } finally {
        remove();
      }
    },
  );
});
