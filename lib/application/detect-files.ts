import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { filesOf } from './digest';
import type { ServerSources } from './server-sources';

/** Megabytes that a file or folder may have to be taken into the image unasked. */
const largest = 10;

/** Folders of sources, and what is made or installed: naming them is no reading. */
const wholes = /^(\.|client|server|shared|src|client\/src|node_modules|dist|build|\.git)$/;
const never =
  /(^|\/)(node_modules|\.git|\.env[^/]*|package(-lock)?\.json)(\/|$)|\.([cm]?[jt]sx?|map)$|^(dist|client\/(src|index\.html))(\/|$)/;

/**
 * Files and folders of the application that the server names in a path and that are there: it reads them at run
 * time (templates, prompts, seeds). Relative to the application, like the paths of a process whose folder it is.
 */
export function detectFiles(
  directory: string,
  { files }: ServerSources,
  outDir: string,
  written: readonly string[],
): { files: string[]; warnings: string[] } {
  const found = new Set<string>();
  const warnings: string[] = [];
  for (const { file, code, imports } of files) {
    if (/(^|\/)vite\.[jt]s$/.test(file)) continue;
    for (const path of [
      ...joinedPaths(code),
      ...literalPaths(code).filter((literal) => !imports.has(literal)),
    ]) {
      // A path from the module's own folder is one from dist/, where the bundle lies.
      const candidates = [path, posix.join('dist', path)].map((candidate) =>
        posix.normalize(candidate).replace(/\/$/, ''),
      );
      for (const candidate of candidates) {
        if (wholes.test(candidate) || never.test(candidate) || candidate.startsWith('..')) continue;
        if (isWithin(candidate, outDir) || written.some((folder) => isWithin(candidate, folder))) continue;
        if (found.has(candidate) || !existsSync(join(directory, candidate))) continue;
        found.add(candidate);
      }
    }
  }
  const kept = [...found]
    .sort()
    .filter((path, _, all) => !all.some((other) => other !== path && isWithin(path, other)));
  return {
    files: kept.filter((path) => {
      const size = sizeOf(join(directory, path)) / 1e6;
      if (size <= largest) return true;
      warnings.push(
        `${path}: the server seems to read it, and it is not in the image, because it has ${Math.round(size)} MB: keep it in S3, or name it in application.server.files`,
      );
      return false;
    }),
    warnings,
  };
}

/** `path.join(process.cwd(), 'a', 'b')` → `a/b`. */
function joinedPaths(code: string): string[] {
  const call =
    /\b(?:join|resolve)\s*\(\s*(?:process\.cwd\(\)|__dirname|import\.meta\.dirname|[\w$]*(?:dir|root|cwd)[\w$]*)\s*,\s*((?:(['"`])[^'"`$\n]*\2\s*,?\s*)+)/gi;
  return [...code.matchAll(call)].map((match) =>
    posix.join(...[...match[1]!.matchAll(/(['"`])([^'"`]*)\1/g)].map((literal) => literal[2]!)),
  );
}

/** Strings that read like a relative path: a slash inside, or a file's ending. */
function literalPaths(code: string): string[] {
  return [...code.matchAll(/(['"`])((?:\.{1,2}\/)*[\w@-][\w@. -]*(?:\/[\w@. -]+)*\/?)\1/g)]
    .map((match) => match[2]!)
    .filter(
      (path) => (path.includes('/') || /\.\w{2,5}$/.test(path)) && !/^[\w.-]+\/[\w.+-]+;|^https?:/.test(path),
    );
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function sizeOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return filesOf(path).reduce((sum, file) => sum + statSync(join(path, file)).size, 0);
}
