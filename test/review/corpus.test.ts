import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../lib/review/judge';
import type { Plan, Template } from '../../lib/review/plan';
import { RULES } from '../../lib/review/rules';
import { CORPUS } from './corpus';
import type { Case } from './corpus/case';
import { Draft } from './corpus/draft';
import { type Outcome, page } from './corpus/page';
import { productionPlan } from './corpus/production-plan';
import { FOREIGN } from './foreign';
import { judged } from './foreign/case';
import { STACKS } from './foreign/stacks';
import { judgedStack } from './foreign/stacks/stack';

const cases = Object.entries(CORPUS).flatMap(([group, of]) =>
  of.map((one) => [group, one.name, one] as const),
);

let production: Plan;
beforeAll(async () => {
  production = await productionPlan();
}, 240_000);

const outcomes = new Map<Case, Outcome>();

/** Judged once, whatever is then looked at. */
function outcome(group: string, of: Case): Outcome {
  const known = outcomes.get(of);
  if (known) return known;
  const base = of.given ? new Draft(production, of.given).plan : production;
  const head = new Draft(base, of.change).plan;
  const found = { group, of, base, head, judgement: judge(base, head) };
  outcomes.set(of, found);
  return found;
}

describe('a small change of production', () => {
  test.each(cases)('%s: %s', (group, _, of) => {
    const { verdict, findings } = outcome(group, of).judgement;
    const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
    expect({ verdict, rules }).toEqual({ verdict: of.verdict, rules: [...of.rules].sort() });
  });

  test('is compared with the output of `cdk diff`', async () => {
    const text = page(cases.map(([group, , of]) => outcome(group, of)));
    await expect(text).toMatchFileSnapshot(join(__dirname, 'corpus.md'));
  }, 240_000);
});

describe('the corpus', () => {
  test('is large enough, and its names are unique', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(new Set(cases.map(([, name]) => name)).size).toBe(cases.length);
  });

  test('covers each severity of each rule, together with the foreign changes', () => {
    const own = cases.flatMap(([group, , of]) => outcome(group, of).judgement.findings);
    const foreign = [
      ...Object.values(FOREIGN).flat().map(judged),
      ...Object.values(STACKS).flat().map(judgedStack),
    ].flatMap(({ findings }) => findings);
    const shown = new Set([...own, ...foreign].map(({ rule, severity }) => `${rule} ${severity}`));
    const said = RULES.flatMap(({ name, severities }) => severities.map((severity) => `${name} ${severity}`));
    expect([...shown].filter((one) => !said.includes(one))).toEqual([]);
    expect(said.filter((one) => !shown.has(one))).toEqual([]);
  }, 240_000);
});

describe('a finding', () => {
  test('names the place, the change, the reason and the alternative', () => {
    const findings = cases.flatMap(([group, , of]) => outcome(group, of).judgement.findings);
    for (const { place, what, why, fix, link } of findings) {
      expect(place.path.startsWith(place.stack)).toBe(true);
      for (const sentence of [what, why, ...fix]) {
        expect(sentence).toMatch(/^[\p{L}\d@`"“$*[(/{'].*[.!…”]$/su);
        expect(sentence).not.toMatch(/undefined|\[object|NaN/);
      }
      expect(fix.length).toBeGreaterThan(0);
      expect(link).toMatch(/^https:\/\//);
    }
  }, 240_000);
});

describe('a plan compared with itself', () => {
  test('has no changes', () => {
    expect(judge(production, structuredClone(production))).toEqual({
      verdict: 'clean',
      findings: [],
      changes: [],
      unjudged: [],
    });
  });

  test('has no changes if only keys and unordered lists have another order', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const next = () => numbers.next().value as number;
        const stacks = production.stacks.map((stack) => ({
          ...stack,
          template: shuffle(stack.template, next) as Template,
        }));
        expect(judge(production, { stacks })).toEqual({
          verdict: 'clean',
          findings: [],
          changes: [],
          unjudged: [],
        });
      }),
      { numRuns: 5 },
    );
  }, 240_000);
});

/** Lists that AWS takes as sets. */
const SETS =
  /^(Statement|Action|Resource|Tags|SecurityGroupIngress|SecurityGroupEgress|Subnets|SubnetIds|SecurityGroups|VpcSecurityGroupIds|Environment|Secrets|ManagedPolicyArns|DependsOn|AlarmNames|LoadBalancerAttributes|TargetGroupAttributes|AllowedMethods|Metrics|Dimensions|EnableCloudwatchLogsExports|DataIdentifier|Items)$/;

function shuffle(value: unknown, next: () => number, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffle(item, next));
    return SETS.test(name) ? inAnyOrder(items, next) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, shuffle(child, next, key)] as const);
  return Object.fromEntries(inAnyOrder(entries, next));
}

function inAnyOrder<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => [next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
