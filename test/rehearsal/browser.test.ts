import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import { guestbookPlan } from './plan';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!BROWSER) console.warn('SKIPPED: no Chromium on this machine, so nobody has looked at the guestbook');

test.skipIf(!BROWSER)('a person signs the guestbook through the edge', { timeout: 120_000 }, async () => {
  const { plan, remove } = await guestbookPlan('staging');
  const complaints: string[] = [];
  try {
    const { verdict, problem } = await rehearse({
      assembly: plan,
      secondRelease: false,
      whenReady: (url) => sign(url, complaints),
    });
    expect({ verdict, problem }).toEqual({ verdict: 'passed', problem: undefined });
    expect(complaints).toEqual([]);
  } finally {
    remove();
  }
});

async function sign(url: string, complaints: string[]): Promise<void> {
  const browser = await chromium.launch({ executablePath: BROWSER!, args: ['--no-sandbox'] });
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
