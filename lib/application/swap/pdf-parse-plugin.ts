import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { packageFolder } from '../package-manifest';

const library = 'lib/pdf-parse.js';

/**
 * Redirects imports of pdf-parse 1 to its library, which is all that the package exports. If an ES module imports the
 * package itself, the package reads a PDF of its own tests below the working directory, and fails without this file.
 * https://www.npmjs.com/package/pdf-parse/v/1.1.1
 */
export const pdfParsePlugin: Plugin = {
  name: 'pdf-parse',
  setup({ onResolve }) {
    onResolve({ filter: /^pdf-parse$/ }, ({ path, resolveDir }) => {
      const folder = packageFolder(resolveDir, path);
      return folder && existsSync(join(folder, library))
        ? { path: `${path}/${library}`, external: true }
        : undefined;
    });
  },
};
