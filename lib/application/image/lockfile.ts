/** An entry of package-lock.json's `packages`. */
export interface LockedPackage {
  name?: string;
  version?: string;
  optional?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
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

/** The packages of a lock that some of its packages need. */
export interface LockedNeeds {
  /** Places such as `node_modules/a`; true if something other than an optional dependency needs the package. */
  readonly places: ReadonlyMap<string, boolean>;
  /** Names of dependencies that the lock does not have. */
  readonly missing: ReadonlySet<string>;
  /** Names of required peers that the lock does not have: npm made the lock with `legacy-peer-deps`. */
  readonly missingPeers: ReadonlySet<string>;
}

/**
 * Finds all packages that the named ones need. npm's own commands do not decide this: which optional peers they
 * keep depends on npm's version (docs/decisions/0011).
 */
export function lockedNeeds({ packages }: Lockfile, names: Iterable<string>): LockedNeeds {
  const places = new Map<string, boolean>();
  const missing = new Set<string>();
  const missingPeers = new Set<string>();
  const visit = (from: string, name: string, required: boolean, absent?: Set<string>): void => {
    const place = resolve(packages, from, name);
    if (place === undefined) absent?.add(name);
    if (place === undefined || places.get(place) || (places.has(place) && !required)) return;
    places.set(place, required);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = packages[place]!;
    for (const need of Object.keys(optionalDependencies ?? {})) visit(place, need, false);
    for (const need of Object.keys(dependencies ?? {}))
      if (!optionalDependencies?.[need]) visit(place, need, required, missing);
    for (const need of Object.keys(peerDependencies ?? {}))
      if (!peerDependenciesMeta?.[need]?.optional) visit(place, need, required, missingPeers);
  };
  for (const name of names) visit('', name, true, missing);
  return { places, missing, missingPeers };
}

/** The place where Node.js finds a package from inside another: the nearest node_modules upward. */
function resolve(packages: Lockfile['packages'], from: string, name: string): string | undefined {
  const place = `${from && `${from}/`}node_modules/${name}`;
  if (packages[place]) return place;
  return from
    ? resolve(packages, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
    : undefined;
}

/**
 * The lock of a smaller manifest: the entries of the packages that it needs, in order of their places, versions
 * untouched. Fields that npm versions write differently, and no installation reads, are left out.
 */
export function pruneLockfile(
  lock: Lockfile,
  { name, version, dependencies }: { name: string; version: string; dependencies: Record<string, string> },
): Lockfile {
  const { places } = lockedNeeds(lock, Object.keys(dependencies));
  const packages: Lockfile['packages'] = { '': { name, version, dependencies } };
  for (const [place, required] of [...places].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const entry = Object.entries(lock.packages[place]!).filter(([field]) => !NOT_READ.has(field));
    packages[place] = { ...Object.fromEntries(entry.sort()), ...(!required && { optional: true }) };
  }
  return { name, version, lockfileVersion: 3, requires: true, packages };
}

const NOT_READ: ReadonlySet<string> = new Set([
  'deprecated',
  'dev',
  'devOptional',
  'extraneous',
  'funding',
  'license',
  'optional',
  'peer',
]);
