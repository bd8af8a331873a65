import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Application } from '../application';
import { managerOf } from '../package-manager';
import { readJson } from '../package-manifest';
import type { ServerBundle } from '../server-bundle';
import type { Warning } from '../warning';
import { type Difference, differingVersions, installedPackages } from './installed-packages';
import { type LockedPackage, type Lockfile, lockedNeeds, pruneLockfile, withPeers } from './lockfile';
import { type ProductionManifest, productionManifest } from './production-manifest';
import { resolveAnew } from './resolve-anew';

/** The image's package.json and package-lock.json. */
export interface LockedDependencies {
  readonly manifest: ProductionManifest;
  readonly lockfile: Lockfile;
  /** True if npm made the lock with `--legacy-peer-deps`. An installation from the lock then needs the same option. */
  readonly legacyPeers: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Prunes the application's lock to the packages that the image needs. If the application has no lock that fits its
 * package.json, the list of the packages that npm has installed takes its place. If there is no complete list either,
 * npm resolves the dependencies again, with overrides that pin the installed versions.
 */
export async function lockedDependencies(
  application: Application,
  bundle: ServerBundle,
  work: string,
  progress: (line: string) => void,
): Promise<LockedDependencies> {
  const { directory } = application;
  const [own = '.'] = application.packages.installed;
  const lock = readJson<Lockfile>(join(directory, own, 'package-lock.json'));
  const usable = lock?.packages ? lock : undefined;
  const { manifest, warnings } = productionManifest(application, bundle, usable);
  const fault = usable
    ? outOfStep(application, usable, manifest)
    : lock
      ? 'is of version 1, which npm before 7 wrote'
      : 'is not there';
  if (usable && !fault) return { ...prunedLock(join(directory, own), usable, manifest), warnings };

  const noLock = (more: readonly Warning[], differences: readonly Difference[]) => [
    ...more,
    noUsableLock(join(directory, own), own, fault ?? '', differences),
  ];
  const listed = installedLock(join(directory, own));
  const fromList = productionManifest(application, bundle, listed);
  if (listed && isComplete(join(directory, own), listed, fromList.manifest))
    return {
      ...prunedLock(join(directory, own), listed, fromList.manifest),
      warnings: noLock(fromList.warnings, []),
    };
  progress('image: npm resolves the installed versions again');
  const fromFolders = productionManifest(application, bundle, undefined);
  const packages = installedPackages(directory, fromFolders.manifest.dependencies);
  const resolved = await resolveAnew(directory, fromFolders.manifest, packages, work);
  return {
    ...resolved,
    warnings: noLock(fromFolders.warnings, differingVersions(packages, resolved.lockfile)),
  };
}

function prunedLock(
  directory: string,
  lock: Lockfile,
  manifest: ProductionManifest,
): Omit<LockedDependencies, 'warnings'> {
  const legacyPeers = ignoresPeers(directory, lock, manifest);
  const complete = legacyPeers ? withPeers(lock, manifest) : manifest;
  return { manifest: complete, lockfile: pruneLockfile(lock, complete), legacyPeers };
}

/** Returns the list of installed packages, which npm keeps in the form of a lock. */
function installedLock(directory: string): Lockfile | undefined {
  const lock = readJson<Lockfile>(join(directory, 'node_modules', '.package-lock.json'));
  return lock?.packages ? lock : undefined;
}

/**
 * True if the list of installed packages contains all that the image needs, in the versions that are there. It lacks
 * optional packages of other platforms than this machine's, and the image may need those.
 */
function isComplete(directory: string, lock: Lockfile, { dependencies }: ProductionManifest): boolean {
  const { places, missing, missingOptional } = lockedNeeds(lock, Object.keys(dependencies));
  return (
    missing.size + missingOptional.size === 0 &&
    [...places.keys()].every(
      (place) =>
        readJson<{ version?: string }>(join(directory, place, 'package.json'))?.version ===
        lock.packages[place]!.version,
    )
  );
}

/** Warns of a missing lock. With the lock of another package manager, the installed versions need no action. */
function noUsableLock(
  directory: string,
  own: string,
  fault: string,
  differences: readonly Difference[],
): Warning {
  const manager = managerOf(directory);
  const isNpm = manager === 'npm';
  return {
    rule: 'no-usable-lock',
    severity: isNpm || differences.length > 0 ? 'caution' : 'note',
    place: posix.join(own, 'package-lock.json'),
    what: isNpm ? fault : `${fault}, and the image does not use the lock of ${manager}`,
    why: differences.length
      ? `npm cannot install all versions that are installed here: the image gets ${differences.map(({ name, locked, installed }) => `${name} ${locked} for ${installed}`).join(', ')}`
      : isNpm
        ? 'the image gets the installed versions, so builds of two installations may differ'
        : `the image gets the versions that ${manager} has installed`,
    fix: isNpm
      ? [`run \`npm install\`${own === '.' ? '' : ` in ${own}`} and commit package-lock.json`]
      : differences.length
        ? ['test the application in another environment than production first']
        : [],
  };
}

/** True if .npmrc sets `legacy-peer-deps`, or if the lock lacks a peer that a package requires. */
function ignoresPeers(directory: string, lock: Lockfile, { dependencies }: ProductionManifest): boolean {
  const npmrc = join(directory, '.npmrc');
  if (existsSync(npmrc) && /^\s*legacy-peer-deps\s*=\s*true/m.test(readFileSync(npmrc, 'utf8'))) return true;
  return lockedNeeds(lock, Object.keys(dependencies)).missingPeers.size > 0;
}

/**
 * Returns the differences between package.json and its lock, for the packages that the image needs. Undefined if there
 * are none.
 */
function outOfStep(
  { manifest }: Application,
  lock: Lockfile,
  { dependencies }: ProductionManifest,
): string | undefined {
  const declared = declaredRanges(manifest);
  const locked = declaredRanges(lock.packages[''] ?? {});
  const names = Object.keys(dependencies);
  const problems = [
    ...names
      .filter((name) => declared[name] && locked[name] && declared[name] !== locked[name])
      .map((name) => `${name}: ${declared[name]}, locked for ${locked[name]}`),
    ...[...lockedNeeds(lock, names).missing].map((name) => `${name} is not locked`),
  ];
  return problems.length > 0 ? `is out of step with package.json (${problems.join('; ')})` : undefined;
}

/** Returns the version ranges of the groups that npm installs. */
function declaredRanges(
  manifest: Pick<LockedPackage, 'dependencies' | 'devDependencies' | 'optionalDependencies'>,
): Record<string, string> {
  return { ...manifest.devDependencies, ...manifest.optionalDependencies, ...manifest.dependencies };
}
