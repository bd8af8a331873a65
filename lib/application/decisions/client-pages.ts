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
  const paths = textsIn(directory, root).flatMap((text) =>
    [...text.matchAll(/["'`](\/[\w\-.~/:*$]*)/g)].map((match) => match[1]!),
  );
  return new Set(paths);
}

/** Matches the path behind the page's own host, in a template or a sum of texts. */
const behindHost =
  /(?:(?:wss?:|\$\{(?!(?:window\.)?location\.protocol\})[^}`]*\})\/\/\$\{[^}`]*\bhost(?:name)?\b[^}`]*\}(?::\$\{[^}`]*\})?|\bhost\s*\+\s*["'`])(\/[\w\-.~/]+)/g;

/** Returns the paths at which the client opens WebSockets to its own host, sorted. */
export function socketPathsOfClient(directory: string, root: string): string[] {
  const paths = textsIn(directory, root)
    .filter((text) => /\bnew\s+\w*WebSocket\(/.test(text))
    .flatMap((text) => [...text.matchAll(behindHost)].map((match) => match[1]!.replace(/\/$/, '')));
  return [...new Set(paths)].filter(Boolean).sort();
}

/** Returns the texts of the client's sources. */
function textsIn(directory: string, root: string): string[] {
  const folder = join(directory, root);
  if (!existsSync(folder)) return [];
  const skipped = new Set(['node_modules', 'dist', 'public', '.git', 'server', 'migrations']);
  return filesOf(folder, skipped)
    .filter((file) => /\.[cm]?[jt]sx?$|\.(vue|svelte)$/.test(file))
    .filter((file) => statSync(join(folder, file)).size <= largest)
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** Returns a pattern of the paths that a route answers. The client may write parameters as `:id` or `${id}`. */
function patternOf(path: string, method: string): RegExp {
  const segments = path.split('/').filter(Boolean);
  const parts = segments.map((segment) =>
    /^[\w\-.~]+$/.test(segment) ? segment.replaceAll('.', '\\.') : '[^/]+',
  );
  return new RegExp(`^/${parts.join('/')}${method === 'use' ? '(/.*)?' : '/?'}$`);
}
