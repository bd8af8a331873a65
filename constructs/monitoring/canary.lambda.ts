import { createRequire } from 'node:module';
import { parseChecks } from '../verification/checks';
import { verifyRelease } from '../verification/verify-release';
import type { CanaryVariables } from './canary.properties';

/** The part of Playwright's page that is used. */
export interface Page {
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
  goto(url: string, options: { waitUntil: 'load'; timeout: number }): Promise<{ status(): number } | null>;
  innerText(selector: string, options: { timeout: number }): Promise<string>;
}

/** The part of the runtime's own library that is used; it is there at run time only. */
export interface Synthetics {
  launch(): Promise<{ newContext(): Promise<unknown> }>;
  newPage(context: unknown): Promise<Page>;
  /** Runs a step, and takes a screenshot of the newest page when the step throws. */
  executeStep(name: string, step: () => Promise<void>): Promise<unknown>;
  close(): Promise<void>;
}

const TIMEOUT = 30_000;

/** Walks what every release promises, as a user comes to it; throws when something is missing. */
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

/** Opens the page in a browser: its scripts have to run, and to show something. */
async function openPage(url: string, synthetics: Synthetics): Promise<string[]> {
  const problems: string[] = [];
  const open = async (page: Page) => {
    page.on('pageerror', ({ message }) => problems.push(`a script of the page fails: ${message}`));
    try {
      const status = (await page.goto(`${url}/`, { waitUntil: 'load', timeout: TIMEOUT }))?.status();
      if (status !== 200) problems.push(`the browser gets status ${status} for the page, not 200`);
      if (!(await showsText(page))) problems.push(`the page shows nothing within ${TIMEOUT / 1000} s`);
    } catch (error) {
      problems.push(`the browser does not show the page: ${(error as Error).message}`);
    }
    // Synthetics takes the screenshot of a step that fails.
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

/** Asked from outside: a content security policy lets nothing be evaluated in the page. */
async function showsText(page: Page): Promise<boolean> {
  const deadline = Date.now() + TIMEOUT;
  while (Date.now() < deadline) {
    if ((await page.innerText('body', { timeout: TIMEOUT })).trim() !== '') return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

export async function handler(): Promise<void> {
  // Not to be bundled: the runtime brings it.
  const { synthetics } = createRequire(__filename)('@aws/synthetics-playwright') as {
    synthetics: Synthetics;
  };
  await walk(process.env as unknown as CanaryVariables, synthetics, fetch);
}
