import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../digest';
import type { Route } from '../reading/server-reading';

/** Source files of this size count as generated and are not searched. */
const largest = 500_000;

/**
 * Returns a function that tells if the client has pages below a folder such as `/admin/`: its sources contain a path
 * there that no route of the server answers.
 */
export function pagesOfClient(
  directory: string,
  root: string,
): (folder: string, routes: readonly Route[]) => boolean {
  let paths: ReadonlySet<string> | undefined;
  return (folder, routes) => {
    paths ??= pathsIn(directory, root);
    const patterns = routes.map(({ path, method }) => patternOf(path, method));
    return [...paths].some(
      (path) =>
        path.startsWith(folder) &&
        path.length > folder.length &&
        !patterns.some((pattern) => pattern.test(path)),
    );
  };
}

/** Returns strings in the client's sources that are paths. */
function pathsIn(directory: string, root: string): ReadonlySet<string> {
  const folder = join(directory, root);
  const paths = new Set<string>();
  if (!existsSync(folder)) return paths;
  const skipped = new Set(['node_modules', 'dist', 'public', '.git', 'server', 'migrations']);
  for (const file of filesOf(folder, skipped)) {
    if (!/\.[cm]?[jt]sx?$|\.(vue|svelte)$/.test(file) || statSync(join(folder, file)).size > largest)
      continue;
    for (const [, path] of readFileSync(join(folder, file), 'utf8').matchAll(/["'`](\/[\w\-.~/:*$]*)/g))
      paths.add(path!);
  }
  return paths;
}

/** Returns a pattern of the paths that a route answers. The client may write parameters as `:id` or `${id}`. */
function patternOf(path: string, method: string): RegExp {
  const segments = path.split('/').filter(Boolean);
  const parts = segments.map((segment) =>
    /^[\w\-.~]+$/.test(segment) ? segment.replaceAll('.', '\\.') : '[^/]+',
  );
  return new RegExp(`^/${parts.join('/')}${method === 'use' ? '(/.*)?' : '/?'}$`);
}
