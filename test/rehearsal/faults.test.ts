import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAULTS } from '../../lib/rehearsal/fault';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import type { Summary } from '../../lib/rehearsal/report';
import { guestbookPlan } from './plan';
import { Writer } from './writer';

/** Rehearses in parallel. Each name states the expected effect of the fault on the plan. */
const GROUPS = [
  ['migration-fails', 'migration-hangs', 'server-exits', 'errors-after-shift', 'database-restarts'],
  ['verification-fails', 'health-fails', 'latency-after-shift', 'connections-exhausted', 'task-killed'],
  [
    'pointer-write-fails',
    'password-rotated',
    'sigterm-in-flight',
    'client-incomplete',
    'late-step-fails',
    'aws-throttles',
  ],
] as const;

/** The message that detects each fault that is undone. */
const DETECTED: Record<string, RegExp> = {
  'migration-fails': /Custom::Migrations.*exit code 1/,
  'migration-hangs': /Custom::Migrations.*took longer than \d+ s and was stopped/,
  'server-exits': /^ServerService\w*: its tasks end by themselves.*; ended by \w*Watchdog\w*: Roll back/,
  'health-fails':
    /^ServerService\w*: its tasks run but answer .* with 500 instead of 200; ended by \w*Watchdog\w*: Roll back/s,
  'verification-fails': /the hook \w*Verification\w* at POST_TEST_TRAFFIC_SHIFT answered FAILED/,
  'errors-after-shift': /the alarm guestbook-production-rollback-errors/,
  'latency-after-shift': /the alarm guestbook-production-rollback-latency/,
  'client-incomplete': /Custom::ReleaseVerification/,
  'pointer-write-fails': /Custom::ReleasePointer/,
  'late-step-fails': /Custom::ReleaseVerification.*got 500/s,
};

const RELEASE = 'ticket-failed-release';
const BURNS = (what: string) => [`page-${what}-burn`, `page-${what}-fast-burn`];
/** Alarms that depend on how the load of this machine falls into minutes. */
const PERHAPS: Record<string, string[]> = {
  // A failing check is repeated, at the same load balancer: where few users are, it burns the budget, too.
  'verification-fails': BURNS('availability'),
  // Two periods of five minutes have to be bad, and a release is taken back within a few.
  'errors-after-shift': ['page-edge-errors'],
  'late-step-fails': ['page-edge-errors'],
};
/** Alarms with recipients that a fault must fire, without other alarms. Parts of composite alarms are omitted. */
const FIRED: Record<string, string[]> = {
  'migration-fails': [RELEASE],
  'migration-hangs': [RELEASE],
  'server-exits': [RELEASE, 'ticket-failing-tasks'],
  'health-fails': [RELEASE],
  'verification-fails': [RELEASE],
  'errors-after-shift': [...BURNS('availability'), 'page-server-fails', 'rollback-errors', RELEASE],
  'latency-after-shift': [...BURNS('latency'), 'page-server-fails', 'rollback-latency', RELEASE],
  'client-incomplete': [RELEASE],
  'pointer-write-fails': [RELEASE],
  'late-step-fails': [...BURNS('availability'), 'page-server-fails', 'rollback-errors', RELEASE],
  'password-rotated': [],
};

describe('faults', () => {
  const summaries: Summary[] = [];
  const writers: Writer[] = [];
  /** The output of the server, before anything masks it. */
  const lines: string[] = [];
  let remove = () => {};
  beforeAll(async () => {
    const good = await guestbookPlan('production');
    remove = good.remove;
    await Promise.all(
      GROUPS.map(async (faults, index) => {
        const writer = new Writer();
        writers[index] = writer;
        summaries[index] = await rehearse({
          assembly: good.plan,
          faults: [...faults],
          paths: ['/api/entries'],
          logs: (line) => lines.push(line),
          whenReady: (url) => writer.start(url),
          beforeEnd: () => writer.stop(),
        });
      }),
    );
  }, 400_000);
  afterAll(() => remove());

  test('each has its test', () => {
    expect(FAULTS.map(({ name }) => name).sort()).toEqual(GROUPS.flat().sort());
  });

  test.each([0, 1, 2])('no other error occurred (%i)', (index) => {
    const { verdict, problem } = summaries[index]!;
    expect({ verdict, problem }).toEqual({ verdict: 'passed', problem: undefined });
  });

  test.each(Object.entries(DETECTED))(
    '%s is detected, and users stay on the last good release',
    (fault, detected) => {
      const { steps } = summaries.find(({ faults }) => faults.includes(fault))!;
      const failed = steps.find(({ name }) => name === `release with ${fault}: guestbook-production-release`);
      expect(failed?.outcome).toMatch(detected);
      const after = steps.find(({ name }) => name === `release with ${fault}: afterwards`);
      expect(after).toMatchObject({ outcome: 'done', requests: { failed: 0 } });
    },
  );

  test.each(Object.entries(FIRED))('%s fires the right alarms', (fault, expected) => {
    const { alarms } = summaries.find(({ faults }) => faults.includes(fault))!;
    const names = alarms.fired[`release with ${fault}`]!.map((name) =>
      name.replace('guestbook-production-', ''),
    );
    // Response times also depend on the load of this machine, so alarms on latency alone are ignored.
    const slow = ['rollback-errors', 'rollback-unhealthy'].some((name) => names.includes(name))
      ? /latency/
      : /latency|server-fails/;
    const fired = names.filter(
      (name) =>
        expected.includes(name) ||
        !(name.startsWith('part-') || slow.test(name) || PERHAPS[fault]?.includes(name)),
    );
    expect(fired).toEqual([...expected].sort());
  });

  test.each(FAULTS.filter(({ mayFail }) => !mayFail).map(({ name }) => name))(
    'no request fails during %s',
    (fault) => {
      const { steps } = summaries.find(({ faults }) => faults.includes(fault))!;
      const of = steps.filter(({ name }) => name.startsWith(`release with ${fault}:`));
      expect(of.reduce((sum, { requests }) => sum + (requests?.failed ?? 0), 0)).toBe(0);
    },
  );

  test('a handler passes a hanging migration to its next invocation', () => {
    const { events } = summaries.find(({ faults }) => faults.includes('migration-hangs'))!;
    expect(events).toContainEqual(expect.stringMatching(/^handed over: MigrationsRun/));
  });

  test('the log has no personal data even without masking by CloudWatch Logs', () => {
    expect(lines.filter((line) => line.includes('"event":"http.request"')).length).toBeGreaterThan(500);
    const confidential = writers.flatMap((writer) => writer.confidential);
    expect(confidential).toHaveLength(12);
    expect(confidential.every((text) => text.length > 20)).toBe(true);
    expect(lines.filter((line) => confidential.some((text) => line.includes(text)))).toEqual([]);
  });

  test('no acknowledged row is lost', () => {
    for (const writer of writers) {
      expect(writer.acknowledged).toBeGreaterThan(50);
      expect(writer.lost).toEqual([]);
    }
  });
});
