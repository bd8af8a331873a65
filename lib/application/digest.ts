import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ownCodeDigest } from '../files/own-package';
import { runtimeBundle } from '../files/runtime-bundle';
import type { ApplicationConfig } from './application-config';

/** Folders and files that are not sources: installed packages, build results, cloud assemblies and the git history. */
const leftOut = new Set(['node_modules', 'dist', 'cdk.out', '.git', '.cache', '.DS_Store']);
/**
 * Size in bytes above which the digest uses a file's size and time instead of its content, because reading the file
 * would take too long.
 */
const large = 8_000_000;

/** Returns the digest of folders: of each file's relative path and content, without times and absolute paths. */
export function contentsDigest(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    hash.update(`${basename(folder)}\n`);
    if (existsSync(folder))
      for (const file of filesOf(folder)) hash.update(`${file}\n`).update(digestOf(join(folder, file)));
  }
  return hash.digest('hex');
}

/**
 * Returns the digest of all inputs of a build: the files of the application outside `node_modules`, `dist` and `.git`
 * (including `.env*`, which Vite reads), the installed packages, the configuration, the variables that Vite puts into
 * the client, the code and bundles of this package, and the version of Node.js.
 *
 * @param code digest of the code of this package
 */
export function sourcesDigest(directory: string, config: ApplicationConfig, code = ownCodeDigest()): string {
  const hash = createHash('sha256');
  const files = filesOf(directory, leftOut);
  for (const file of files) {
    const path = join(directory, file);
    const { size, mtimeMs } = statSync(path);
    hash.update(`${file}\n`).update(size < large ? digestOf(path) : `${size} ${mtimeMs}`);
  }
  // The image also contains configured files that a build wrote into an excluded folder.
  for (const named of config.server?.files ?? []) {
    const path = join(directory, named);
    if (!named.split('/').some((part) => leftOut.has(part)) || !existsSync(path)) continue;
    for (const file of statSync(path).isDirectory() ? filesOf(path) : [''])
      hash.update(`${named}/${file}\n`).update(digestOf(join(path, file)));
  }
  for (const file of files.filter((each) => basename(each) === 'package.json')) {
    const installed = join(directory, dirname(file), 'node_modules', '.package-lock.json');
    if (existsSync(installed)) hash.update(readFileSync(installed));
  }
  const bundles = dirname(dirname(runtimeBundle('neon')));
  for (const name of ['neon', 'preload', 'migrate', 'pg', 'vite-build'])
    hash.update(readFileSync(join(bundles, name, 'index.mjs')));
  const viteVariables = Object.entries(process.env).filter(([name]) => name.startsWith('VITE_'));
  hash.update(JSON.stringify([config, viteVariables.sort(), code, process.version]));
  return hash.digest('hex');
}

function digestOf(file: string): Buffer {
  return createHash('sha256').update(readFileSync(file)).digest();
}

/** Returns the sorted paths of all files below a folder, with forward slashes. Links are not followed. */
export function filesOf(folder: string, without: ReadonlySet<string> = new Set()): string[] {
  const files: string[] = [];
  const walk = (prefix: string) => {
    for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
      if (without.has(entry.name)) continue;
      const path = prefix ? `${prefix}/${entry.name}` : entry.name;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) files.push(path);
    }
  };
  walk('');
  return files.sort();
}
