import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApplicationError } from '../application-error';
import {
  differingVersions,
  type InstalledPackage,
  type OverrideRule,
  pinningOverrides,
} from './installed-packages';
import { type Lockfile, pruneLockfile, withPeers } from './lockfile';
import type { ProductionManifest } from './production-manifest';

const run = promisify(execFile);

/** A manifest, and the lock that npm made for it. */
export interface ResolvedDependencies {
  readonly manifest: ProductionManifest;
  readonly lockfile: Lockfile;
  readonly legacyPeers: boolean;
}

type Locked = Pick<ResolvedDependencies, 'lockfile' | 'legacyPeers'>;

/**
 * Resolves the dependencies from the registry, with overrides that pin the installed versions. The result has overrides
 * for the versions that are outside of the ranges of other packages. If npm refuses the overrides, only the direct
 * dependencies have their installed versions.
 * @throws ApplicationError if npm cannot resolve the dependencies
 */
export async function resolveAnew(
  directory: string,
  { overrides: _, ...manifest }: ProductionManifest,
  packages: ReadonlyMap<string, InstalledPackage>,
  work: string,
): Promise<ResolvedDependencies> {
  try {
    const { pins, ...locked } = await pinned(manifest, packages, work);
    const result = pruned(manifest, locked);
    const refused = await refusedByNpm(result, work);
    if (refused.size === 0) return result;
    const overridden = { ...result, manifest: { ...result.manifest, overrides: rulesFor(refused, pins) } };
    if ((await refusedByNpm(overridden, work)).size === 0) return overridden;
  } catch (error) {
    if (!/EOVERRIDE|ERESOLVE|ETARGET|E404/.test(outputOf(error))) throw failure(directory, error);
  }
  try {
    return pruned(manifest, await resolved(manifest, work));
  } catch (error) {
    throw failure(directory, error);
  }
}

/** Resolves the dependencies with overrides. Uses more overrides for packages that have another version then. */
async function pinned(
  manifest: ProductionManifest,
  packages: ReadonlyMap<string, InstalledPackage>,
  work: string,
): Promise<Locked & { readonly pins: Record<string, OverrideRule> }> {
  const attempt = async (ambiguous?: ReadonlySet<string>) => {
    const pins = pinningOverrides(packages, ambiguous);
    const locked = await resolved({ ...manifest, overrides: pins }, work);
    return { ...locked, pins, differences: differingVersions(packages, locked.lockfile) };
  };
  const first = await attempt();
  if (first.differences.length === 0) return first;
  const second = await attempt(new Set(first.differences.map(({ name }) => name)));
  return second.differences.length < first.differences.length ? second : first;
}

function pruned(manifest: ProductionManifest, { lockfile, legacyPeers }: Locked): ResolvedDependencies {
  const complete = legacyPeers ? withPeers(lockfile, manifest) : manifest;
  return { manifest: complete, lockfile: pruneLockfile(lockfile, complete), legacyPeers };
}

async function resolved(manifest: ProductionManifest, work: string): Promise<Locked> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'package.json'), JSON.stringify(manifest));
  let legacyPeers = false;
  await npm(['install', '--package-lock-only'], work).catch((error: unknown) => {
    // pnpm and yarn accept conflicting peers. npm refuses them.
    if (!/ERESOLVE/.test(outputOf(error))) throw error;
    legacyPeers = true;
    return npm(['install', '--package-lock-only', '--legacy-peer-deps'], work);
  });
  const lockfile = JSON.parse(readFileSync(join(work, 'package-lock.json'), 'utf8')) as Lockfile;
  return { lockfile, legacyPeers };
}

/** Returns the names of the locked packages that `npm ci` refuses. The build of the image runs this command. */
async function refusedByNpm(
  { manifest, lockfile, legacyPeers }: ResolvedDependencies,
  work: string,
): Promise<ReadonlySet<string>> {
  writeFileSync(join(work, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(work, 'package-lock.json'), JSON.stringify(lockfile));
  try {
    await npm(['ci', '--omit=dev', '--dry-run', ...(legacyPeers ? ['--legacy-peer-deps'] : [])], work);
    return new Set();
  } catch (error) {
    const names = [...outputOf(error).matchAll(/(?:Missing:|Invalid: lock file's) (@?[^@\s]+)@/g)];
    if (names.length === 0) throw error;
    return new Set(names.map(([, name]) => name!));
  }
}

/** Returns the rules that change the version of a package in the list, with the packages above it. */
function rulesFor(
  names: ReadonlySet<string>,
  rules: Readonly<Record<string, OverrideRule>>,
): Record<string, OverrideRule> {
  const kept = Object.entries(rules).flatMap(([key, rule]): [string, OverrideRule][] => {
    const isKept = names.has(key.replace(/(?<=.)@.*$/, ''));
    if (typeof rule === 'string') return isKept ? [[key, rule]] : [];
    const { '.': version, ...below } = rule;
    const inner = { ...(version !== undefined && isKept && { '.': version }), ...rulesFor(names, below) };
    return Object.keys(inner).length ? [[key, inner]] : [];
  });
  return Object.fromEntries(kept);
}

function npm(command: readonly string[], cwd: string): Promise<unknown> {
  return run('npm', [...command, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    maxBuffer: 16 * 1024 * 1024,
  });
}

/** Returns the error of an application whose dependencies npm cannot resolve. Errors of this package stay as they are. */
function failure(directory: string, error: unknown): unknown {
  if (!outputOf(error) && !(error as { cmd?: string }).cmd) return error;
  return new ApplicationError(
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

function outputOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  return stdout + stderr;
}
