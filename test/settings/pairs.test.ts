import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EnvironmentName, SettingsOverrides } from '../../config';
import { type Judgement, judge } from '../../lib/review/judge';
import type { Plan } from '../../lib/review/plan';
import { holderOf } from '../../lib/review/stateful-resources';
import { overrides } from './arbitrary';
import { planOf } from './invariants';
import { SEED, withoutWarnings } from './run';
import { assemblyOf, type Sample, sampleOf } from './sample';

/** More with `SETTINGS_PAIRS=200 npx vitest run test/settings/pairs.test.ts`. */
const RUNS = Number(process.env['SETTINGS_PAIRS'] ?? 2);

withoutWarnings();

const plans = new Map<string, Plan>();
function plan(sample: Sample): Plan {
  const key = JSON.stringify([sample.environment, sample.changed]);
  const known = plans.get(key) ?? planOf(assemblyOf(sample));
  plans.set(key, known);
  return known;
}

const between = (before: Sample, after: Sample): Judgement => judge(plan(before), plan(after));
const dangers = ({ findings }: Judgement) => findings.filter(({ severity }) => severity === 'danger');

/** As docs/deploying.md has them under "What cannot be switched in place". */
const SWITCHES: Readonly<
  Record<string, readonly [rule: string, EnvironmentName, SettingsOverrides, SettingsOverrides]>
> = {
  'the proxy off': ['downtime', 'staging', {}, { database: { proxy: false } }],
  'the proxy on': ['network-ingress', 'test', {}, { database: { proxy: true } }],
  'customer keys off': ['data-loss', 'staging', {}, { customerKeys: false }],
  'customer keys on': ['data-loss', 'test', {}, { customerKeys: true }],
  'to rolling': ['downtime', 'staging', {}, { server: { deployment: 'rolling' } }],
  'from rolling': ['listener-rule', 'development', {}, { server: { deployment: 'blue-green' } }],
  'a secret that is no longer read': [
    'exports',
    'staging',
    { application: { secrets: { FIRST_SECRET: 'generated', SECOND_SECRET: 'generated' } } },
    { application: { secrets: { FIRST_SECRET: 'generated' } } },
  ],
};

describe('a change that is not possible in place is a danger with an alternative', () => {
  // Each synthesises two environments, which takes long on a busy machine.
  test.each(Object.entries(SWITCHES))('%s', { timeout: 240_000 }, (_, [rule, environment, before, after]) => {
    const found = dangers(
      between(sampleOf(environment, before), sampleOf(environment, { ...before, ...after })),
    );
    expect(found.map((one) => one.rule)).toContain(rule);
    for (const { fix } of found) expect(fix.join(' ').length).toBeGreaterThan(20);
  });
});

/** Keys that change the identity of an environment, or that the table above covers. */
const FIXED = ['region', 'account', 'customerKeys', 'application', 'retainData', 'policyPacks'];

test('every other change keeps all data, or the review reports it', {
  timeout: 3_600_000,
}, () => {
  const pairs = fc.record({
    environment: fc.constantFrom<EnvironmentName[]>('staging', 'development'),
    changes: overrides(),
  });
  fc.assert(
    fc.property(pairs, ({ environment, changes }) => {
      const before = sampleOf(environment, {});
      const kept = Object.fromEntries(Object.entries(changes).filter(([key]) => !FIXED.includes(key)));
      const { database = {}, server = {} } = kept as SettingsOverrides;
      const after = sampleOf(environment, {
        ...kept,
        database: { ...database, proxy: before.settings.database.proxy },
        server: { ...server, deployment: before.settings.server.deployment },
      });
      const { changes: changed, findings } = between(before, after);
      const untold = changed
        .filter(({ kind }) => kind === 'removed' || kind === 'replaced' || kind === 'renamed')
        .filter(({ resourceType }) => holderOf({ Type: resourceType }))
        .filter(
          ({ path, logicalId }) =>
            !findings.some(
              ({ place }) =>
                JSON.stringify(place).includes(path) || JSON.stringify(place).includes(logicalId),
            ),
        )
        .map(({ kind, path, logicalId }) => `${kind}: ${path || logicalId}`);
      expect(untold).toEqual([]);
      // Another cluster takes a restore.
      if (after.settings.database.restore === undefined)
        expect(
          changed.filter(
            ({ kind, resourceType }) => kind !== 'changed' && resourceType === 'AWS::RDS::DBCluster',
          ),
        ).toEqual([]);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
