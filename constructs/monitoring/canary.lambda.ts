import { createRequire } from 'node:module';
import { parseChecks } from '../verification/checks';
import { verifyRelease } from '../verification/verify-release';
import type { CanaryVariables } from './canary.properties';

/** Part of Playwright's page that the canary uses. */
export interface Page {
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
  goto(url: string, options: { waitUntil: 'load'; timeout: number }): Promise<{ status(): number } | null>;
  innerText(selector: string, options: { timeout: number }): Promise<string>;
}

/** Part of the runtime's library that the canary uses. The library exists at run time only. */
export interface Synthetics {
  launch(): Promise<{ newContext(): Promise<unknown> }>;
  newPage(context: unknown): Promise<Page>;
  /** Runs a step. If the step throws, the runtime takes a screenshot of the newest page. */
  executeStep(name: string, step: () => Promise<void>): Promise<unknown>;
  close(): Promise<void>;
}

const TIMEOUT = 30_000;

/** Runs all checks as a user would. Throws if one of them fails. */
export async function walk(
  { BASE_URL, CHECKS }: CanaryVariables,
  synthetics: Synthetics,
  fetch: typeof globalThis.fetch,
): Promise<void> {
  const results = await verifyRelease(BASE_URL, { checks: parseChecks(CHECKS), page: true }, fetch, {
    attempts: 2,
    deadlineMs: 60_000,
    requestHeaders: { 'user-agent': 'framework53-canary' },
  });
  const failed = results.filter(({ passed }) => !passed).map(({ message }) => message);
  failed.push(...(await openPage(BASE_URL, synthetics)));
  if (failed.length > 0) throw new Error(`${failed.length} failed at ${BASE_URL}\n${failed.join('\n')}`);
}

/** Opens the page in a browser. The page's scripts must run, and the page must show text. */
async function openPage(url: string, synthetics: Synthetics): Promise<string[]> {
  const problems: string[] = [];
  const open = async (page: Page) => {
    page.on('pageerror', ({ message }) => problems.push(`a script of the page failed: ${message}`));
    try {
      const status = (await page.goto(`${url}/`, { waitUntil: 'load', timeout: TIMEOUT }))?.status();
      if (status !== 200) problems.push(`the browser got status ${status} for the page; expected 200`);
      if (!(await showsText(page))) problems.push(`the page was still empty after ${TIMEOUT / 1000} s`);
    } catch (error) {
      problems.push(`the browser cannot show the page: ${(error as Error).message}`);
    }
    // Synthetics takes a screenshot if a step fails.
    if (problems.length > 0) throw new Error('the page does not work');
  };
  try {
    const browser = await synthetics.launch();
    const page = await synthetics.newPage(await browser.newContext());
    await synthetics.executeStep('page', () => open(page));
  } catch (error) {
    if (problems.length === 0)
      problems.push(`the browser does not show the page: ${(error as Error).message}`);
  } finally {
    await synthetics.close();
  }
  return problems;
}

/**
 * Returns true if the page shows text. It asks through Playwright, because a content security policy may forbid
 * evaluating code in the page.
 */
async function showsText(page: Page): Promise<boolean> {
  const deadline = Date.now() + TIMEOUT;
  while (Date.now() < deadline) {
    if ((await page.innerText('body', { timeout: TIMEOUT })).trim() !== '') return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

export async function handler(): Promise<void> {
  // The bundle excludes this module, because the runtime provides it.
  const { synthetics } = createRequire(__filename)('@aws/synthetics-playwright') as {
    synthetics: Synthetics;
  };
  await walk(process.env as unknown as CanaryVariables, synthetics, fetch);
}
