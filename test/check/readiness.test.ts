import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CheckFinding } from '../../lib/check/finding';
import { auditOf } from '../../lib/check/readiness/audit';
import { formatReadiness } from '../../lib/check/readiness/format';
import { planFacts } from '../../lib/check/readiness/planned';
import { type ReadyFacts, readiness } from '../../lib/check/readiness/readiness';
import type { ReadyItem } from '../../lib/check/readiness/ready-item';
import { readRehearsal } from '../../lib/check/readiness/rehearsed';
import { runTestCommand } from '../../lib/check/readiness/run-tests';

const DIGEST = 'a'.repeat(64);
const REPORT = {
  planDigest: DIGEST,
  faults: [],
  verdict: 'passed',
  seconds: 38,
  steps: [{ name: 'rollback', outcome: 'done' }],
  requests: { made: 10, failed: 0 },
  performance: {
    firstLoad: { bytes: 90_000, budget: 200_000 },
    paths: [{ path: '/api/entries', p95Ms: 12, budgetMs: 300 }],
  },
};
const GOOD: ReadyFacts = {
  check: { findings: [], suppressed: [] },
  tests: { verdict: 'passed', seconds: 1 },
  audit: { severe: 0, total: 0 },
  rehearsal: reported({}),
  escalation: true,
  plan: {
    alarms: { telling: 2, used: 1, silent: [] },
    migrations: { formatVersion: 1, files: [], findings: [], allowed: [] },
  },
};

function reported(changes: object, digest: string | undefined = DIGEST) {
  const folder = mkdtempSync(join(tmpdir(), 'ready-'));
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ ...REPORT, ...changes }));
  try {
    // The report of the plan may be in the second file, as after `rehearse --plan DIR`.
    return readRehearsal([join(folder, 'missing.json'), file], digest);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function changed(facts: Partial<ReadyFacts>): Record<string, string> {
  const before = readiness(GOOD);
  return Object.fromEntries(
    readiness({ ...GOOD, ...facts }).flatMap(({ item, state }, index) =>
      state === before[index]!.state ? [] : [[item, state]],
    ),
  );
}

const finding = (change: Partial<CheckFinding>): CheckFinding => ({
  rule: 'secret-in-client',
  section: '11.2',
  severity: 'error',
  file: 'a.ts',
  what: 'x',
  why: 'x',
  fix: [],
  example: '',
  ...change,
});

test('good facts prove all items except those that persons confirm', () => {
  const open = readiness(GOOD).filter(({ state }) => state !== 'proved');
  expect(open.map(({ item, state }) => `${item}: ${state}`)).toEqual([
    'The deployment process is documented: to be confirmed by a person',
    'The team knows the changes: to be confirmed by a person',
  ]);
});

test('each fact changes its own item', () => {
  const found = (change: Partial<CheckFinding>) =>
    changed({ check: { findings: [finding(change)], suppressed: [] } });
  const secrets = 'Sources contain no secrets';
  expect(found({})).toEqual({ [secrets]: 'failed' });
  expect(found({ severity: 'warning' })).toEqual({ [secrets]: 'to be confirmed by a person' });
  expect(found({ severity: 'warning', what: 'this rule could not be checked: x' })).toEqual({
    [secrets]: 'not checked',
  });
  expect(changed({ check: { findings: [], suppressed: [{ ...finding({}), reason: 'demo' }] } })).toEqual({
    [secrets]: 'to be confirmed by a person',
  });
  expect(changed({ tests: undefined })).toEqual({ "The application's tests pass": 'not checked' });
  expect(changed({ tests: runTestCommand('exit 3', tmpdir()) })).toEqual({
    "The application's tests pass": 'failed',
  });
  expect(changed({ audit: undefined })).toEqual({ 'Production dependencies are audited': 'not checked' });
  expect(changed({ audit: { severe: 1, total: 1 } })).toEqual({
    'Production dependencies are audited': 'failed',
  });
  expect(changed({ escalation: false })).toEqual({ 'Escalation is configured': 'failed' });
});

test('a rehearsal is evidence for its own plan only', () => {
  const states = (rehearsal: ReadyFacts['rehearsal']) => Object.values(changed({ rehearsal }));
  const unused = ['not checked', 'not checked', 'not checked', 'not checked'];
  expect(states(reported({ planDigest: 'b'.repeat(64) }))).toEqual(unused);
  expect(states(readRehearsal(['report.json'], undefined))).toEqual(unused);
  expect(states(reported({ faults: ['crash'] }))).toEqual(unused);
  expect(states(reported({ verdict: 'maybe' }))).toEqual(unused);
  expect(states(reported({ verdict: 'failed' }))).toEqual(['failed']);
  expect(states(reported({ steps: [] }))).toEqual(['not checked']);
  expect(states(reported({ steps: [{ name: 'rollback', outcome: 'timed out' }] }))).toEqual(['failed']);
  expect(states(reported({ requests: { made: 10, failed: 1 } }))).toEqual(['failed']);
  expect(states(reported({ requests: undefined }))).toEqual(['not checked']);
});

test('performance budgets are met if the rehearsal measured them', () => {
  const { firstLoad, paths } = REPORT.performance;
  const state = (performance: object | undefined) => changed({ rehearsal: reported({ performance }) });
  const item = 'Performance budgets are met';
  expect(state(undefined)).toEqual({ [item]: 'not checked' });
  expect(state({ firstLoad, paths: [] })).toEqual({ [item]: 'not checked' });
  expect(state({ paths })).toEqual({ [item]: 'not checked' });
  expect(state({ firstLoad, paths: [{ ...paths[0], p95Ms: 301 }] })).toEqual({ [item]: 'failed' });
  expect(state({ firstLoad: { ...firstLoad, bytes: 200_001 }, paths })).toEqual({ [item]: 'failed' });
  expect(state({ firstLoad, paths: [{ path: '/', p95Ms: 9 }] })).toEqual({
    [item]: 'to be confirmed by a person',
  });
});

test('an alarm of the plan has an action, or another resource acts on it', () => {
  const alarm = (properties: Record<string, unknown>) => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: properties,
  });
  const facts = planFacts([
    {
      name: 'shop',
      template: {
        Resources: {
          Telling: alarm({ AlarmActions: [{ Ref: 'Topic' }] }),
          Off: alarm({ AlarmActions: [{ Ref: 'Topic' }], ActionsEnabled: false }),
          Part: alarm({}),
          Named: alarm({ AlarmName: 'shop-named' }),
          Shown: alarm({}),
          Both: {
            Type: 'AWS::CloudWatch::CompositeAlarm',
            Properties: {
              AlarmActions: ['x'],
              AlarmRule: { 'Fn::Join': ['', ['ALARM("', { 'Fn::GetAtt': ['Part', 'Arn'] }, '")']] },
            },
          },
          Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: { Body: [{ Ref: 'Shown' }] } },
        },
      },
    },
    {
      name: 'other',
      template: {
        Resources: { Service: { Type: 'AWS::ECS::Service', Properties: { Alarms: ['shop-named'] } } },
      },
    },
  ]);
  expect(facts).toEqual({ alarms: { telling: 2, used: 2, silent: ['shop/Off', 'shop/Shown'] } });
  const item = 'Every alarm has an action';
  expect(changed({ plan: facts })).toEqual({
    [item]: 'failed',
    'Migrations are judged': 'to be confirmed by a person',
  });
  expect(changed({ plan: undefined })).toEqual({
    [item]: 'not checked',
    'Migrations are judged': 'not checked',
  });
  const { migrations } = GOOD.plan!;
  expect(changed({ plan: { ...GOOD.plan!, alarms: { telling: 0, used: 3, silent: [] } } })).toEqual({
    [item]: 'failed',
  });
  const judged = (severity: string) => ({ ...migrations!, findings: [{ severity } as never] });
  expect(changed({ plan: { ...GOOD.plan!, migrations: judged('danger') } })).toEqual({
    'Migrations are judged': 'failed',
  });
  expect(changed({ plan: { ...GOOD.plan!, migrations: judged('caution') } })).toEqual({
    'Migrations are judged': 'to be confirmed by a person',
  });
});

test('an audit counts only if the registry answered', () => {
  const vulnerabilities = { high: 1, critical: 2, total: 5 };
  expect(auditOf(JSON.stringify({ metadata: { vulnerabilities } }))).toEqual({ severe: 3, total: 5 });
  expect(auditOf('{"error":{"code":"ENOLOCK"}}')).toBeUndefined();
  expect(auditOf('')).toBeUndefined();
});

test('text from files does not become markup of the page', () => {
  const items = readiness({ ...GOOD, rehearsal: 'a|b\n<img>' });
  expect(formatReadiness('production', items, 'md')).toContain('| a&#124;b &#60;img&#62; |');
  expect(JSON.parse(formatReadiness('production', items, 'json'))).toMatchObject({ items });
});

test('the page ends with its verdict, and a failed item or one that was not checked is not ready', () => {
  const item = (state: ReadyItem['state']): ReadyItem => ({
    item: 'An item',
    section: 'B',
    state,
    because: 'why',
  });
  const last = (...states: ReadyItem['state'][]) =>
    formatReadiness('production', states.map(item), 'text').trim().split('\n').at(-1);
  expect(last('proved', 'failed')).toMatch(/^Not ready for production: 1 of 2 items proved, 1 failed/);
  expect(last('proved', 'not checked')).toMatch(/^Not ready/);
  expect(last('proved', 'to be confirmed by a person')).toMatch(/^Ready once a person has confirmed/);
});
