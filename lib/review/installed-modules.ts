import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];

/** Returns the lockfile of a folder. */
export function lockfileOf(folder: string): string | undefined {
  return LOCKFILES.find((name) => existsSync(join(folder, name)));
}

/** Returns true if two lockfiles install the same packages. The name and version of the project itself do not count. */
export function sameDependencies(one: string, other: string): boolean {
  if (!existsSync(other)) return false;
  return dependencies(one) === dependencies(other);
}

function dependencies(file: string): string {
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.json')) return text;
  try {
    const { packages = {}, ...rest } = JSON.parse(text) as {
      packages?: Record<string, object>;
      name?: string;
      version?: string;
    };
    const named = { ...rest, name: undefined, version: undefined };
    const root = { ...packages[''], name: undefined, version: undefined };
    return JSON.stringify({ ...named, packages: { ...packages, '': root } });
  } catch {
    return text;
  }
}

export interface LinkOptions {
  /** Folder with `node_modules`. */
  readonly from: string;
  /** Folder that gets the links. */
  readonly to: string;
  readonly repository: string;
  readonly worktree: string;
}

/**
 * Links each installed package of one folder into another. The folder `node_modules` itself is not linked, because
 * installing or cleaning up in the second folder would change the first. Packages of the repository itself
 * (workspaces) link to the worktree.
 */
export function linkModules({ from, to, repository, worktree }: LinkOptions): void {
  const [source, target] = [join(from, 'node_modules'), join(to, 'node_modules')];
  if (!existsSync(source) || existsSync(target)) return;
  const top = realpathSync(repository);
  const link = (name: string): void => {
    const path = realpathSync(join(source, name));
    const inside = relative(top, path);
    const own = !inside.startsWith('..') && !inside.split(sep).includes('node_modules');
    const counterpart = own ? join(worktree, inside) : path;
    if (!existsSync(counterpart)) return;
    if (own) linkModules({ from: path, to: counterpart, repository, worktree });
    const isFolder = lstatSync(counterpart).isDirectory();
    mkdirSync(dirname(join(target, name)), { recursive: true });
    symlinkSync(counterpart, join(target, name), isFolder ? 'junction' : 'file');
  };
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source)) {
    // Skip the caches of tools. Keep the files of npm and of this package's scripts.
    if (name.startsWith('.') && !['.bin', '.package-lock.json', '.installed-lock', '.pnpm'].includes(name))
      continue;
    if (!existsSync(join(source, name))) continue;
    if (name.startsWith('@')) for (const inner of readdirSync(join(source, name))) link(join(name, inner));
    else link(name);
  }
}
