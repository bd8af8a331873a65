import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import type { ApplicationConfig } from './application-config';
import type { ApplicationProblem } from './application-error';
import { maskComments } from './mask-comments';

/** Where the client is, relative to the application. */
export interface Client {
  readonly viteConfig?: string;
  readonly root: string;
  /** Where the server looks for the built client; Vite itself has the last word at build. */
  readonly outDir: string;
  /** What of these the configuration says, over which Vite has no word. */
  readonly configured: { readonly root?: string; readonly outDir?: string };
}

const extensions = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];

/** Vite's configuration, its root and where it builds to, read without running it. */
export function detectClient(
  directory: string,
  config: NonNullable<ApplicationConfig['client']>,
  problems: ApplicationProblem[],
): Client {
  const candidates = ['.', 'client', 'frontend', 'web']
    .flatMap((folder) => extensions.map((extension) => posix.join(folder, `vite.config.${extension}`)))
    .filter((file) => isFile(join(directory, file)));
  const viteConfig = config.viteConfig ?? candidates[0];
  const fix = 'application.client.viteConfig';
  if (viteConfig && !isFile(join(directory, viteConfig)))
    problems.push({
      file: viteConfig,
      problem: "Vite's configuration is not there",
      fix: `correct ${fix}`,
    });
  const code =
    viteConfig && isFile(join(directory, viteConfig))
      ? maskComments(readFileSync(join(directory, viteConfig), 'utf8'))
      : '';
  const base = viteConfig ? posix.dirname(viteConfig) : '.';
  const written = pathOf(code, 'root', base);
  const root =
    config.root ??
    written ??
    ['client', '.', base].find((folder) => isFile(join(directory, folder, 'index.html'))) ??
    'client';
  if (!isFile(join(directory, root, 'index.html')))
    problems.push({
      file: posix.join(root, 'index.html'),
      problem: `the client's page is not there${viteConfig ? ` (root as ${viteConfig} has it)` : ', nor any vite.config.*'}`,
      fix: 'name the folder of the client in application.client.root',
    });
  const outDir = config.outDir ?? pathOf(code, 'outDir', root) ?? posix.join(root, 'dist');
  return {
    ...(viteConfig && { viteConfig }),
    root,
    outDir,
    configured: {
      ...(config.root && { root: config.root }),
      ...(config.outDir && { outDir: config.outDir }),
    },
  };
}

/** A path of the configuration: a plain string is relative to `base`, `path.resolve(dirname, …)` to the file. */
function pathOf(code: string, key: 'root' | 'outDir', base: string): string | undefined {
  const match = new RegExp(`\\b${key}\\s*:\\s*([^\\n]*)`).exec(code);
  if (!match) return undefined;
  const value = match[1]!;
  const literals = [...value.matchAll(/(['"`])([^'"`$]*)\1/g)].map((literal) => literal[2]!);
  if (literals.length === 0) return undefined;
  if (/^['"`]/.test(value)) return posix.normalize(posix.join(base, literals[0]!));
  if (/dirname|process\.cwd|import\.meta\.url|resolve\s*\(/.test(value))
    return posix.normalize(posix.join(...literals));
  return undefined;
}
