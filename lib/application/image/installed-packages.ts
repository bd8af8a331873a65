import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { folderAbove, packageFolder, readJson } from '../package-manifest';
import { type Lockfile, placeOf } from './lockfile';

/** A package in node_modules, and the installed packages that it loads, by the names of its dependencies. */
export interface InstalledPackage {
  /** Name in its package.json, which may differ from the name of the dependency. */
  readonly name?: string;
  readonly version: string;
  /** The declared place of a package that is not from a registry. */
  readonly elsewhere?: string;
  readonly needs: Map<string, InstalledPackage>;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

type Packages = ReadonlyMap<string, InstalledPackage>;

/** Rules that npm applies to a dependency: a version, or `.` for the version and rules for what it depends on. */
export type OverrideRule = string | { [name: string]: OverrideRule };

/** Matches a dependency that is not from a registry. */
export const ELSEWHERE =
  /^(git|github:|gitlab:|bitbucket:|https?:|file:|link:|portal:|workspace:|[\w-]+\/[\w-])/;

/**
 * Reads the packages that are installed for dependencies, by any package manager: as Node.js, the function follows
 * links and looks for a package in the folders above.
 */
export function installedPackages(
  directory: string,
  dependencies: Readonly<Record<string, string>>,
): Map<string, InstalledPackage> {
  const known = new Map<string, InstalledPackage>();
  const read = (folder: string, declared: string): InstalledPackage | undefined => {
    const found = known.get(folder);
    if (found) return found;
    const manifest = readJson<Manifest>(join(folder, 'package.json'));
    if (!manifest?.version) return undefined;
    const { name, version } = manifest;
    const needs = new Map<string, InstalledPackage>();
    const installed = { name, version, needs, ...(ELSEWHERE.test(declared) && { elsewhere: declared }) };
    known.set(folder, installed);
    const ranges = {
      ...manifest.peerDependencies,
      ...manifest.optionalDependencies,
      ...manifest.dependencies,
    };
    for (const [need, range] of Object.entries(ranges)) {
      const place = folderAbove(folder, need);
      const other = place && read(realpathSync(place), range);
      if (other) needs.set(need, other);
    }
    return installed;
  };
  const packages = new Map<string, InstalledPackage>();
  for (const [name, declared] of Object.entries(dependencies)) {
    const folder = packageFolder(directory, name);
    const found = folder && read(realpathSync(folder), declared);
    if (found) packages.set(name, found);
  }
  return packages;
}

/**
 * Returns the exact version of an installed package, as in the dependencies of a package.json: `npm:name@version` for a
 * package with another name than the dependency.
 */
export function specOf(
  dependency: string,
  { name, version, elsewhere }: Pick<InstalledPackage, 'name' | 'version' | 'elsewhere'>,
): string {
  if (elsewhere) return elsewhere;
  return name && name !== dependency ? `npm:${name}@${version}` : version;
}

/**
 * Returns the overrides with which npm resolves each dependency to its installed version: one rule for each name, or one
 * for each of its versions. npm then applies the first rule whose version is in the range of the dependency.
 * @param ambiguous names for which this is another version than the installed one; they also have a rule below each
 * package that depends on them
 */
export function pinningOverrides(
  packages: Packages,
  ambiguous: ReadonlySet<string> = new Set(),
): Record<string, OverrideRule> {
  const byName = new Map<string, Map<string, InstalledPackage>>();
  const visited = new Set<InstalledPackage>();
  const visit = (needs: Packages): void => {
    for (const [name, each] of needs) {
      byName.set(name, (byName.get(name) ?? new Map()).set(specOf(name, each), each));
      if (visited.has(each)) continue;
      visited.add(each);
      visit(each.needs);
    }
  };
  visit(packages);
  const rules = [...byName].flatMap(([name, versions]) =>
    [...versions].map(([spec, each]): [string, OverrideRule] => {
      const below = [...each.needs].filter(([need]) => ambiguous.has(need));
      const inner = Object.fromEntries(below.map(([need, other]) => [need, specOf(need, other)]));
      return [
        versions.size > 1 ? `${name}@${each.version}` : name,
        below.length > 0 ? { '.': spec, ...inner } : spec,
      ];
    }),
  );
  return Object.fromEntries(
    rules.sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true })),
  );
}

/** A locked package with another version than the installed one. */
export interface Difference {
  readonly name: string;
  readonly locked: string;
  readonly installed: string;
}

/** Returns the packages whose versions differ between a lock and the installed packages. */
export function differingVersions(packages: Packages, { packages: locked }: Lockfile): Difference[] {
  const differences = new Map<string, Difference>();
  const visited = new Set<string>();
  const visit = (from: string, needs: Packages): void => {
    for (const [name, need] of needs) {
      const place = placeOf(locked, from, name);
      // npm installs no peers with `legacy-peer-deps`.
      if (place === undefined) continue;
      const { version = '' } = locked[place]!;
      if (version !== need.version)
        differences.set(`${name} ${version}`, { name, locked: version, installed: need.version });
      else if (!visited.has(place)) {
        visited.add(place);
        visit(place, need.needs);
      }
    }
  };
  visit('', packages);
  return [...differences.values()];
}
