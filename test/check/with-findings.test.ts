import { expect, test } from 'vitest';
import type { Warning } from '../../lib/application/warning';
import type { CheckFinding } from '../../lib/check/finding';
import { withFindings } from '../../lib/check/with-findings';

const built = (rule: string, severity: Warning['severity']): Warning => ({
  rule,
  severity,
  place: 'server/index.ts',
  what: 'as the build has it',
  why: 'it hurts',
  fix: [],
});
const finding: CheckFinding = {
  rule: 'sessions-in-memory',
  section: '11.1',
  severity: 'warning',
  file: 'server/index.ts',
  line: 3,
  what: 'sessions are stored in the memory of the server',
  why: 'people are signed out',
  fix: ['keep sessions in PostgreSQL'],
  example: '',
};
const DANGER = built('sessions-in-memory', 'danger');

test('a finding replaces the build warning, and has its severity', () => {
  const other = built('cron', 'caution');
  expect(withFindings([DANGER, other], { findings: [finding], suppressed: [] })).toEqual([
    other,
    expect.objectContaining({
      rule: 'sessions-in-memory',
      severity: 'danger',
      place: 'server/index.ts:3',
      what: 'sessions are stored in the memory of the server (§11.1)',
    }),
  ]);
});

test('without a warning of the build, a finding has the severity of its rule', () => {
  expect(withFindings([], { findings: [finding], suppressed: [] })).toMatchObject([{ severity: 'caution' }]);
});

test('a suppressed finding is a note, even if the build warns', () => {
  const suppressed = [{ ...finding, reason: 'one task only' }];
  expect(withFindings([DANGER], { findings: [], suppressed })).toMatchObject([
    { severity: 'note', what: 'sessions are stored in the memory of the server; suppressed: one task only' },
  ]);
});
