import { describe, expect, test } from 'vitest';
import { formatReport } from '../../lib/check/format';
import { COLUMNS, wrapped, wrappedLines } from '../../lib/findings/wrapped';
import { Trace } from '../../lib/rehearsal/core/trace';
import { describeSummary, Report, type Summary } from '../../lib/rehearsal/report';
import { textReport } from '../../lib/review/report/text';
import type { Review } from '../../lib/review/review';
import { check } from '../check/support';
import { FOREIGN } from '../review/foreign';
import { judged } from '../review/foreign/case';
import { commandLine } from '../support/command-line';

/** Lines that are too long, although a space allows a break: a longer URL, ARN or path keeps a line of its own. */
const tooLong = (text: string) =>
  text.split('\n').filter((line) => line.length > COLUMNS && /\S\s+\S/.test(line.replace(/^\s*→ /, '')));

const long = `the server answers ${'503 Service Unavailable and '.repeat(9)}stops`;

describe('a terminal shows in 100 columns', () => {
  test('the help of each command', async () => {
    const { out } = await commandLine('--help');
    expect(tooLong(out)).toEqual([]);
    const names = [...out.matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(tooLong((await commandLine(name, '--help')).out)).toEqual([]);
  });

  test('the faults of a rehearsal', async () => {
    const { code, out } = await commandLine('rehearse', '--fault', 'list');
    expect([code, tooLong(out)]).toEqual([0, []]);
  });

  test('the report of a rehearsal', () => {
    const report = new Report(() => {});
    report.close();
    report.resource('AWS::ECS::Service', Object.fromEntries(long.split(' ').map((name) => [name, 1])), []);
    const requests = { made: 1200, failed: 7, limited: 3, failures: { [long]: 7 } };
    const summary: Summary = {
      plan: { directory: '/tmp/plan', digest: 'a'.repeat(64) },
      faults: ['migration-fails', 'errors-after-shift'],
      verdict: 'failed',
      problem: `${long}\n${long}`,
      seconds: 12.3,
      steps: [{ name: `first release: ${'step '.repeat(8)}`, seconds: 3, outcome: long, requests }],
      requests,
      events: [],
      alarms: {
        judged: [],
        fired: { 'a release': Array.from({ length: 9 }, (_, index) => `shop-alarm-${index}-errors`) },
        firings: {},
      },
      permissions: { grants: 210, unused: [] } as unknown as Summary['permissions'],
      network: {} as Summary['network'],
      claims: report.claims([long], new Trace()),
    };
    const text = describeSummary(summary);
    expect(tooLong(text)).toEqual([]);
    expect(text.trim()).toMatch(/^Rehearsal failed/);
    expect(text.replace(/\s+/g, ' ')).toContain(long);
  });

  test('the report of a review', () => {
    const texts = Object.values(FOREIGN)
      .flat()
      .map((one) => {
        const { verdict, findings, changes, unjudged } = judged(one);
        const plan = { planDigest: 'a'.repeat(64), stacks: [], migrations: [] };
        const cost = { total: 512.4, lines: [], unpriced: ['AWS::RDS::DBInstance (db.r7g.large)'] };
        const review = {
          verdict,
          environment: 'production',
          findings: [
            ...findings,
            ...findings.map((finding) => ({ ...finding, severity: 'note', why: long })),
          ],
          accepted: [],
          unjudged,
          changes,
          stacks: [{ name: 'shop-data', state: 'changed', changes, resources: 3 }],
          migrations: { known: true, added: [], altered: [] },
          cost: { before: cost, after: cost, lines: [] },
          base: { label: 'v1.4.0', plan },
          head: { label: `${'a-branch-with-a-long-name/'.repeat(3)} and uncommitted changes`, plan },
        } as unknown as Review;
        return textReport(review, { colour: false });
      });
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.flatMap(tooLong)).toEqual([]);
  });

  test('the report of a check', async () => {
    const report = await check({
      'server/index.ts': "import express from 'express';\nconst app = express();\napp.listen(3000);",
      [`server/${'a-long-folder/'.repeat(6)}key.ts`]: "const key = 'AKIAIOSFODNN7EXAMPLE'; console.log(key);",
      'server/orders.ts': 'export const url = process.env.DATABASE_URL; console.log(url);',
    });
    expect(report.findings.length).toBeGreaterThan(2);
    const [finding] = report.findings;
    const text = formatReport(
      { ...report, findings: [...report.findings, { ...finding!, why: long }] },
      'text',
    );
    expect(tooLong(text)).toEqual([]);
    expect(text.trim().split('\n').at(-1)).toMatch(/^(no|\d+) errors?, /);
  });
});

describe('an error of several lines', () => {
  test('keeps its lines and their indentation, and breaks the long ones', () => {
    const text = wrappedLines(`cannot be built:\n  server/index.ts: ${long}\n    → ${long}`);
    expect(tooLong(text)).toEqual([]);
    expect(text).toMatch(
      /^cannot be built:\n {2}server\/index\.ts: the .*\n {4}\S.*(\n {4}\S.*)*\n {4}→ the server/,
    );
  });
});

describe('text that is broken at spaces', () => {
  test('keeps a longer word on a separate line, and keeps spaces within a line', () => {
    const url = `https://example.com/${'a'.repeat(100)}`;
    expect(wrapped(`see  it: ${url} for more`, '- ', '  ')).toBe(`- see  it:\n  ${url}\n  for more`);
  });

  test('does not count colour codes', () => {
    const red = `\u001b[31;1m${'a'.repeat(60)}\u001b[0m ${'b'.repeat(39)}`;
    expect(wrapped(red)).toBe(red);
    expect(wrapped(`${red}b`)).toContain('\n');
  });
});
