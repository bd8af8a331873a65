import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Returns the path of a bundle that `scripts/build.mjs` created. `bundles/` is beside the compiled sources, both in
 * the checkout and in the package.
 */
export function runtimeBundle(name: string, file = 'index.mjs'): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const path = join(folder, 'bundles', name, file);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder)
      throw new Error(`bundles/${name}/${file} is missing; create it with \`npm run build\``);
  }
}
