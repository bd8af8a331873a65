import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import type { ApplicationProblem } from './application-error';
import { filesOf } from './digest';
import type { PackageManifest } from './package-manifest';

/** Reports a folder with a workspace of packages instead of an application. */
export function workspaceProblem(
  directory: string,
  manifest: PackageManifest,
): ApplicationProblem | undefined {
  const pnpm = 'pnpm-workspace.yaml';
  const isPnpm = isFile(join(directory, pnpm));
  if (!isPnpm && !('workspaces' in manifest)) return undefined;
  const packages = packagesOf(directory);
  const servers = packages.filter((folder) => hasDependency(directory, folder, 'express'));
  const clients = packages.filter((folder) => hasDependency(directory, folder, 'vite'));
  const found = [
    ...(servers.length ? [`a server in ${servers.join(', ')}`] : []),
    ...(clients.length ? [`a client in ${clients.join(', ')}`] : []),
  ];
  return {
    file: isPnpm ? pnpm : 'package.json',
    problem: `is a workspace of ${packages.length} packages${found.length ? `, with ${found.join(' and ')}` : ''}; an application here has one package.json, with client/, server/ and shared/ beside it`,
    fix: 'move server and client into one package, as folders server/ and client/, and the packages that both use into shared/; or give --app the folder of a package that has all of them',
  };
}

function packagesOf(directory: string): string[] {
  return [...filesOf(directory, new Set(['node_modules', 'dist', '.git']))]
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => posix.dirname(file))
    .sort();
}

function hasDependency(directory: string, folder: string, name: string): boolean {
  try {
    const manifest = JSON.parse(
      readFileSync(join(directory, folder, 'package.json'), 'utf8'),
    ) as PackageManifest;
    return name in { ...manifest.dependencies, ...manifest.devDependencies };
  } catch {
    return false;
  }
}
