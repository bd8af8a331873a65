import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { HASHED_PATH } from './hashed-path';

/** The files of one build of a client, divided by how they are stored and cached. */
export interface ClientFiles {
  /** Paths, relative to the folder and with `/`, of files whose name changes with their content. */
  readonly hashed: readonly string[];
  /** Paths of all other files but HTML. */
  readonly unhashed: readonly string[];
  /** Paths of HTML files. */
  readonly html: readonly string[];
  /** Unhashed files that look hashed to the viewer-request function, as encoded URL paths. */
  readonly lookalikes: readonly string[];
  /** Files that Vite hashed but that lie or are named where the function does not expect hashed ones. */
  readonly unrecognised: readonly string[];
}

/** Where Vite 5 and later write the manifest; earlier versions wrote it beside `index.html`. */
const MANIFESTS = ['.vite/manifest.json', 'manifest.json'];

/**
 * Lists the files of a build and tells hashed from unhashed ones; in doubt, a file is unhashed.
 *
 * A file is hashed when its path has the form of one and either Vite's manifest names it, or it is code or
 * a font and its hash cannot be a word or a number. A source map is what the file it belongs to is.
 */
export function clientFiles(folder: string): ClientFiles {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.startsWith('.vite/'))
    .sort();
  const named = manifestFiles(folder);
  const isHashed = (path: string): boolean => {
    const subject = path.replace(/\.map$/, '');
    return HASHED_PATH.test(urlPath(subject)) && (named.has(subject) || isUnmistakable(subject));
  };

  const html = files.filter((path) => path.endsWith('.html'));
  const others = files.filter((path) => !path.endsWith('.html'));
  const hashed = others.filter(isHashed);
  const unhashed = others.filter((path) => !isHashed(path));
  return {
    hashed,
    unhashed,
    html,
    lookalikes: [...unhashed, ...html].map(urlPath).filter((path) => HASHED_PATH.test(path)),
    unrecognised: unhashed.filter((path) => named.has(path)),
  };
}

/** The path a browser asks for a file by, encoded as the viewer-request function encodes it. */
export function urlPath(path: string): string {
  return `/${path.split('/').map(encodeURIComponent).join('/')}`;
}

interface ViteChunk {
  readonly file?: string;
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
}

/** Files that Vite wrote, as opposed to files it copied. */
function manifestFiles(folder: string): ReadonlySet<string> {
  for (const path of MANIFESTS) {
    let manifest: unknown;
    try {
      manifest = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    } catch {
      continue;
    }
    // A web application manifest may lie under the same name; it names no such files.
    const chunks = Object.values(manifest as Record<string, ViteChunk | null>);
    return new Set(
      chunks
        .flatMap((chunk) => [chunk?.file, ...(chunk?.css ?? []), ...(chunk?.assets ?? [])])
        .filter((file): file is string => typeof file === 'string' && !file.endsWith('.html')),
    );
  }
  return new Set();
}

/** A hash with upper case, lower case and digits, in a file of a kind that is seldom named by hand. */
function isUnmistakable(path: string): boolean {
  const [, hash = '', extension = ''] = /([\w-]{8})\.([A-Za-z0-9]+)$/.exec(path) ?? [];
  return (
    /^(js|mjs|css|wasm|woff2?)$/.test(extension) &&
    /[a-z]/.test(hash) &&
    /[A-Z]/.test(hash) &&
    /\d/.test(hash)
  );
}
