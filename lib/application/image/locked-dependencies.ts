import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Application } from '../application';
import { ApplicationError } from '../application-error';
import { readJson } from '../package-manifest';
import type { ServerBundle } from '../server-bundle';
import { deriveLockfile, type Lockfile, reachable, resolveLocked } from './lockfile';
import { type ProductionManifest, productionManifest } from './production-manifest';

const run = promisify(execFile);

/** The image's package.json and package-lock.json. */
export interface LockedDependencies {
  readonly manifest: ProductionManifest;
  readonly lockfile: Lockfile;
  /** Whether the lock was made without regard to peers, and only installs so. */
  readonly legacyPeers: boolean;
  readonly warnings: readonly string[];
}

/** Derived from the application's own lock; where that cannot be used, resolved anew (which asks the registry). */
export async function lockedDependencies(
  application: Application,
  bundle: ServerBundle,
  work: string,
  progress: (line: string) => void,
): Promise<LockedDependencies> {
  const { directory } = application;
  const lock = readJson<Lockfile>(join(directory, 'package-lock.json'));
  const usable = lock?.packages ? lock : undefined;
  const { manifest, warnings } = productionManifest(application, bundle, usable);
  const fault = usable
    ? outOfStep(application, usable, manifest)
    : lock
      ? 'is of version 1, which npm before 7 wrote'
      : 'is not there';
  if (!fault) {
    const legacyPeers = ignoresPeers(directory, usable!, manifest);
    const complete = legacyPeers ? withPeers(usable!, manifest) : manifest;
    return { manifest: complete, lockfile: deriveLockfile(usable!, complete), legacyPeers, warnings };
  }

  progress('image: resolving dependencies anew');
  const pinned = productionManifest(application, bundle, undefined);
  return {
    manifest: pinned.manifest,
    lockfile: await resolveAnew(directory, pinned.manifest, work),
    legacyPeers: false,
    warnings: [
      ...pinned.warnings,
      `package-lock.json ${fault}; the image's dependencies are resolved anew at each build, from the registry, so equal sources need not give equal releases: run \`npm install\` and commit package-lock.json`,
    ],
  };
}

/** As .npmrc says, or as the lock shows: a peer that a package insists on is not in it. */
function ignoresPeers(directory: string, lock: Lockfile, manifest: ProductionManifest): boolean {
  const npmrc = join(directory, '.npmrc');
  if (existsSync(npmrc) && /^\s*legacy-peer-deps\s*=\s*true/m.test(readFileSync(npmrc, 'utf8'))) return true;
  return [...reachable(lock, Object.keys(manifest.dependencies)).keys()].some((place) => {
    const { peerDependencies = {}, peerDependenciesMeta = {} } = lock.packages[place]!;
    return Object.keys(peerDependencies).some(
      (peer) => !peerDependenciesMeta[peer]?.optional && !resolveLocked(lock, place, peer),
    );
  });
}

/** Peers that are there, as dependencies of the application: npm leaves them out otherwise. */
function withPeers(lock: Lockfile, manifest: ProductionManifest): ProductionManifest {
  const dependencies = { ...manifest.dependencies };
  for (const place of reachable(lock, Object.keys(dependencies)).keys())
    for (const peer of Object.keys(lock.packages[place]!.peerDependencies ?? {})) {
      const { version } = lock.packages[`node_modules/${peer}`] ?? {};
      const optional = lock.packages[place]!.peerDependenciesMeta?.[peer]?.optional;
      if (version && !optional) dependencies[peer] ??= version;
    }
  return { ...manifest, dependencies };
}

/** What package.json and its lock disagree about, as far as the image needs it. */
function outOfStep(
  { manifest }: Application,
  lock: Lockfile,
  production: ProductionManifest,
): string | undefined {
  const root = lock.packages[''] ?? {};
  const locked: Record<string, string> = {
    ...root.dependencies,
    ...root.optionalDependencies,
    ...(root['devDependencies'] as object),
  };
  const declared = {
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
    ...manifest.dependencies,
  };
  for (const name of Object.keys(production.dependencies)) {
    if (!lock.packages[`node_modules/${name}`])
      return `is out of step with package.json (${name} is not locked)`;
    if (declared[name] && locked[name] && declared[name] !== locked[name])
      return `is out of step with package.json (${name}: ${declared[name]}, locked for ${locked[name]})`;
  }
  const missing = missingNeeds(lock, Object.keys(production.dependencies));
  return missing && `is incomplete (${missing} is not locked)`;
}

function missingNeeds(lock: Lockfile, names: string[]): string | undefined {
  const places = reachable(lock, names);
  for (const place of places.keys())
    for (const name of Object.keys(lock.packages[place]!.dependencies ?? {})) {
      const optional = name in (lock.packages[place]!.optionalDependencies ?? {});
      const found = [...places.keys()].some((other) => other.endsWith(`node_modules/${name}`));
      if (!optional && !found) return name;
    }
  return undefined;
}

async function resolveAnew(directory: string, manifest: ProductionManifest, work: string): Promise<Lockfile> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'package.json'), JSON.stringify(manifest));
  try {
    await run(
      'npm',
      ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      {
        cwd: work,
        maxBuffer: 16 * 1024 * 1024,
      },
    );
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new ApplicationError(
      directory,
      [
        {
          file: 'package-lock.json',
          problem: 'cannot be used, and the dependencies cannot be resolved anew, which asks the registry',
          fix: 'run `npm install` in the application and build again',
        },
      ],
      stdout + stderr,
    );
  }
  return JSON.parse(readFileSync(join(work, 'package-lock.json'), 'utf8')) as Lockfile;
}
