import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Our bundle of a `*.runtime.ts`; `bundles/` lies at the same place relative to the checkout and to `dist/`. */
export function runtimeBundle(name: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'bundles', name, 'index.mjs');
    if (existsSync(file)) return file;
    if (dirname(folder) === folder)
      throw new Error(`bundles/${name}/index.mjs is missing; make it with \`npm run build\``);
  }
}
