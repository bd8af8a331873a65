import { join } from 'node:path';
import type { Application } from '../application';
import { packageName } from '../package-manifest';
import { startVite } from './start-vite';

/** Bundles to build. */
export interface PageBundlesTask {
  readonly application: Application;
  /** Folder of the image. */
  readonly image: string;
  /** Temporary folder. */
  readonly work: string;
  /** Variables that Vite may put into the bundles. */
  readonly constants: Readonly<Record<string, string>>;
  readonly progress: (line: string) => void;
}

/**
 * Builds the bundles that the server loads to render pages, at the paths where the server looks for them.
 *
 * @returns packages that the bundles import
 */
export async function buildPageBundles({
  application: { directory, client, packages, pageBundles },
  image,
  work,
  constants,
  progress,
}: PageBundlesTask): Promise<string[]> {
  const imported = new Set<string>();
  for (const [index, pages] of pageBundles.entries()) {
    progress(`pages: building their bundle (${pages.script})`);
    const run = await startVite({
      directory,
      client,
      packages,
      pages,
      outDir: image,
      work: join(work, String(index)),
      constants,
      progress: () => {},
    });
    for (const path of (await run.result).externals) imported.add(packageName(path));
  }
  return [...imported].sort();
}
