import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Our bundle of a `*.runtime.ts`, or another by its file; `bundles/` lies at the same place relative to the
 * checkout and to `dist/`.
 */
export function runtimeBundle(name: string, file = 'index.mjs'): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const path = join(folder, 'bundles', name, file);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder)
      throw new Error(`bundles/${name}/${file} is missing; make it with \`npm run build\``);
  }
}
