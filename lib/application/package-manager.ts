import { statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import { type PackageManifest, readJson } from './package-manifest';
import type { Warning } from './warning';

type ManagerName = 'npm' | 'yarn' | 'pnpm' | 'bun';

interface Manager {
  readonly name: ManagerName;
  readonly locks: readonly string[];
  /** Files that the package manager writes into node_modules. */
  readonly traces: readonly string[];
}

/** The package managers. If nothing else decides between two, the first one counts. */
const MANAGERS: readonly Manager[] = [
  { name: 'npm', locks: ['package-lock.json', 'npm-shrinkwrap.json'], traces: ['.package-lock.json'] },
  { name: 'pnpm', locks: ['pnpm-lock.yaml'], traces: ['.modules.yaml'] },
  { name: 'yarn', locks: ['yarn.lock'], traces: ['.yarn-state.yml', '.yarn-integrity'] },
  { name: 'bun', locks: ['bun.lock', 'bun.lockb'], traces: [] },
];

/** Milliseconds within which two locks are equally new, because git writes the files of a checkout one by one. */
const SAME_AGE_MS = 60_000;

/** Returns the command that installs the packages of an application with its own package manager. */
export function installCommand(
  directory: string,
): 'yarn install' | 'pnpm install' | 'bun install' | 'npm install' | 'npm ci' {
  const name = managerOf(directory);
  if (name !== 'npm') return `${name} install`;
  const [npm] = locksOf(directory);
  // `npm ci` needs a lock of npm.
  return npm && npm.manager.name !== 'npm' ? 'npm install' : 'npm ci';
}

/**
 * Returns the package manager of an application: the one in package.json, otherwise the one that installed the packages,
 * otherwise the one with the newest lock.
 */
export function managerOf(directory: string): ManagerName {
  const stated = statedManager(directory);
  if (stated) return stated;
  const installed = MANAGERS.filter(({ traces }) =>
    traces.some((trace) => isFile(join(directory, 'node_modules', trace))),
  );
  if (installed.length === 1) return installed[0]!.name;
  const locks = locksOf(directory).filter(
    ({ manager }) => installed.length === 0 || installed.includes(manager),
  );
  const newest = Math.max(...locks.map(({ time }) => time));
  return locks.find(({ time }) => newest - time < SAME_AGE_MS)?.manager.name ?? 'npm';
}

/** Warns of locks of several package managers in a folder, because each of them may install other versions. */
export function lockWarnings(directory: string, folders: readonly string[]): Warning[] {
  return folders.flatMap((folder) => {
    const locks = locksOf(join(directory, folder));
    if (new Set(locks.map(({ manager }) => manager)).size < 2) return [];
    const name = managerOf(join(directory, folder));
    const others = locks.filter(({ manager }) => manager.name !== name);
    const hasNpmLock = locks.some(({ manager }) => manager.name === 'npm');
    return [
      {
        rule: 'locks-disagree',
        severity: 'caution' as const,
        place: locks.map(({ file }) => posix.join(folder, file)).join(', '),
        what: `the application has locks of ${locks.map(({ manager }) => manager.name).join(' and ')}, which may contain different versions`,
        why: `${name} installs the packages here, and the image gets ${hasNpmLock ? 'the versions in the lock of npm' : 'the installed versions'}`,
        fix: [
          `delete ${others.map(({ file }) => file).join(' and ')}; if ${name} is not the package manager of the application, name the right one as packageManager in package.json`,
        ],
      },
    ];
  });
}

function statedManager(directory: string): ManagerName | undefined {
  const manifest = readJson<PackageManifest & { packageManager?: unknown }>(join(directory, 'package.json'));
  const stated = String(manifest?.packageManager ?? '').split('@')[0];
  return MANAGERS.find(({ name }) => name === stated)?.name;
}

/** Returns the locks of a folder, one for each package manager. */
function locksOf(directory: string) {
  return MANAGERS.flatMap((manager) => {
    const file = manager.locks.find((lock) => isFile(join(directory, lock)));
    return file === undefined ? [] : [{ manager, file, time: statSync(join(directory, file)).mtimeMs }];
  });
}
