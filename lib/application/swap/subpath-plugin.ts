import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { packageName, readJson } from '../package-manifest';

/**
 * Completes imports such as `dayjs/plugin/utc` to the file of the package. `tsx` and esbuild find such a file without
 * its extension. Node.js does not in an ES module, if the package has no `exports`.
 * https://nodejs.org/api/esm.html#mandatory-file-extensions
 */
export const subpathPlugin: Plugin = {
  name: 'subpaths',
  setup({ onResolve }) {
    onResolve({ filter: /^(@[\w.-]+\/)?[\w][\w.-]*\/./ }, ({ path, resolveDir }) => {
      const folder = installedFolder(resolveDir, packageName(path));
      if (!folder || readJson<{ exports?: unknown }>(join(folder, 'package.json'))?.exports) return undefined;
      const file = join(folder, path.slice(packageName(path).length));
      if (isFile(file)) return undefined;
      const ending = ['.js', '.cjs', '.mjs', '/index.js'].find((each) => isFile(`${file}${each}`));
      return ending === undefined ? undefined : { path: `${path}${ending}`, external: true };
    });
  },
};

function installedFolder(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
    if (dirname(folder) === folder) return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
