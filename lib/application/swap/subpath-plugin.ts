import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { isFile } from '../../files/is-file';
import { folderAbove, packageName, readJson } from '../package-manifest';

/**
 * Completes imports such as `dayjs/plugin/utc` to the file of the package. `tsx` and esbuild find such a file without
 * its extension. Node.js does not in an ES module, if the package has no `exports`.
 * https://nodejs.org/api/esm.html#mandatory-file-extensions
 */
export const subpathPlugin: Plugin = {
  name: 'subpaths',
  setup({ onResolve }) {
    onResolve({ filter: /^(@[\w.-]+\/)?[\w][\w.-]*\/./ }, ({ path, resolveDir }) => {
      const folder = folderAbove(resolveDir, packageName(path));
      if (!folder || readJson<{ exports?: unknown }>(join(folder, 'package.json'))?.exports) return undefined;
      const file = join(folder, path.slice(packageName(path).length));
      if (isFile(file)) return undefined;
      const ending = ['.js', '.cjs', '.mjs', '/index.js'].find((each) => isFile(`${file}${each}`));
      return ending === undefined ? undefined : { path: `${path}${ending}`, external: true };
    });
  },
};
