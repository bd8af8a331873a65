import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import type { ApplicationConfig } from './application-config';
import type { ApplicationProblem } from './application-error';
import { type ViteCall, viteCall } from './build-script';
import { applicationFolder } from './source/builtins';
import { readConfigFile, setting } from './source/config-file';
import { textOf, type Value, valuesOf } from './source/value';

/** The client's folders, relative to the application. */
export interface Client {
  readonly viteConfig?: string;
  readonly root: string;
  /** Options that a build script passes to Vite's `build`, in addition to the configuration file. */
  readonly inline?: { readonly packageFolder: string } & Required<ViteCall>;
  /** Folder in which the server expects the built client. The build reads it from Vite itself. */
  readonly outDir: string;
  /** Folders in `framework53.config.ts`, which override Vite's configuration. */
  readonly configured: { readonly root?: string; readonly outDir?: string };
}

const extensions = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];

/**
 * Returns Vite's configuration file, its root and its output folder, without running it.
 *
 * @param ownPackage folder of the client's own package, relative to the application
 */
export function detectClient(
  directory: string,
  config: NonNullable<ApplicationConfig['client']>,
  problems: ApplicationProblem[],
  ownPackage = '.',
): Client {
  const candidates = [...new Set([ownPackage, '.', 'client', 'frontend', 'web'])]
    .flatMap((folder) => extensions.map((extension) => posix.join(folder, `vite.config.${extension}`)))
    .filter((file) => isFile(join(directory, file)));
  // A stated configuration file replaces the options of a build script.
  const call = config.viteConfig ? undefined : viteCall(join(directory, ownPackage));
  const inline = call?.options;
  const inlineFile = inline && setting(inline, 'configFile');
  const ofScript = inlineFile && pathOf(inlineFile, ownPackage);
  const isOff = inlineFile?.kind === 'literal' && inlineFile.value === false;
  const viteConfig = config.viteConfig ?? (isOff ? undefined : (ofScript ?? candidates[0]));
  const isThere = viteConfig !== undefined && isFile(join(directory, viteConfig));
  if (viteConfig && !isThere)
    problems.push({
      file: viteConfig,
      problem: "Vite's configuration file does not exist",
      fix: 'correct application.client.viteConfig',
    });
  const read = isThere ? readConfigFile(directory, viteConfig) : undefined;
  const base = viteConfig ? posix.dirname(viteConfig) : '.';
  const root =
    config.root ??
    (inline && pathOf(setting(inline, 'root'), ownPackage)) ??
    (read && pathOf(setting(read, 'root'), base)) ??
    [...(ownPackage === '.' ? ['client', '.'] : []), base, ownPackage].find((folder) =>
      isFile(join(directory, folder, 'index.html')),
    ) ??
    'client';
  if (!isFile(join(directory, root, 'index.html')))
    problems.push({
      file: posix.join(root, 'index.html'),
      problem: `the client's page does not exist${viteConfig ? ` (root in ${viteConfig})` : ', and there is no vite.config.*'}`,
      fix: 'set the folder of the client in application.client.root',
    });
  const outDir =
    config.outDir ??
    (inline && pathOf(setting(inline, 'build', 'outDir'), root)) ??
    (read && pathOf(setting(read, 'build', 'outDir'), root)) ??
    posix.join(root, 'dist');
  return {
    ...(viteConfig && { viteConfig }),
    root,
    ...(call?.range && { inline: { ...call, range: call.range, packageFolder: ownPackage } }),
    outDir,
    configured: {
      ...(config.root && { root: config.root }),
      ...(config.outDir && { outDir: config.outDir }),
    },
  };
}

/** Returns a path in the configuration, relative to the application. A relative path is relative to `base`. */
function pathOf(value: Value, base: string): string | undefined {
  const text = valuesOf(value)
    .map(textOf)
    .find((each) => each !== undefined);
  if (text === undefined) return undefined;
  const path = posix.resolve(applicationFolder, base, text);
  return path.startsWith(`${applicationFolder}/`) ? path.slice(applicationFolder.length + 1) : '.';
}
