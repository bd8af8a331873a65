import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import type { ApplicationProblem } from './application-error';
import { sourcesNamed } from './build-script';
import type { PackageManifest } from './package-manifest';
import { entriesOfBuildScripts } from './server-build-options';
import { applicationFolder } from './source/builtins';
import { readConfigFile, setting } from './source/config-file';
import { textOf, valuesOf } from './source/value';

const usual = [
  'server/index',
  'server/src/index',
  'server/main',
  'server/server',
  'server/app',
  'src/server/index',
  'src/index',
  'src/main',
  'src/server',
  'src/app',
  'index',
  'server',
  'app',
  'main',
].flatMap((file) => ['ts', 'js', 'mts', 'mjs'].map((extension) => `${file}.${extension}`));

/**
 * Returns the entry module of the server: the configured one, or the one that a script of package.json builds or runs,
 * or one with a common name.
 */
export function detectEntry(
  directory: string,
  { scripts = {} }: PackageManifest,
  stated: string | undefined,
  problems: ApplicationProblem[],
): string | undefined {
  const fix = 'set the entry module of the server in application.server.entry';
  if (stated) {
    if (isFile(join(directory, stated))) return stated;
    problems.push({ file: stated, problem: 'the module in application.server.entry does not exist', fix });
    return undefined;
  }
  const built = [scripts['build:server'], scripts['build'], scripts['dev']].flatMap((script) =>
    sourcesNamed(script, 'tsx?'),
  );
  const run = ['start', 'start:prod', 'start:server', 'server', 'serve'].flatMap((name) =>
    sourcesNamed(scripts[name], '[jt]sx?'),
  );
  const found = [
    ...entriesOfVite(directory, scripts),
    ...entriesOfBuildScripts(directory, scripts),
    ...built,
    ...run,
    ...usual,
  ]
    .map((file) => posix.normalize(file))
    .filter((file) => !/(^|\/)[\w.-]*\bconfig\b[\w.-]*$|^(scripts?|dist|build|client)\//.test(file))
    // Vite's guide uses this name for a module that renders pages and is not a server itself.
    .filter((file) => !/(^|\/)entry[-.]server\.\w+$/.test(file))
    .find((file) => isFile(join(directory, file)));
  if (!found)
    problems.push({
      file: 'server/index.ts',
      problem: 'there is no server entry, and no script of package.json names one',
      fix,
    });
  return found;
}

/** Returns entries of servers that Vite builds: `vite build --ssr FILE`, or a separate configuration. */
function entriesOfVite(directory: string, scripts: Readonly<Record<string, string>>): string[] {
  return Object.values(scripts).flatMap((script) => {
    const file = /\bvite build\b[^&|;]*--ssr[= ]([\w./-]+\.[cm]?[jt]sx?)/.exec(script)?.[1];
    if (file) return [file];
    const config = /\bvite build\b[^&|;]*(?:--config|-c)[= ]([\w./-]+)/.exec(script)?.[1];
    if (!config || !isFile(join(directory, config))) return [];
    const read = readConfigFile(directory, posix.normalize(config));
    return [
      setting(read, 'build', 'ssr'),
      setting(read, 'build', 'lib', 'entry'),
      setting(read, 'build', 'rollupOptions', 'input'),
    ]
      .flatMap((value) => valuesOf(value))
      .flatMap((value) => textOf(value) ?? [])
      .map((path) =>
        posix.relative(applicationFolder, posix.resolve(applicationFolder, posix.dirname(config), path)),
      )
      .filter((path) => /\.[cm]?[jt]sx?$/.test(path));
  });
}
