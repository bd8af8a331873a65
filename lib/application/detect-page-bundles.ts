import { posix } from 'node:path';
import type { Client } from './detect-client';
import type { PackageManifest } from './package-manifest';
import { applicationFolder } from './source/builtins';
import { readConfigFile, setting } from './source/config-file';
import { textOf, truthOf, type Value, valuesOf } from './source/value';

/** A bundle for server-side rendering, which a script of package.json builds with `vite build --ssr`. */
export interface PageBundle {
  /** Name of the script. */
  readonly script: string;
  /** Vite's configuration, relative to the application. */
  readonly viteConfig?: string;
  /** Root that the script names, relative to the application. @default - the root of the client */
  readonly root?: string;
  /** Entry as the script names it, relative to Vite's root. @default - the entry that the configuration names */
  readonly entry?: string;
  /** Folder as the script names it, relative to Vite's root. @default - the folder that the configuration names */
  readonly outDir?: string;
}

/** Returns the bundles for server-side rendering that scripts of package.json build, without the server itself. */
export function detectPageBundles(
  directory: string,
  { scripts = {} }: PackageManifest,
  client: Client,
  serverEntry: string,
): PageBundle[] {
  const found = new Map<string, PageBundle>();
  for (const [script, text] of Object.entries(scripts))
    for (const command of text.split(/&&|\|\||[;|]/)) {
      const bundle = bundleOf(directory, script, command, client, serverEntry);
      if (bundle) found.set(JSON.stringify({ ...bundle, script: '' }), bundle);
    }
  return [...found.values()];
}

function bundleOf(
  directory: string,
  script: string,
  command: string,
  client: Client,
  serverEntry: string,
): PageBundle | undefined {
  const words = /\bvite\s+build\b(.*)/.exec(command)?.[1]?.trim().split(/\s+/).map(unquoted);
  if (!words) return undefined;
  const stated = option(words, '--ssr');
  const config = option(words, '--config', '-c');
  const viteConfig = config ? posix.normalize(config) : client.viteConfig;
  const read = viteConfig ? readConfigFile(directory, viteConfig) : undefined;
  const configured = read && valuesOf(setting(read, 'build', 'ssr'))[0];
  const inConfig = configured && textOf(configured);
  const isConfigured = config !== undefined && (inConfig !== undefined || isTrue(configured));
  if (stated === undefined && !isConfigured) return undefined;
  const root = words[0] && !words[0].startsWith('-') ? posix.normalize(words[0]) : undefined;
  const entry = stated || inConfig || (read && inputOf(setting(read, 'build', 'rollupOptions', 'input')));
  const base = root ?? client.root;
  if (entry && posix.normalize(posix.join(base, entry)) === posix.normalize(serverEntry)) return undefined;
  if (entry && inApplication(entry) === serverEntry) return undefined;
  const outDir = option(words, '--outDir');
  return {
    script,
    ...(viteConfig && { viteConfig }),
    ...(root && { root }),
    ...(stated && { entry: stated }),
    ...(outDir && { outDir }),
  };
}

/** Returns the value of a command's option; an empty text if the option has no value. */
function option(words: readonly string[], ...names: readonly string[]): string | undefined {
  const at = words.findIndex((word) => names.includes(word.split('=')[0]!));
  if (at < 0) return undefined;
  const [, value] = /=(.*)/.exec(words[at]!) ?? [];
  const next = words[at + 1];
  return value ?? (next && !next.startsWith('-') ? next : '');
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/, '$2');
}

function isTrue(value: Value | undefined): boolean {
  return value !== undefined && truthOf(value) === true;
}

function inputOf(value: Value): string | undefined {
  return valuesOf(value)
    .map(textOf)
    .find((text) => text !== undefined);
}

/** Returns the path of a configuration, relative to the application. */
function inApplication(path: string): string {
  return posix.relative(applicationFolder, posix.resolve(applicationFolder, path));
}
