import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { HASHED_PATH } from './hashed-path';

/** The files of one build of a client, divided by how they are stored and cached. */
export interface ClientFiles {
  /** Paths of files whose name changes with their content, relative to the folder, with `/`. */
  readonly hashed: readonly string[];
  /** Paths of all other files but HTML. */
  readonly unhashed: readonly string[];
  /** Paths of HTML files. */
  readonly html: readonly string[];
  /** Encoded URL paths of unhashed files that look hashed to the viewer-request function. */
  readonly lookalikes: readonly string[];
  /** Paths of files that Vite hashed, but whose folder or name the function does not take for hashed. */
  readonly unrecognised: readonly string[];
}

/** Paths of Vite's manifest: of Vite 5 and later, and of earlier versions. */
const MANIFESTS = ['.vite/manifest.json', 'manifest.json'];

/**
 * Lists the files of a build and tells hashed from unhashed ones. In doubt, a file is unhashed.
 *
 * A file is hashed if its path has the form of a hashed file, and if either Vite's manifest names the file, or the file
 * is code or a font and its hash can be neither a word nor a number. A source map is hashed if its file is.
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

/** Returns the URL path of a file, encoded as the viewer-request function encodes paths. */
export function urlPath(path: string): string {
  return `/${path.split('/').map(encodeURIComponent).join('/')}`;
}

interface ViteChunk {
  readonly file?: string;
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
}

/** Returns the files that Vite wrote, without those that Vite copied. */
function manifestFiles(folder: string): ReadonlySet<string> {
  for (const path of MANIFESTS) {
    let manifest: unknown;
    try {
      manifest = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    } catch {
      continue;
    }
    // A web application manifest may have the same name; it names no such files.
    const chunks = Object.values(manifest as Record<string, ViteChunk | null>);
    return new Set(
      chunks
        .flatMap((chunk) => [chunk?.file, ...(chunk?.css ?? []), ...(chunk?.assets ?? [])])
        .filter((file): file is string => typeof file === 'string' && !file.endsWith('.html')),
    );
  }
  return new Set();
}

/** Returns true for a hash with upper case, lower case and digits, in a file of a kind that people seldom name. */
function isUnmistakable(path: string): boolean {
  const [, hash = '', extension = ''] = /([\w-]{8})\.([A-Za-z0-9]+)$/.exec(path) ?? [];
  return (
    /^(js|mjs|css|wasm|woff2?)$/.test(extension) &&
    /[a-z]/.test(hash) &&
    /[A-Z]/.test(hash) &&
    /\d/.test(hash)
  );
}
