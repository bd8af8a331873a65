import type { Release } from '../application/release';
import type { Workspace } from '../rehearsal/core/workspace';
import { Browser } from './browser';
import { Front } from './front';

/** A page, and what a browser complained of there. */
export interface VisitedPage {
  readonly path: string;
  readonly complaints: readonly string[];
}

/** Pages that are visited at most. */
const mostPages = 5;

/**
 * Opens the pages of a release in a browser, with the policies that they will have.
 *
 * @param chromium path of the browser
 * @param client folder of the built client
 * @param port port of this machine on which the server listens
 * @returns undefined if the browser cannot be driven
 */
export async function look(
  chromium: string,
  workspace: Workspace,
  { release, client, port }: { readonly release: Release; readonly client: string; readonly port: number },
): Promise<readonly VisitedPage[] | undefined> {
  const front = new Front(release, client, port);
  const browser = new Browser(chromium, workspace);
  try {
    const url = await front.listen();
    const visited: VisitedPage[] = [];
    for (const path of front.pages.slice(0, mostPages))
      visited.push({ path, complaints: await browser.visit(url + path) });
    return visited;
  } catch {
    return undefined;
  } finally {
    browser.close();
    front.close();
  }
}
