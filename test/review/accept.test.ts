import { afterEach, describe, expect, test } from 'vitest';
import { ACCEPTANCES_FILE, applyConsents, consentOf, standingConsents } from '../../lib/review/accept';
import type { ReviewFinding } from '../../lib/review/finding';
import { removeFolders, temporaryFolder, write } from './assembly-folder';

const RULES = ['data-loss', 'capacity'];
const TODAY = '2026-11-30';
const finding = (
  rule: string,
  path: string,
  severity: ReviewFinding['severity'] = 'danger',
): ReviewFinding => ({
  rule,
  severity,
  place: { stack: 'shop', logicalId: 'Db', resourceType: 'AWS::RDS::DBCluster', path },
  what: 'It goes.',
  why: 'It hurts.',
  fix: ['Keep it.'],
  link: 'https://docs.aws.amazon.com/',
});
const standing = (...lines: string[]) =>
  standingConsents(write(temporaryFolder(), { [ACCEPTANCES_FILE]: lines.join('\n') }), TODAY, RULES);

afterEach(removeFolders);

describe('--accept', () => {
  const cluster = finding('data-loss', 'shop/Db/Resource#Properties.Engine');
  const accepted = (text: string) => applyConsents([cluster], [consentOf(text, RULES)]).accepted;

  test.each([
    'data-loss:shop/Db/Resource#Properties.Engine=it is empty',
    'data-loss:shop/Db#Engine=it is empty',
    'data-loss:shop/Db=it is empty',
  ])('accepts the path as reports show it, or the whole resource: %s', (text) => {
    expect(accepted(text)).toMatchObject([
      { ...cluster, accepted: { reason: 'it is empty', source: '--accept' } },
    ]);
  });

  test('accepts a reason with punctuation, and accepts nothing else', () => {
    const { reason, path } = consentOf('data-loss:shop/Db=rows = 0: see #12', RULES);
    expect({ reason, path }).toEqual({ reason: 'rows = 0: see #12', path: 'shop/Db' });
    const others = [finding('capacity', 'shop/Db/Resource'), finding('data-loss', 'shop/Db2')];
    const result = applyConsents([cluster, ...others], [consentOf('data-loss:shop/Db=it is empty', RULES)]);
    expect(result.findings).toEqual(others);
  });

  test.each([
    ['data-loss', /--accept must be RULE:PATH=REASON/],
    ['data-loss:shop/Db', /--accept must be RULE:PATH=REASON/],
    ['data-loss:shop/Db=', /--accept must be RULE:PATH=REASON/],
    ['data-los:shop/Db=it is empty', /there is no rule 'data-los'; the rules are data-loss, capacity/],
    ['data-loss:shop/Db=-', /the reason '-' is too short/],
  ])('fails on %s', (text, expected) => {
    expect(() => consentOf(text, RULES)).toThrow(expected);
  });

  test('fails if it matches no finding, and lists the findings', () => {
    expect(() => accepted('capacity:shop/Db=it is empty')).toThrow(
      /--accept capacity:shop\/Db matches no finding; it can match:\n {2}data-loss:shop\/Db#Engine$/,
    );
    const note = [finding('data-loss', 'shop/Db', 'note')];
    expect(() => applyConsents(note, [consentOf('capacity:x=it is empty', RULES)])).toThrow(
      /there is no danger or caution to accept/,
    );
  });
});

describe('the acceptance file', () => {
  test('has a line for each acceptance, and comments', () => {
    const consents = standing(
      '# Until the new table is filled',
      '',
      'data-loss:shop/Db until 2026-12-31 because the new one has all rows # see the runbook',
      'capacity:shop/Server#DesiredCount until 2026-11-30 because the sale is over',
    );
    expect(consents).toEqual([
      {
        rule: 'data-loss',
        path: 'shop/Db',
        until: '2026-12-31',
        reason: 'the new one has all rows',
        source: 'framework53.accepted.txt:3',
      },
      expect.objectContaining({ path: 'shop/Server#DesiredCount', until: '2026-11-30' }),
    ]);
    const { accepted } = applyConsents([finding('data-loss', 'shop/Db')], consents);
    expect(accepted[0]!.accepted).toEqual({
      reason: 'the new one has all rows',
      until: '2026-12-31',
      source: 'framework53.accepted.txt:3',
    });
  });

  test('no longer applies after its last day, and may contain unrelated acceptances', () => {
    expect(standing('data-loss:shop/Db until 2026-11-29 because it was empty')).toEqual([]);
    const consents = standing('data-loss:shop/Other until 2026-12-01 because it is empty');
    expect(applyConsents([finding('data-loss', 'shop/Db')], consents).accepted).toEqual([]);
  });

  test('is optional', () => {
    expect(standingConsents(temporaryFolder(), TODAY, RULES)).toEqual([]);
  });

  test('fails with all invalid lines', () => {
    expect(() =>
      standing(
        'data-loss:shop/Db because it is empty',
        'data-loss:shop/Db until 2026-02-30 because it is empty',
        'data-loss:shop/Db until 2036-01-01 because it is empty',
        'nothing:shop/Db until 2026-12-01 because it is empty',
        'capacity:shop/Db until 2026-12-01 because …',
      ),
    ).toThrow(
      `framework53.accepted.txt:1: the line must be 'RULE:PATH until YYYY-MM-DD because REASON', got: data-loss:shop/Db because it is empty
framework53.accepted.txt:2: '2026-02-30' is not a valid date
framework53.accepted.txt:3: an acceptance is valid for a year at most, got 2036-01-01; choose an earlier date and renew the acceptance then
framework53.accepted.txt:4: there is no rule 'nothing'; the rules are data-loss, capacity
framework53.accepted.txt:5: the reason '…' is too short; explain why capacity is acceptable here`,
    );
  });
});
