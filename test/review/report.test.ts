import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../lib/review/change';
import type { Place, ReviewFinding } from '../../lib/review/finding';
import { monthlyCost } from '../../lib/review/monthly-cost';
import type { Resource } from '../../lib/review/plan';
import type { ReadPlan } from '../../lib/review/read-plan';
import { htmlReport } from '../../lib/review/report/html';
import { COMMENT_LIMIT, markdownReport } from '../../lib/review/report/markdown';
import { reportSchema } from '../../lib/review/report/schema';
import { jsonReport } from '../../lib/review/report/summary';
import { textReport } from '../../lib/review/report/text';
import { shown } from '../../lib/review/report/values';
import type { Review } from '../../lib/review/review';

/** A name that tries to make the report run a script. */
const EVIL =
  '</code></pre><script>document.title="pwned"</script><img src=x onerror=alert(1)> "\'`` ``` | @team #12 [a](javascript:b) \u001b[31m\u202e **bold** <!-- -->';

const place: Place = {
  stack: 'shop-data',
  logicalId: 'Database',
  resourceType: 'AWS::RDS::DBCluster',
  path: 'shop-data/Database/Cluster',
};

const finding = ({
  place: at,
  ...more
}: Partial<Omit<ReviewFinding, 'place'>> & { place?: Partial<Place> } = {}): ReviewFinding => ({
  rule: 'data-loss',
  severity: 'danger',
  place: { ...place, ...at },
  what: 'The database is replaced.',
  why: 'Every row in it is lost.',
  fix: ['Restore a snapshot into the new one.'],
  link: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html',
  ...more,
});

const change = (given: Partial<Change> = {}): Change => ({
  stack: 'shop-data',
  logicalId: 'Database',
  resourceType: 'AWS::RDS::DBCluster',
  path: 'shop-data/Database/Cluster',
  kind: 'replaced',
  properties: [{ path: 'Properties.Engine', before: 'aurora-mysql', after: 'aurora-postgresql' }],
  ...given,
});

const plan = (Resources: Record<string, Resource>, migrations: string[] = []): ReadPlan => ({
  planDigest: '0123456789abcdef'.repeat(4),
  migrations: migrations.map((file) => ({ file, sql: `-- ${file}\nSELECT 1;` })),
  stacks: [
    {
      name: 'shop-data',
      region: 'eu-west-1',
      constructPaths: Object.fromEntries(
        Object.keys(Resources).map((id) => [id, `shop-data/${id}/Resource`]),
      ),
      template: { Resources },
    },
  ],
});

const base = plan({ Database: { Type: 'AWS::RDS::DBCluster' } }, ['0000_first.sql']);
const head = plan({ Database: { Type: 'AWS::RDS::DBCluster' }, Key: { Type: 'AWS::KMS::Key' } }, [
  '0000_first.sql',
  '0001_second.sql',
]);

const review = (given: Partial<Review> = {}): Review => {
  const changes = given.changes ?? [change()];
  return {
    verdict: 'danger',
    environment: 'production',
    findings: [finding()],
    accepted: [],
    unjudged: [],
    changes,
    base: { label: 'main (1a2b3c4)', plan: base },
    head: { label: 'feature (5d6e7f8)', plan: head },
    stacks: [{ name: 'shop-data', region: 'eu-west-1', state: 'changed', resources: 2, changes }],
    migrations: { known: true, added: head.migrations!.slice(1), altered: [] },
    cost: {
      before: monthlyCost(base),
      after: monthlyCost(head),
      lines: monthlyCost(head).lines.map((line) => ({ name: line.name, what: line.what, after: line })),
    },
    ...given,
  };
};
const clean = review({
  verdict: 'clean',
  findings: [],
  changes: [],
  stacks: [{ name: 'shop-data', state: 'same', resources: 2, changes: [] }],
  migrations: { known: true, added: [], altered: [] },
  cost: { before: monthlyCost(head), after: monthlyCost(head), lines: [] },
});
const evil = review({
  environment: EVIL,
  findings: [
    finding({
      rule: EVIL,
      place: { stack: EVIL, logicalId: EVIL, path: EVIL, resourceType: EVIL },
      what: EVIL,
      why: EVIL,
      fix: [EVIL, EVIL],
    }),
  ],
  changes: [change({ path: EVIL, logicalId: EVIL, resourceType: EVIL, stack: EVIL })],
  base: { label: EVIL, plan: base },
  head: {
    label: EVIL,
    plan: { ...head, stacks: [{ ...head.stacks[0]!, name: EVIL, constructPaths: { Key: EVIL } }] },
  },
  stacks: [
    {
      name: EVIL,
      region: EVIL,
      state: 'changed',
      resources: 1,
      changes: [
        change({
          path: EVIL,
          logicalId: EVIL,
          stack: EVIL,
          properties: [{ path: EVIL, before: EVIL, after: { [EVIL]: EVIL } }],
        }),
      ],
    },
  ],
  migrations: { known: true, added: [{ file: EVIL, sql: `${EVIL}\n\`\`\`\`\n` }], altered: [EVIL] },
});

describe('text', () => {
  test('shows the verdict first and last, with findings, changes, migrations and cost in between', () => {
    expect(
      textReport(review(), { colour: false }),
    ).toBe(`DANGER  1 danger · 1 changed resource · 1 new migration · $0.00 → $1.00 a month (+$1.00)
production: main (1a2b3c4) → feature (5d6e7f8), plan 0123456789abcdef

Dangers (may destroy data, open access or stop users)
  data-loss  shop-data/Database/Cluster  AWS::RDS::DBCluster
    The database is replaced. Every row in it is lost.
    → Restore a snapshot into the new one.

Changes
  shop-data
    ⟳ Database/Cluster  AWS::RDS::DBCluster, replaced
        Engine: aurora-mysql → aurora-postgresql

Migrations
  1 new file, applied before the new server starts.
  + 0001_second.sql

Cost
  $0.00 → $1.00 a month, +$1.00
  KMS keys                                     – → 1       +$1.00
  On demand in us-east-1, prices of 2026-11-23, for a month without traffic. Costs that depend on
  use are excluded.

DANGER  1 danger
`);
  });

  test('has colours on a terminal', () => {
    expect(textReport(review(), { colour: true })).toContain('\u001b[31;1mDANGER\u001b[0m');
  });

  test('of an unchanged plan is short', () => {
    const text = textReport(clean, { colour: false });
    expect(text).toMatch(/^CLEAN {2}no findings · no resource changes · \$1\.00 a month\n/);
    expect(text).not.toContain('Changes');
  });

  test('does not repeat the values of a finding under its changes', () => {
    const engine = finding({
      place: { path: `${place.path}#Properties.Engine` },
      what: 'Engine: aurora-mysql → aurora-postgresql.',
    });
    const other = finding({ ...engine, place: { ...engine.place, logicalId: 'Other' } });
    const text = (given: readonly ReviewFinding[]) =>
      textReport(review({ findings: given }), { colour: false }).split('Changes\n')[1];
    expect(text([engine])).toContain('        Engine: see the findings\n');
    expect(text([other])).toContain('        Engine: aurora-mysql → aurora-postgresql\n');
  });

  test('removes terminal control codes of a template', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(textReport(evil, { colour: false })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('summarises changes that are new code only', () => {
    const code = change({
      kind: 'changed',
      contentOnly: true,
      logicalId: 'Handler',
      path: 'shop-data/Handler',
    });
    const text = textReport(
      review({
        stacks: [
          { name: 'shop-data', state: 'changed', resources: 2, changes: [code, { ...code, logicalId: 'B' }] },
        ],
      }),
      { colour: false },
    );
    expect(text).toContain('  shop-data\n    · new code in 2 resources\n');
  });
});

describe('an accepted finding', () => {
  const accepted = {
    reason: 'the table is empty',
    until: '2027-01-31',
    source: 'framework53.accepted.txt:3',
  };
  const given = review({ verdict: 'clean', findings: [], accepted: [{ ...finding(), accepted }] });

  test.each([
    ['text', textReport(given, { colour: false })],
    ['markdown', markdownReport(given)],
    ['HTML', htmlReport(given)],
  ])('is shown with reason, last day and source, in %s', (_, text) => {
    const told = text.replace(/\s+/g, ' ');
    expect(told).toContain('Accepted because the table is empty. Valid until 2027-01-31.');
    expect(told.replace(/&#\d+;/g, '.')).toMatch(/framework53.accepted.txt.3/);
    expect(told).toContain('data-loss');
  });

  test('is in a separate list in JSON', () => {
    const report = JSON.parse(jsonReport(given));
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({ verdict: 'clean', findings: [], accepted: [{ accepted }] });
  });
});

describe('markdown', () => {
  test('shows the verdict first and folds details', () => {
    const text = markdownReport(review());
    expect(text).toMatch(/^## 🔴 Danger: production\n/);
    expect(text).toContain('### 🔴 Dangers: may destroy data');
    expect(text).toContain('- **data-loss** `shop-data/Database/Cluster`');
    expect(text).toContain('<details><summary>shop-data: 1 change</summary>');
    expect(text).toContain('  - `Engine`: `aurora-mysql` → `aurora-postgresql`');
    expect(text).toContain('```sql\n-- 0001_second.sql\nSELECT 1;\n```');
    expect(text).toContain('| KMS keys | – → 1 | $1.00 | +$1.00 |');
    // Text that follows without a blank line would not be read as Markdown.
    expect(text).not.toMatch(/<\/details>\n[^\n]|<\/summary>\n[^\n]/);
  });

  test('fits into a pull request comment at any length', () => {
    for (const [findings, properties] of [
      [30, 5],
      [300, 60],
      [5000, 1],
    ] as const) {
      const changes = Array.from({ length: findings }, (_, index) =>
        change({
          logicalId: `Resource${index}`,
          path: `shop-data/Resource${index}/${'x'.repeat(100)}`,
          properties: Array.from({ length: properties }, (_, at) => ({
            path: `Properties.P${at}`,
            before: '<'.repeat(500),
            after: 'b'.repeat(500),
          })),
        }),
      );
      const all = changes.map(({ logicalId }) => finding({ place: { logicalId }, what: '&'.repeat(5000) }));
      const text = markdownReport(
        review({
          findings: all,
          changes,
          stacks: [{ name: 'shop-data', state: 'changed', resources: 2, changes }],
        }),
      );
      expect(text.length).toBeLessThan(COMMENT_LIMIT);
      expect(text).toContain('## 🔴 Danger');
      expect(text).toMatch(/Cost: /);
    }
  });

  test('escapes text of a template', () => {
    const text = markdownReport(evil);
    // Code stays as it is, because GitHub renders nothing in it.
    const outside = text
      .replace(/^(`{3,})sql\n[\s\S]*?\n\1$/gm, '')
      .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(outside).not.toMatch(/<(?!\/?(?:details|summary)>)/);
    expect(outside).not.toMatch(/[@#](?=[A-Za-z0-9])(?<!&#)/);
    expect(outside).not.toContain('](');
    expect(outside).not.toContain('**bold**');
    expect(outside).not.toContain('\u202e');
  });

  test('keeps SQL inside its code fence', () => {
    expect(markdownReport(evil)).toMatch(/^`````sql\n[\s\S]*?\n````\n`````$/m);
  });
});

test('the JSON report matches its documentation', () => {
  const report = JSON.parse(jsonReport(review({ findings: [{ ...finding(), more: 1 } as ReviewFinding] })));
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report).toEqual({
    verdict: 'danger',
    planDigest: '0123456789abcdef'.repeat(4),
    findings: [finding()],
    accepted: [],
    summary: {
      environment: 'production',
      base: 'main (1a2b3c4)',
      head: 'feature (5d6e7f8)',
      counts: { danger: 1, caution: 0, note: 0 },
      changes: { added: 0, removed: 0, replaced: 1, 'may-replace': 0, renamed: 0, changed: 0 },
      unjudged: 0,
      stacks: [{ name: 'shop-data', region: 'eu-west-1', state: 'changed', resources: 2, changes: 1 }],
      migrations: { known: true, added: ['0001_second.sql'], altered: [] },
      cost: { before: 0, after: 1, asOf: '2026-11-23', region: 'us-east-1', unpriced: [] },
    },
  });
});

describe('HTML', () => {
  test('is one page without scripts and external files', () => {
    const page = htmlReport(review());
    expect(page).toMatch(/^<!doctype html>/);
    // A link is followed only by a reader who wants to.
    const links = / href="(https:\/\/[^"]+)" rel="noreferrer"/g;
    expect([...page.matchAll(links)].map(([, link]) => link)).toEqual([finding().link]);
    expect(page.replace(links, '')).not.toMatch(/<script|https?:\/\/|@import|url\(/);
    expect(page).toContain("default-src 'none'");
  });

  test('escapes text of a template', () => {
    const page = htmlReport(evil);
    expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(page).not.toContain('\u202e');
  });

  test('links each finding and each marked resource to the change', () => {
    const page = htmlReport(review());
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(1);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });
});

test('highlights the difference of two long values', () => {
  const [before, after] = ['a', 'b'].map((middle) => `${'x'.repeat(300)}${middle}${'y'.repeat(300)}`);
  expect(shown({ path: 'Properties.Body', before, after })).toEqual({
    path: 'Body',
    before: `…${'x'.repeat(60)}a${'y'.repeat(60)}…`,
    after: `…${'x'.repeat(60)}b${'y'.repeat(60)}…`,
  });
  expect(shown({ path: 'Properties.Body', before: undefined, after: 'z'.repeat(700) })).toEqual({
    path: 'Body',
    after: `${'z'.repeat(600)}… (100 more characters)`,
  });
});

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!BROWSER) console.warn('SKIPPED: no Chromium on this machine, so nobody has looked at the report');

test.skipIf(!BROWSER)('the page is readable on a desktop and on a phone', { timeout: 120_000 }, async () => {
  const browser = await chromium.launch({ executablePath: BROWSER!, args: ['--no-sandbox'] });
  try {
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [360, 'dark'],
    ] as const) {
      for (const [name, given] of Object.entries({ review: review(), clean, evil })) {
        const complaints: string[] = [];
        const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
        page.on('console', ({ text }) => complaints.push(text()));
        page.on('pageerror', ({ message }) => complaints.push(message));
        page.on('request', (request) => {
          if (!/^(about|data):/.test(request.url())) complaints.push(request.url());
        });
        await page.setContent(htmlReport(given));
        expect(await page.locator('h1').textContent()).toBe(name === 'clean' ? 'Clean' : 'Danger');
        expect(await page.title()).not.toBe('pwned');
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect({ name, width, overflow }).toEqual({ name, width, overflow: 0 });
        if (name === 'review') {
          expect(await page.getByText('aurora-mysql').isVisible()).toBe(false);
          await page.locator('details.resource summary').first().click();
          expect(await page.getByText('aurora-mysql').isVisible()).toBe(true);
        }
        expect(complaints).toEqual([]);
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
});
