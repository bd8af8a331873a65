import { expect, test } from 'vitest';
import { FOREIGN } from './foreign';
import { judged } from './foreign/case';
import { STACKS } from './foreign/stacks';
import { judgedStack } from './foreign/stacks/stack';

test.each(Object.entries(FOREIGN))(
  'in stacks of other people, %s: each is judged as a careful reviewer does',
  (_, cases) => {
    const wrong = cases.flatMap((one) => {
      const { verdict, findings } = judged(one);
      const told = findings.map(({ severity, rule, what }) => `${severity} ${rule}: ${what}`);
      return verdict === one.verdict ? [] : [{ name: one.name, should: one.verdict, verdict, told }];
    });
    expect(wrong).toEqual([]);
  },
);

test.each(Object.entries(STACKS))('in %s: each change is judged as a careful reviewer does', (_, cases) => {
  const wrong = cases.flatMap((one) => {
    const { verdict, findings } = judgedStack(one);
    const told = findings.map(({ severity, rule, what }) => `${severity} ${rule}: ${what}`);
    return verdict === one.verdict ? [] : [{ name: one.name, should: one.verdict, verdict, told }];
  });
  expect(wrong).toEqual([]);
});

test('the cases are many, unique, and from many services', () => {
  const all = Object.values(FOREIGN).flat();
  expect(all.length).toBeGreaterThanOrEqual(1200);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const types = all.flatMap(({ before, after }) => [...Object.values(before), ...Object.values(after)]);
  expect(new Set(types.map(({ Type }) => Type.split('::')[1])).size).toBeGreaterThanOrEqual(100);
});
