import { posix } from 'node:path';
import type { PackageManifest } from '../package-manifest';
import type { BuiltRead } from '../reading/server-reading';
import type { Warning } from '../warning';

/** The release that the warnings are about. */
export interface ReleaseContents {
  readonly manifest: PackageManifest;
  /** Files and folders of the application in the image. */
  readonly files: readonly string[];
  /** Returns true if the image, or the client of the release, contains a file at a path of the application. */
  has(path: string): boolean;
}

/** Warns of built files that the server loads at run time and that the release does not contain. */
export function missingFileWarnings(
  reads: readonly BuiltRead[],
  { manifest, files, has }: ReleaseContents,
): Warning[] {
  return reads
    .filter(({ path }) => !has(path))
    .map(({ path, place, kind, asked }): Warning => {
      const script = scriptThatMakes(path, manifest);
      const folder = posix.dirname(path);
      // A folder that also contains the server's bundle is the application's own build of the server.
      const named = folder.includes('/') ? folder : path;
      return {
        rule: 'built-file-missing',
        severity: asked ? 'caution' : 'danger',
        place,
        what: `the server ${kind === 'module' ? 'imports' : 'reads'} ${path} at run time, and the release does not contain this file`,
        why: `${script ? `the script ${script} of package.json makes it, and a release runs no scripts` : 'a release runs no scripts of package.json'}${asked ? '' : '; each request that needs the file fails'}`,
        fix: [
          `run ${script ? `\`npm run ${script}\`` : 'the script that makes it'} before each build of the release`,
          `set application.server.files: ${JSON.stringify([...files, named]).replaceAll('"', "'")}`,
        ],
      };
    });
}

/**
 * Returns the script of package.json that builds a folder: `vite build --ssr ENTRY --outDir DIR`, or a script that
 * names the folder.
 */
function scriptThatMakes(path: string, { scripts = {} }: PackageManifest): string | undefined {
  const folder = posix.dirname(path);
  const makers = Object.entries(scripts).filter(([, script]) => /\bbuild\b|--outdir|-o /i.test(script));
  return (makers.find(([, script]) => folder.includes('/') && script.includes(folder)) ??
    makers.find(([, script]) => /\bvite build\b[^&|;]*--ssr\b/.test(script)))?.[0];
}
