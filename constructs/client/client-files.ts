import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { HASHED_PATH } from './hashed-path';

/** Files of a client build, grouped by the way they are stored and cached. */
export interface ClientFiles {
  /** Paths of hashed files, whose names change with their content: relative to the folder, with `/` as separator. */
  readonly hashed: readonly string[];
  /** Paths of all other files except HTML. */
  readonly unhashed: readonly string[];
  /** Paths of HTML files. */
  readonly html: readonly string[];
  /** Encoded URL paths of unhashed files that the viewer-request function would take for hashed. */
  readonly lookalikes: readonly string[];
  /**
   * Paths of files that Vite hashed, but that the viewer-request function would take for unhashed because of their
   * folder or name.
   */
  readonly unrecognised: readonly string[];
}

/** Paths of Vite's manifest: since Vite 5, and before. */
const MANIFESTS = ['.vite/manifest.json', 'manifest.json'];

/**
 * Lists the files of a build and separates hashed from unhashed files. A doubtful file counts as unhashed.
 *
 * A file is hashed if its path has the form of a hashed file and one of these is true: Vite's manifest lists the file,
 * or the file is code or a font and its hash cannot be a word or a number. A source map is hashed if the file it
 * belongs to is hashed.
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

/** Returns the URL path of a file, with the same encoding as in the viewer-request function. */
export function urlPath(path: string): string {
  return `/${path.split('/').map(encodeURIComponent).join('/')}`;
}

interface ViteChunk {
  readonly file?: string;
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
}

/** Returns the files that Vite generated, without the files that Vite copied. */
function manifestFiles(folder: string): ReadonlySet<string> {
  for (const path of MANIFESTS) {
    let manifest: unknown;
    try {
      manifest = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    } catch {
      continue;
    }
    // `manifest.json` may also be a web application manifest, which lists no such files.
    const chunks = Object.values(manifest as Record<string, ViteChunk | null>);
    return new Set(
      chunks
        .flatMap((chunk) => [chunk?.file, ...(chunk?.css ?? []), ...(chunk?.assets ?? [])])
        .filter((file): file is string => typeof file === 'string' && !file.endsWith('.html')),
    );
  }
  return new Set();
}

/**
 * Returns true if the hash has upper case, lower case and digits, and the file is code or a font. People seldom give
 * such a file such a name.
 */
function isUnmistakable(path: string): boolean {
  const [, hash = '', extension = ''] = /([\w-]{8})\.([A-Za-z0-9]+)$/.exec(path) ?? [];
  return (
    /^(js|mjs|css|wasm|woff2?)$/.test(extension) &&
    /[a-z]/.test(hash) &&
    /[A-Z]/.test(hash) &&
    /\d/.test(hash)
  );
}
