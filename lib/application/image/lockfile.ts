import type { ProductionManifest } from './production-manifest';

/** An entry of package-lock.json's `packages`. */
export interface LockedPackage {
  name?: string;
  version?: string;
  resolved?: string;
  link?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
  peer?: boolean;
  extraneous?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  [key: string]: unknown;
}

/** package-lock.json from version 2 on. */
export interface Lockfile {
  name?: string;
  version?: string;
  lockfileVersion: number;
  requires?: boolean;
  packages: Record<string, LockedPackage>;
}

/** Where Node.js finds a package from inside another: the nearest node_modules upward. */
export function resolveLocked(lock: Lockfile, from: string, name: string): string | undefined {
  for (let folder = from; ; ) {
    const candidate = folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`;
    if (lock.packages[candidate]) return candidate;
    if (!folder) return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
    if (!folder.includes('node_modules')) folder = '';
  }
}

/** Every package that those named need, by place; true where something other than an optional one needs it. */
export function reachable(lock: Lockfile, names: Iterable<string>): Map<string, boolean> {
  const found = new Map<string, boolean>();
  const visit = (place: string, required: boolean) => {
    if (found.get(place) || (found.has(place) && !required)) return;
    found.set(place, required);
    const entry = lock.packages[place]!;
    const optionalPeer = (name: string) => entry.peerDependenciesMeta?.[name]?.optional;
    const needs = (list: Record<string, string> | undefined, stillRequired: boolean) => {
      for (const name of Object.keys(list ?? {})) {
        const target = resolveLocked(lock, place, name);
        if (target) visit(target, stillRequired);
      }
    };
    needs(entry.optionalDependencies, false);
    needs(
      without(entry.dependencies, (name) => name in (entry.optionalDependencies ?? {})),
      required,
    );
    needs(
      without(entry.peerDependencies, (name) => Boolean(optionalPeer(name))),
      required,
    );
  };
  for (const name of names) {
    const place = resolveLocked(lock, '', name);
    if (place) visit(place, true);
  }
  return found;
}

/** The application's lockfile for a smaller manifest: root entry rewritten, the rest pruned, versions untouched. */
export function deriveLockfile(lock: Lockfile, manifest: ProductionManifest): Lockfile {
  const kept = reachable(lock, Object.keys(manifest.dependencies));
  const { name, version, dependencies } = manifest;
  const packages: Lockfile['packages'] = { '': { name, version, dependencies } };
  for (const place of [...kept.keys()].sort()) {
    const {
      dev: _,
      devOptional: __,
      optional: ___,
      peer: ____,
      extraneous: _____,
      ...entry
    } = lock.packages[place]!;
    packages[place] = { ...entry, ...(kept.get(place) ? {} : { optional: true }) };
  }
  return { name, version, lockfileVersion: 3, requires: true, packages };
}

function without<T>(
  record: Record<string, T> | undefined,
  leave: (name: string) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => !leave(name)));
}
