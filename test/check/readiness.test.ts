import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CheckFinding } from '../../lib/check/finding';
import { auditOf } from '../../lib/check/readiness/audit';
import { formatReadiness } from '../../lib/check/readiness/format';
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
};
const GOOD: ReadyFacts = {
  check: { findings: [], suppressed: [] },
  tests: { verdict: 'passed', seconds: 1 },
  audit: { severe: 0, total: 0 },
  rehearsal: reported({}),
  escalation: true,
};

function reported(changes: object, digest: string | undefined = DIGEST) {
  const folder = mkdtempSync(join(tmpdir(), 'ready-'));
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ ...REPORT, ...changes }));
  try {
    return readRehearsal(file, digest);
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

test('good facts prove everything but the items of persons and the alarms', () => {
  const open = readiness(GOOD).filter(({ state }) => state !== 'proved');
  expect(open.map(({ item, state }) => `${item}: ${state}`)).toEqual([
    'Performance budgets are met: to be confirmed by a person',
    'Every alarm has an action: not checked',
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

test('a rehearsal proves its own plan alone', () => {
  const states = (rehearsal: ReadyFacts['rehearsal']) => Object.values(changed({ rehearsal }));
  const unused = ['not checked', 'not checked', 'not checked'];
  expect(states(reported({ planDigest: 'b'.repeat(64) }))).toEqual(unused);
  expect(states(readRehearsal('report.json', undefined))).toEqual(unused);
  expect(states(reported({ faults: ['crash'] }))).toEqual(unused);
  expect(states(reported({ verdict: 'maybe' }))).toEqual(unused);
  expect(states(reported({ verdict: 'failed' }))).toEqual(['failed']);
  expect(states(reported({ steps: [] }))).toEqual(['not checked']);
  expect(states(reported({ steps: [{ name: 'rollback', outcome: 'timed out' }] }))).toEqual(['failed']);
  expect(states(reported({ requests: { made: 10, failed: 1 } }))).toEqual(['failed']);
  expect(states(reported({ requests: undefined }))).toEqual(['not checked']);
});

test('an audit counts only if the registry answered', () => {
  const vulnerabilities = { high: 1, critical: 2, total: 5 };
  expect(auditOf(JSON.stringify({ metadata: { vulnerabilities } }))).toEqual({ severe: 3, total: 5 });
  expect(auditOf('{"error":{"code":"ENOLOCK"}}')).toBeUndefined();
  expect(auditOf('')).toBeUndefined();
});

test('the page keeps text from files out of its markup', () => {
  const items = readiness({ ...GOOD, rehearsal: 'a|b\n<img>' });
  expect(formatReadiness('production', items, 'md')).toContain('| a\\|b \\<img\\> |');
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
