import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import type { Application } from '../application';
import { ApplicationError } from '../application-error';
import { installCommand, readJson } from '../package-manifest';
import type { ServerBundle } from '../server-bundle';
import type { Warning } from '../warning';
import { type LockedPackage, type Lockfile, lockedNeeds, pruneLockfile } from './lockfile';
import { type ProductionManifest, productionManifest } from './production-manifest';

const run = promisify(execFile);

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
 * npm resolves the dependencies again from the registry.
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

  const installed = installedLock(join(directory, own));
  const pinned = productionManifest(application, bundle, installed);
  const noLock = (why: string) => [...pinned.warnings, noUsableLock(directory, own, fault ?? '', why)];
  if (installed && isComplete(join(directory, own), installed, pinned.manifest))
    return {
      ...prunedLock(join(directory, own), installed, pinned.manifest),
      warnings: noLock('the image gets the installed versions, so builds of two installations may differ'),
    };
  progress('image: resolving dependencies anew');
  const { lockfile, legacyPeers } = await resolveAnew(directory, pinned.manifest, work);
  const complete = legacyPeers ? withPeers(lockfile, pinned.manifest) : pinned.manifest;
  return {
    manifest: complete,
    lockfile: pruneLockfile(lockfile, complete),
    legacyPeers,
    warnings: noLock(
      "npm resolves the image's dependencies again at each build, from the registry, so two builds of the same sources may differ",
    ),
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

function noUsableLock(directory: string, own: string, fault: string, why: string): Warning {
  const command = installCommand(join(directory, own));
  const isNpm = command === 'npm ci';
  return {
    rule: 'no-usable-lock',
    severity: 'caution',
    place: posix.join(own, 'package-lock.json'),
    what: isNpm ? fault : `${fault}, and the image does not use the lock of ${command.split(' ')[0]}`,
    why,
    fix: [
      isNpm
        ? `run \`npm install\`${own === '.' ? '' : ` in ${own}`} and commit package-lock.json`
        : 'deploy one image to all environments, as the workflows of `framework53 pipeline` do',
    ],
  };
}

/** True if .npmrc sets `legacy-peer-deps`, or if the lock lacks a peer that a package requires. */
function ignoresPeers(directory: string, lock: Lockfile, { dependencies }: ProductionManifest): boolean {
  const npmrc = join(directory, '.npmrc');
  if (existsSync(npmrc) && /^\s*legacy-peer-deps\s*=\s*true/m.test(readFileSync(npmrc, 'utf8'))) return true;
  return lockedNeeds(lock, Object.keys(dependencies)).missingPeers.size > 0;
}

/** Adds the locked peers to the dependencies. With `--legacy-peer-deps`, npm would not install them otherwise. */
function withPeers(lock: Lockfile, manifest: ProductionManifest): ProductionManifest {
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

async function resolveAnew(
  directory: string,
  manifest: ProductionManifest,
  work: string,
): Promise<Pick<LockedDependencies, 'lockfile' | 'legacyPeers'>> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'package.json'), JSON.stringify(manifest));
  let legacyPeers = false;
  const npm = () =>
    run('npm', [...installLock, ...(legacyPeers ? ['--legacy-peer-deps'] : [])], {
      cwd: work,
      maxBuffer: 16 * 1024 * 1024,
    });
  try {
    await npm().catch((error: unknown) => {
      // pnpm and yarn accept conflicting peers. npm refuses them.
      if (!/ERESOLVE/.test(outputOf(error))) throw error;
      legacyPeers = true;
      return npm();
    });
  } catch (error) {
    throw new ApplicationError(
      directory,
      [
        {
          file: 'package-lock.json',
          problem: 'cannot be used, and the dependencies cannot be resolved anew, which asks the registry',
          fix: 'run `npm install` in the application and build again',
        },
      ],
      outputOf(error),
    );
  }
  const lockfile = JSON.parse(readFileSync(join(work, 'package-lock.json'), 'utf8')) as Lockfile;
  return { lockfile, legacyPeers };
}

const installLock = [
  'install',
  '--package-lock-only',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

function outputOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  return stdout + stderr;
}
