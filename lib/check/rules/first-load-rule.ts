import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { FIRST_LOAD_BUDGET, firstLoad } from '../../files/first-load';
import type { Rule } from '../rule';

export const firstLoadLarge: Rule = {
  rule: 'first-load-large',
  asks: 'Scripts and style sheets of the first load have at most 200 kB, compressed with gzip.',
  section: '6.2',
  severity: 'warning',
  why: 'a visitor with a slow connection waits for seconds before the page works',
  fix: [
    'load pages and large packages with import() when they are needed',
    'build the client again: the rule measures the files of the last build',
  ],
  example: "const Chart = lazy(() => import('./components/chart'));",
  async find({ directory, client }) {
    const file = posix.join(client.outDir, 'index.html');
    const read = (path: string) => {
      try {
        return readFileSync(join(directory, client.outDir, path));
      } catch {
        // The file is of another place, or nobody has built the client.
        return undefined;
      }
    };
    const page = read('index.html');
    if (!page) return [];
    const { bytes, files } = await firstLoad(page.toString('utf8'), async (path) => read(path));
    if (bytes <= FIRST_LOAD_BUDGET) return [];
    return [
      {
        file,
        what: `the first load of the built client has ${Math.round(bytes / 1000)} kB of scripts and style sheets with gzip, in ${files.length} files (limit ${FIRST_LOAD_BUDGET / 1000} kB)`,
      },
    ];
  },
};
