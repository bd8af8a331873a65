import type { Release } from '../application/release';
import type { Workspace } from '../rehearsal/core/workspace';
import { Browser } from './browser';
import { LocalCloudFront } from './local-cloudfront';

/** A page, and the faults that a browser reported there. */
export interface VisitedPage {
  readonly path: string;
  readonly complaints: readonly string[];
}

/** Maximum number of pages to visit. */
const mostPages = 5;

/**
 * Opens the pages of a release in a browser, with their policies of production.
 * @param chromium path of the browser
 * @param client folder of the built client
 * @param port port of this machine on which the server listens
 * @returns undefined if the browser does not work
 */
export async function visitPages(
  chromium: string,
  workspace: Workspace,
  { release, client, port }: { readonly release: Release; readonly client: string; readonly port: number },
): Promise<readonly VisitedPage[] | undefined> {
  const front = new LocalCloudFront(release, client, port);
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
