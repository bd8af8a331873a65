import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes that scripts and style sheets of the first visit may have together, compressed with gzip. */
export const FIRST_LOAD_BUDGET = 200_000;

/** The scripts and style sheets that a browser loads before it can show a page. */
export interface FirstLoad {
  /** Sum of the files, each compressed with gzip. */
  readonly bytes: number;
  /** Paths of the files, sorted. */
  readonly files: readonly string[];
}

/**
 * Adds up what a page loads at once: its scripts and style sheets, and the modules that those import statically.
 * Modules that `import()` loads later do not count.
 * @param page text of the page
 * @param read content of a file by its path, which begins with a slash; undefined if there is no such file
 */
export async function firstLoad(
  page: string,
  read: (path: string) => Promise<Buffer | undefined>,
): Promise<FirstLoad> {
  const paths = new Set(tagsOf(withoutComments(page)).flatMap((path) => localPath(path, '/') ?? []));
  const sizes = new Map<string, number>();
  for (const path of paths) {
    const content = await read(path);
    if (!content) continue;
    sizes.set(path, gzipSync(content).length);
    if (!/\.m?js$/.test(path)) continue;
    const imports = content.toString('utf8').matchAll(/\b(?:from|import)\s*["']([^"'\s]+\.m?js)["']/g);
    for (const [, written] of imports) {
      const imported = localPath(written!, posix.dirname(path));
      if (imported) paths.add(imported);
    }
  }
  return {
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    files: [...sizes.keys()].sort(),
  };
}

function withoutComments(page: string): string {
  const [first = '', ...others] = page.split('<!--');
  return [first, ...others.map((part) => part.slice(part.indexOf('-->') + 3))].join('');
}

function tagsOf(page: string): string[] {
  return [...page.matchAll(/<(script|link)\b([^<>]*)>/gi)].flatMap(([, tag, attributes = '']) => {
    const attribute = (name: string) =>
      new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']?([^"'\\s>]+)`, 'i').exec(attributes)?.[1];
    if (tag!.toLowerCase() === 'script') return attribute('src') ?? [];
    return /^(stylesheet|modulepreload)$/i.test(attribute('rel') ?? '') ? (attribute('href') ?? []) : [];
  });
}

/** A path from the root of the site; undefined for a file of another site and for a name of a package. */
function localPath(written: string, folder: string): string | undefined {
  if (/^(\w+:|\/\/)/.test(written) || (folder !== '/' && !/^[./]/.test(written))) return undefined;
  return posix.resolve(folder, written.replace(/[?#].*$/, ''));
}
