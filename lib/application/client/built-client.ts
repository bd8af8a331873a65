import { existsSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { pageFiles } from '../../../constructs/verification/page-assets';
import type { Application } from '../application';
import { filesOf } from '../digest';
import type { Warning } from '../warning';
import { clientVariableWarnings } from './client-variables';
import { clientPolicy } from './policy/client-policy';
import type { ViteBuildResult } from './vite-build.runtime';

/** The built client. */
export interface ClientBuild {
  /** Path of Vite's manifest relative to the built files. */
  readonly manifest?: string;
  /** Output folder of the application's own client build, relative to the application. */
  readonly outDir: string;
  /** Sources that pages need besides their own origin, by directive. */
  /** True if the client reads `/config.json`. */
  readonly readsEnvironment: boolean;
  readonly contentSecurityPolicySources?: Readonly<Record<string, readonly string[]>>;
  readonly warnings: readonly Warning[];
}

/**
 * Describes the client that Vite has built.
 *
 * @param outDir folder of the built client
 */
export function builtClient(
  { directory, client, reading, server }: Application,
  outDir: string,
  result: ViteBuildResult,
): ClientBuild {
  const manifest = ['.vite/manifest.json', 'manifest.json'].find((file) => existsSync(join(outDir, file)));
  const inside = (file: string) => posix.normalize(relative(directory, file).split(sep).join('/'));
  const policy = clientPolicy(directory, outDir, result, reading.policy);
  return {
    ...(manifest && { manifest }),
    outDir: client.configured.outDir ?? inside(result.outDir),
    readsEnvironment: result.modules.some(
      (file) =>
        /\.[cm]?[jt]sx?$/.test(file) &&
        !/[\\/]node_modules[\\/]/.test(file) &&
        /["'`]\/config\.json\b/.test(readFileSync(file, 'utf8')),
    ),
    ...(Object.keys(policy.sources).length > 0 && { contentSecurityPolicySources: policy.sources }),
    warnings: [
      ...policy.warnings,
      ...clientVariableWarnings(directory, result),
      ...baseWarnings(client.viteConfig ?? client.root, result.base),
      ...entryWarnings(outDir),
      ...missingFileWarnings(outDir, server.paths),
    ],
  };
}

/** Warns of a client with a base path of its own. */
function baseWarnings(place: string, base: string | undefined): Warning[] {
  if (!base || /^(\/|\.\/)$/.test(base)) return [];
  return [
    {
      rule: 'client-base',
      severity: 'caution',
      place,
      what: `Vite's base is ${base}, but the client was built with base /`,
      why: 'CloudFront serves the client at the root of its domain',
      fix: [`remove ${base} from the client's routes if it is hard-coded`],
    },
  ];
}

/** Warns of pages in folders. CloudFront does not map a folder to its index.html. */
function entryWarnings(outDir: string): Warning[] {
  const pages = [...filesOf(outDir, new Set(['.vite']))].filter((file) => /\/index\.html$/.test(file)).sort();
  const [first] = pages;
  if (!first) return [];
  return [
    {
      rule: 'several-pages',
      severity: 'caution',
      place: pages.join(', '),
      what: 'the client has pages in folders',
      why: `/${first} returns this page, but /${first.replace('index.html', '')} returns the root's index.html`,
      fix: ['link to the full path, or use client-side routes in one page'],
    },
  ];
}

/** Files that the page refers to and that the release does not contain. */
function missingFileWarnings(outDir: string, serverPaths: readonly string[]): Warning[] {
  const page = join(outDir, 'index.html');
  if (!existsSync(page)) return [];
  const prefixes = serverPaths.map((path) => path.replace(/\*$/, ''));
  return pageFiles(readFileSync(page, 'utf8'), 'https://page.example.com/').flatMap(({ path, isNeeded }) => {
    const file = decoded(path.replace(/\?.*$/, ''));
    if (existsSync(join(outDir, file)) || prefixes.some((prefix) => file.startsWith(prefix))) return [];
    return [
      {
        rule: 'page-file-missing',
        severity: isNeeded ? 'danger' : 'caution',
        place: 'index.html',
        what: `the page refers to ${file}, and the release does not contain this file`,
        why: isNeeded
          ? 'the verification of each release fails, and CloudFormation rolls the release back'
          : 'CloudFront answers 404',
        fix: [`put the file into the folder \`public\` of the client, or remove the reference`],
      } satisfies Warning,
    ];
  });
}

/** The name of a file; a path with an invalid encoding stays as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
