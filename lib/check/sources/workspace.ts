import type { ApplicationConfig } from '../../application/application-config';
import { ApplicationError } from '../../application/application-error';
import type { PackageManifest } from '../../application/package-manifest';
import { type Packages, packagesOf, singlePackage } from '../../application/workspace';

/** Reads the packages of an application. If server and client are unclear, the application counts as one package. */
export function readWorkspace(
  directory: string,
  manifest: PackageManifest,
  config: ApplicationConfig,
): Packages {
  try {
    const packages = packagesOf(directory, manifest, config);
    if (!('problem' in packages)) return packages;
  } catch (error) {
    // A package.json of the workspace is not JSON.
    if (!(error instanceof ApplicationError)) throw error;
  }
  return singlePackage(manifest);
}

/** Returns the folders of the packages as aliases, for import paths that `exports` and `main` do not name. */
export function packageAliases({ own }: Packages): Record<string, string> {
  return Object.fromEntries(Object.entries(own).map(([name, folder]) => [name, `./${folder}`]));
}
