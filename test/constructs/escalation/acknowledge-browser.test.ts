import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { chromium, type Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Incidents } from '../../../constructs/escalation/incidents';
import { serveAcknowledge } from './acknowledge-server';
import { NAME } from './escalation-stack';
import { START, World } from './world';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!BROWSER)
  console.warn('SKIPPED: no Chromium on this machine, so nobody has looked at the acknowledge page');
/** The picture in the documents. The test writes it only on demand, so that a test run changes no file. */
const PICTURE = process.env['WRITE_PICTURES'] && join(__dirname, '../../../docs/images/acknowledge.png');
const SECRET = 'AbCdEfGhIjKlMnOpQrStUv';

test.skipIf(!BROWSER)(
  'a paged person opens the page and acknowledges the incident',
  { timeout: 120_000 },
  async () => {
    const world = new World({ StartAt: '', States: {} });
    const site = await serveAcknowledge();
    const browser = await chromium.launch({ executablePath: BROWSER!, args: ['--no-sandbox'] });
    const complaints: string[] = [];
    try {
      await world.fire(`${NAME}-page-server-fails`);
      await new Incidents(new DynamoDBClient({}), 'incidents').invite(
        createHash('sha256').update(SECRET).digest('hex'),
        {
          cause: 'application',
          incident: world.executions[0]!,
          name: 'Ada',
          expires: START.getTime() / 1000 + 3600,
        },
      );
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({
          viewport: { width: 390, height: 844 },
          colorScheme,
          javaScriptEnabled: false,
        });
        page.on('console', (message) => complaints.push(message.text()));
        await page.goto(`${site.url}/${SECRET}`);
        await page.getByRole('heading', { name: 'People get errors.' }).waitFor();
        const ground = await page.evaluate(
          "getComputedStyle(document.querySelector('main')).backgroundColor",
        );
        // The policy lets the page's own style through, and the style knows the night.
        expect(ground).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(26, 31, 37)');
        expect(await overflows(page)).toBe(false);
        const button = await page.getByRole('button', { name: 'Acknowledge' }).boundingBox();
        expect(button!.height).toBeGreaterThanOrEqual(48);
        expect(button!.y + button!.height).toBeLessThan(844);
        if (PICTURE && colorScheme === 'light') await page.screenshot({ path: PICTURE });
        await page.close();
      }

      const page = await browser.newPage({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
      await page.goto(`${site.url}/${SECRET}`);
      expect(await page.getByLabel('Your name').inputValue()).toBe('Ada');
      await page.getByRole('button', { name: 'Acknowledge' }).click();
      await page.getByRole('heading', { name: 'You have taken over this incident' }).waitFor();
      await page.goto(`${site.url}/${SECRET}`);
      await page.getByRole('heading', { name: 'Ada has taken over this incident' }).waitFor();
      expect(await overflows(page)).toBe(false);
      expect(world.item?.['acknowledgedBy']?.S).toBe('Ada');
      expect(complaints.filter((text) => !/favicon|status of 4/.test(text))).toEqual([]);
    } finally {
      await browser.close();
      await site.stop();
      world.stop();
    }
  },
);

function overflows(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}
