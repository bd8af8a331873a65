/** An entry in `packages` of package-lock.json. */
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

/** A package-lock.json of version 2 or later. */
export interface Lockfile {
  name?: string;
  version?: string;
  lockfileVersion: number;
  requires?: boolean;
  packages: Record<string, LockedPackage>;
}

/** Packages in a lock that the named packages need. */
export interface LockedNeeds {
  /** Keys are places such as `node_modules/a`. The value is false if only optional dependencies need the package. */
  readonly places: ReadonlyMap<string, boolean>;
  /** Names of dependencies that are missing in the lock. */
  readonly missing: ReadonlySet<string>;
  /** Names of optional dependencies that are missing in the lock. */
  readonly missingOptional: ReadonlySet<string>;
  /** Names of required peers that are missing in the lock. npm made such a lock with `legacy-peer-deps`. */
  readonly missingPeers: ReadonlySet<string>;
}

/**
 * Finds all packages that the named packages need. npm's own commands do not decide this, because the optional peers
 * that they keep depend on the version of npm (docs/decisions/0011).
 */
export function lockedNeeds({ packages }: Lockfile, names: Iterable<string>): LockedNeeds {
  const places = new Map<string, boolean>();
  const missing = new Set<string>();
  const missingOptional = new Set<string>();
  const missingPeers = new Set<string>();
  const visit = (from: string, name: string, required: boolean, absent?: Set<string>): void => {
    const place = placeOf(packages, from, name);
    if (place === undefined) absent?.add(name);
    if (place === undefined || places.get(place) || (places.has(place) && !required)) return;
    places.set(place, required);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = packages[place]!;
    for (const need of Object.keys(optionalDependencies ?? {})) visit(place, need, false, missingOptional);
    for (const need of Object.keys(dependencies ?? {}))
      if (!optionalDependencies?.[need]) visit(place, need, required, missing);
    for (const need of Object.keys(peerDependencies ?? {}))
      if (!peerDependenciesMeta?.[need]?.optional) visit(place, need, required, missingPeers);
  };
  for (const name of names) visit('', name, true, missing);
  return { places, missing, missingOptional, missingPeers };
}

/**
 * Returns the place where Node.js finds a package for another package. It is the nearest node_modules folder, from the
 * package upward.
 */
export function placeOf(packages: Lockfile['packages'], from: string, name: string): string | undefined {
  const place = `${from && `${from}/`}node_modules/${name}`;
  if (packages[place]) return place;
  return from
    ? placeOf(packages, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
    : undefined;
}

/**
 * Returns the lock for a smaller manifest. The lock has the entries of the packages that the manifest needs, sorted by
 * place, with unchanged versions. Leaves out fields that no installation reads and that npm versions write
 * differently.
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

/** Adds the locked peers to the dependencies. With `--legacy-peer-deps`, npm would not install them otherwise. */
export function withPeers<Manifest extends { readonly dependencies: Record<string, string> }>(
  lock: Lockfile,
  manifest: Manifest,
): Manifest {
  const dependencies = { ...manifest.dependencies };
  for (const place of lockedNeeds(lock, Object.keys(dependencies)).places.keys()) {
    const { peerDependencies, peerDependenciesMeta } = lock.packages[place]!;
    for (const peer of Object.keys(peerDependencies ?? {})) {
      const { version } = lock.packages[`node_modules/${peer}`] ?? {};
      if (version && !peerDependenciesMeta?.[peer]?.optional) dependencies[peer] ??= version;
    }
  }
  return { ...manifest, dependencies };
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

/**
 * True if a lock contains Puppeteer 19 or later. Its installation downloads Chrome to the home directory of the build,
 * which the image does not get. Earlier versions store Chrome in node_modules.
 * https://pptr.dev/guides/configuration
 */
export function downloadsChrome({ packages }: Lockfile): boolean {
  return Object.entries(packages).some(
    ([place, { version = '' }]) =>
      /(^|\/)node_modules\/puppeteer$/.test(place) && Number.parseInt(version, 10) >= 19,
  );
}
