import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isWithin } from '../files/inside';
import { isFile } from '../files/is-file';
import type { ApplicationConfig } from './application-config';
import { detectClient } from './detect-client';
import { filesOf } from './digest';
import { isServer, type PackageManifest } from './package-manifest';
import type { Member } from './workspace-exports';

/** The packages of an application that may be its server and its client. */
export interface Sides {
  readonly servers: readonly Member[];
  readonly clients: readonly Member[];
}

/**
 * Finds the server and the client among the packages of an application. The package at the root may declare the
 * dependencies for all of them. A package without its own dependency on Express or Vite then counts if its modules
 * start a server, or if its page loads a module.
 */
export function sidesOf(
  directory: string,
  { manifest }: Member,
  members: readonly Member[],
  config: ApplicationConfig,
): Sides {
  const { entry } = config.server ?? {};
  const page = config.client?.viteConfig ?? config.client?.root;
  const containing = (path: string) =>
    members.filter(({ folder }) => isWithin(posix.normalize(path), folder));
  const pages = members.filter(({ folder }) => isPage(directory, folder));
  return {
    servers: entry
      ? containing(entry)
      : firstFound(
          members.filter(({ manifest: own }) => isServer(own)),
          () => (isServer(manifest) ? members.filter(({ folder }) => startsServer(directory, folder)) : []),
        ),
    clients: page
      ? containing(page)
      : firstFound(
          pages.filter(({ manifest: own }) => usesVite(own)),
          () => (usesVite(manifest) ? pages.filter(({ folder }) => loadsModule(directory, folder)) : []),
        ),
  };
}

/** Returns true if the package at the root, or a folder below it without a package of its own, has the client. */
export function isClientOfRoot(directory: string, config: ApplicationConfig): boolean {
  const problems: Parameters<typeof detectClient>[2] = [];
  detectClient(directory, config.client ?? {}, problems);
  return problems.length === 0;
}

/** Returns true if the package has its own page and is not a design canvas for components. */
export function isPage(directory: string, folder: string): boolean {
  if (!isFile(join(directory, folder, 'index.html'))) return false;
  const artifact = join(directory, folder, '.replit-artifact', 'artifact.toml');
  return !existsSync(artifact) || !/^kind\s*=\s*"design"/m.test(readFileSync(artifact, 'utf8'));
}

function firstFound(declared: readonly Member[], others: () => readonly Member[]): readonly Member[] {
  return declared.length > 0 ? declared : others();
}

function usesVite({ dependencies, devDependencies, clientDependencies }: PackageManifest): boolean {
  return 'vite' in { ...dependencies, ...devDependencies, ...clientDependencies };
}

const GENERATED = new Set(['node_modules', 'dist', 'build', '.git']);
const EXPRESS = /^\s*import (?!type\b)[^;'"]*['"]express['"]|\brequire\(\s*['"]express['"]\s*\)/m;

/** Returns true if modules of a package import Express and call `listen`. A package of middleware has only routers. */
function startsServer(directory: string, folder: string): boolean {
  const texts = filesOf(join(directory, folder), GENERATED)
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !/\.(test|spec|d)\.\w+$/.test(file))
    .map((file) => readFileSync(join(directory, folder, file), 'utf8'));
  return texts.some((text) => EXPRESS.test(text)) && texts.some((text) => /\.listen\s*\(/.test(text));
}

/** Returns true if the page of a package loads a module, as a page that Vite builds does. */
function loadsModule(directory: string, folder: string): boolean {
  return /<script\b[^>]*\btype\s*=\s*["']?module\b/i.test(
    readFileSync(join(directory, folder, 'index.html'), 'utf8'),
  );
}
