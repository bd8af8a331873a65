import { describe, expect, test } from 'vitest';
import { FOREIGN } from './foreign';
import { judged } from './foreign/case';

describe.each(Object.entries(FOREIGN))('in stacks of other people, %s:', (_, cases) => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { verdict, findings } = judged(one);
    const told = findings.map(({ severity, rule, what }) => `${severity} ${rule}: ${what}`);
    expect({ verdict, told }).toEqual({ verdict: one.verdict, told });
  });
});

test('there are enough of them, each said once, in enough services', () => {
  const all = Object.values(FOREIGN).flat();
  expect(all.length).toBeGreaterThanOrEqual(150);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const types = all.flatMap(({ before, after }) => [...Object.values(before), ...Object.values(after)]);
  expect(new Set(types.map(({ Type }) => Type.split('::')[1])).size).toBeGreaterThanOrEqual(40);
});
