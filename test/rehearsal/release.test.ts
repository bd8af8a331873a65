import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import { describeSummary, type Summary } from '../../lib/rehearsal/report';
import { rehearsedRollback } from '../../lib/releases/rehearsed-rollback';
import { GUESTBOOK, guestbookPlan } from './plan';
import { commandLines, filesWith, foldersOf, rehearsed, secretsOf } from './what-is-seen';
import { Writer } from './writer';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!BROWSER) console.warn('SKIPPED: no Chromium on this machine, so nobody has looked at the guestbook');

/** The guestbook with an additional migration that both releases support. */
function expanded(folder: string): string {
  const application = join(folder, basename(GUESTBOOK));
  cpSync(GUESTBOOK, application, {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist)$/.test(path),
  });
  symlinkSync(join(GUESTBOOK, 'node_modules'), join(application, 'node_modules'));
  const migrations = join(application, 'migrations');
  writeFileSync(join(migrations, '0001_mood.sql'), 'ALTER TABLE "entries" ADD COLUMN "mood" text;');
  const file = join(migrations, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8'));
  const [first] = journal.entries;
  journal.entries.push({ ...first, idx: 1, when: first.when + 1, tag: '0001_mood' });
  writeFileSync(file, JSON.stringify(journal));
  return application;
}

describe('a release that expands the schema under load', () => {
  const writer = new Writer();
  const complaints: string[] = [];
  let summary: Summary;
  let remove = () => {};
  const canary = 'canary-of-the-person-who-rehearses-52be0c';
  const seen = { secrets: [] as string[], folders: [] as string[], leaks: [] as string[], told: '' };
  /** Looks for secrets of the rehearsal, and of the person who rehearses, in all that others can read. */
  const look = () => {
    if (!existsSync('/proc/self/environ')) return;
    const running = rehearsed();
    seen.secrets = [...new Set([...seen.secrets, ...secretsOf(running)])];
    const texts = [...seen.secrets, canary];
    const inherited = running.filter(({ environment }) => Object.values(environment).includes(canary));
    seen.folders.push(...foldersOf(running));
    seen.leaks.push(
      ...commandLines().filter((line) => texts.some((text) => line.includes(text))),
      ...inherited.map(() => 'a process has a variable of the person who rehearses'),
      ...foldersOf(running).flatMap((folder) => filesWith(folder, texts)),
    );
  };
  beforeAll(async () => {
    for (const name of ['SESSION_SECRET', 'DATABASE_URL', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, canary);
    const folder = mkdtempSync(join(tmpdir(), 'rehearsal-expand-'));
    const [before, after] = [
      await guestbookPlan('staging'),
      await guestbookPlan('staging', {}, expanded(folder)),
    ];
    remove = () => {
      vi.unstubAllEnvs();
      before.remove();
      after.remove();
      rmSync(folder, { recursive: true, force: true });
    };
    summary = await rehearse({
      assembly: after.plan,
      releaseFrom: before.plan,
      paths: ['/api/entries'],
      trace: join(folder, 'trace.json'),
      progress: (line) => {
        seen.told += `${line}\n`;
      },
      afterwards: rehearsedRollback({ name: 'guestbook-staging', region: 'us-east-1' }),
      whenReady: async (url) => {
        if (BROWSER) await sign(BROWSER, url, complaints);
        await writer.start(url);
        look();
      },
      beforeEnd: async () => {
        await writer.stop();
        look();
      },
    });
    seen.told += readFileSync(join(folder, 'trace.json'), 'utf8');
  }, 200_000);
  afterAll(() => remove());

  test('passes, and so does a rollback by a person', () => {
    const { verdict, problem, events } = summary;
    expect({ verdict, problem }).toEqual({ verdict: 'passed', problem: undefined });
    const pointers = events.filter((event) => event.startsWith('pointer moved'));
    expect(pointers).toHaveLength(3);
    expect(pointers[2]).toBe(pointers[0]);
    expect(events.filter((event) => event.startsWith('users see it'))).toHaveLength(2);
    expect(events.filter((event) => event.startsWith('task started')).length).toBeGreaterThanOrEqual(2);
  });

  test('shows no secret in its report, its trace, its files and the command lines of its processes', () => {
    const told = `${seen.told}${JSON.stringify(summary)}${describeSummary(summary)}`;
    expect(told.length).toBeGreaterThan(10_000);
    if (existsSync('/proc/self/environ')) {
      expect(seen.secrets.length).toBeGreaterThan(1);
      expect(seen.folders.length).toBeGreaterThan(1);
    }
    expect([...seen.secrets, canary].filter((secret) => told.includes(secret))).toEqual([]);
    expect(seen.leaks).toEqual([]);
  });

  test.each(['second release: guestbook-staging-release', 'rollback'])(
    'fails no request during %s',
    (name) => {
      const step = summary.steps.find((one) => one.name === name);
      expect(step?.requests?.made).toBeGreaterThan(20);
      expect(step?.requests?.failed).toBe(0);
    },
  );

  test('loses no acknowledged row', () => {
    expect(writer.acknowledged).toBeGreaterThan(20);
    expect(writer.lost).toEqual([]);
  });

  test.skipIf(!BROWSER)(
    'lets a visitor use the application through CloudFront, without browser errors',
    () => {
      expect(complaints).toEqual([]);
    },
  );
});

/** Uses the application as a person does in a browser. Throws if a step fails. */
async function sign(executablePath: string, url: string, complaints: string[]): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const answer = await page.goto(url);
    expect(answer!.headers()['content-security-policy']).toContain("default-src 'self'");
    expect(answer!.headers()['x-environment']).toBe('staging');
    await page
      .getByText(/staging/i)
      .first()
      .waitFor();

    await page.goto(`${url}/sign-up`);
    await page.getByLabel(/name/i).fill('Ada Lovelace');
    await page.getByLabel(/password/i).fill('a long password');
    await page.locator('form button[type=submit]').click();
    const message = page.locator('form textarea');
    await message.waitFor();
    await message.fill('Was here, in a rehearsal.');
    await page.locator('form button[type=submit]').click();
    await page.getByText('Was here, in a rehearsal.').first().waitFor();
    await page.reload();
    await page.getByText('Was here, in a rehearsal.').first().waitFor();
  } finally {
    await browser.close();
  }
}
