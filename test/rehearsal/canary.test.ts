import { expect, test } from 'vitest';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import { guestbookPlan } from './plan';

test('a bad canary fails at most its share of requests, and never gets all traffic', async () => {
  const { plan, remove } = await guestbookPlan('production', { deployment: 'canary' });
  try {
    const told: string[] = [];
    const { verdict, problem, steps } = await rehearse({
      assembly: plan,
      faults: ['errors-after-shift'],
      progress: (line) => told.push(line),
    });
    expect({ verdict, problem }).toEqual({ verdict: 'passed', problem: undefined });

    const release = told.slice(told.findIndex((line) => line.includes('fault:')));
    expect(release.join('\n')).toMatch(/rolling back: the alarm .*rollback-errors/);
    expect(release.join('\n')).not.toContain('production traffic moved: 100 %');
    const { made = 0, failed = 0 } =
      steps.find(({ name }) => /errors-after-shift: .*-release$/.test(name))?.requests ?? {};
    expect(failed).toBeGreaterThan(0);
    expect(failed / made).toBeLessThan(0.1);
  } finally {
    remove();
  }
}, 180_000);
