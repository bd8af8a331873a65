import { expect, test } from 'vitest';
import type { Verdict } from '../../lib/review/finding';
import { publish } from '../support/measured';
import { FOREIGN } from './foreign';
import { judged } from './foreign/case';
import { STACKS } from './foreign/stacks';
import { judgedStack } from './foreign/stacks/stack';

/** The verdict of the reviewer, and that of the review. */
type Judged = readonly [should: Verdict, is: Verdict];

function scoreOf(verdicts: readonly Judged[]): Record<string, number> {
  const count = (wanted: (should: Verdict, is: Verdict) => boolean) =>
    verdicts.filter(([should, is]) => wanted(should, is)).length;
  return {
    rows: verdicts.length,
    'to find': count((should) => should !== 'clean'),
    right: count((should, is) => should === is),
    missed: count((should, is) => should !== 'clean' && is === 'clean'),
    'false alarms': count((should, is) => should === 'clean' && is !== 'clean'),
  };
}

test.for(Object.entries(FOREIGN))(
  'in stacks of other people, %s: each is judged as a careful reviewer does',
  ([, cases], context) => {
    const verdicts: Judged[] = [];
    const wrong = cases.flatMap((one) => {
      const { verdict, findings } = judged(one);
      verdicts.push([one.verdict, verdict]);
      const told = findings.map(({ severity, rule, what }) => `${severity} ${rule}: ${what}`);
      return verdict === one.verdict ? [] : [{ name: one.name, should: one.verdict, verdict, told }];
    });
    publish(context, scoreOf(verdicts));
    expect(wrong).toEqual([]);
  },
);

test.for(Object.entries(STACKS))(
  'in %s: each change is judged as a careful reviewer does',
  ([, cases], context) => {
    const verdicts: Judged[] = [];
    const wrong = cases.flatMap((one) => {
      const { verdict, findings } = judgedStack(one);
      verdicts.push([one.verdict, verdict]);
      const told = findings.map(({ severity, rule, what }) => `${severity} ${rule}: ${what}`);
      return verdict === one.verdict ? [] : [{ name: one.name, should: one.verdict, verdict, told }];
    });
    publish(context, scoreOf(verdicts));
    expect(wrong).toEqual([]);
  },
);

test('the cases are many, unique, and from many services', () => {
  const all = Object.values(FOREIGN).flat();
  expect(all.length).toBeGreaterThanOrEqual(1200);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const types = all.flatMap(({ before, after }) => [...Object.values(before), ...Object.values(after)]);
  expect(new Set(types.map(({ Type }) => Type.split('::')[1])).size).toBeGreaterThanOrEqual(100);
});
