import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { z } from 'zod';
import { isFile } from '../files/is-file';
import { DEEPEST, depthOf } from '../files/json-depth';
import { ApplicationError, type ApplicationProblem } from './application-error';
import { filesOf } from './digest';

type Dependencies = Readonly<Record<string, string>>;

/**
 * The fields of an application's package.json that a build uses. Framework 5.3, §4.2 defines `serverDependencies` and
 * `clientDependencies`.
 */
export interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly type?: string;
  readonly main?: string;
  readonly module?: string;
  readonly exports?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
  readonly clientDependencies?: Dependencies;
  readonly serverDependencies?: Dependencies;
  readonly overrides?: unknown;
  readonly engines?: Readonly<Record<string, string>>;
}

const texts = z.record(z.string(), z.string()).optional();
/** Matches package names that npm can install, including old names with capital letters. */
const PACKAGE_NAME = /^(@[\w~-][\w.~-]*\/)?[A-Za-z0-9~][\w.~-]*$/;
const DEPENDENCIES = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'clientDependencies',
  'serverDependencies',
] as const;
/** A group of dependencies in package.json. */
export type DependencyGroup = (typeof DEPENDENCIES)[number];
const manifestSchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  scripts: texts,
  dependencies: texts,
  devDependencies: texts,
  optionalDependencies: texts,
  clientDependencies: texts,
  serverDependencies: texts,
  engines: texts,
});

/** Returns the problems of a package.json that npm reports or silently ignores. */
export function manifestProblems(manifest: unknown): ApplicationProblem[] {
  const { error, data } = manifestSchema.safeParse(manifest);
  if (data) return misnamed(manifest as PackageManifest);
  return error.issues.map(({ path, ...issue }) => ({
    file: 'package.json',
    problem: path.length
      ? `${path.join('.')} is ${JSON.stringify(valueAt(manifest, path)).slice(0, 60)}, and must be ${issue.code === 'invalid_type' && issue.expected === 'string' ? 'a text' : 'an object of texts'}`
      : 'is not a JSON object',
    fix: 'correct it',
  }));
}

/**
 * Returns the problem of dependencies with invalid names. Zod drops a key `__proto__`, so the function reads the raw
 * manifest.
 */
function misnamed(manifest: PackageManifest): ApplicationProblem[] {
  return DEPENDENCIES.flatMap((group) =>
    Object.keys(manifest[group] ?? {})
      .filter((name) => !PACKAGE_NAME.test(name) || name === '__proto__')
      .map((name) => ({
        file: 'package.json',
        problem: `${group} has ${JSON.stringify(name.slice(0, 60))}, which is not a package name`,
        fix: 'correct it',
      })),
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], value);
}

/** The side of the application that uses a dependency. */
export type DependencyClass = 'shared' | 'server' | 'client' | 'development';

export function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  if (!isFile(file))
    throw new ApplicationError(dirname(file), [
      { file: basename(file), problem: 'is a folder, not a file', fix: 'put the file in its place' },
    ]);
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (depthOf(text) > DEEPEST)
    throw new ApplicationError(dirname(file), [
      {
        file: basename(file),
        problem: `has more than ${DEEPEST} levels of nesting; no tool writes such a file`,
        fix: file.endsWith('lock.json') ? 'delete it and run `npm install`' : 'correct it',
      },
    ]);
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new ApplicationError(dirname(file), [
      {
        file: basename(file),
        problem: `is not valid JSON: ${(error as Error).message}`,
        fix: file.endsWith('lock.json') ? 'delete it and run `npm install`' : 'correct it',
      },
    ]);
  }
}

/** Returns the subfolders that have their own package.json, relative to the application. */
export function packageFoldersOf(directory: string): string[] {
  return [...filesOf(directory, new Set(['node_modules', 'dist', '.git']))]
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => posix.dirname(file))
    .sort();
}

/**
 * Returns the folder of an installed package, as Node.js resolves it from the application or from a package below it.
 * The server's copy comes before the copies of other packages. Returns undefined if the package is not installed.
 */
export function packageFolder(directory: string, name: string): string | undefined {
  const above = folderAbove(directory, name);
  if (above !== undefined) return above;
  const found = packageFoldersOf(directory)
    .map((folder) => join(directory, folder))
    .filter((folder) => existsSync(join(folder, 'node_modules', name, 'package.json')));
  const own =
    found.find((folder) => isServer(readJson<PackageManifest>(join(folder, 'package.json')))) ?? found[0];
  return own && join(own, 'node_modules', name);
}

/** Returns the folder of a package that a module in a folder loads: as Node.js, looks in the folders above, too. */
export function folderAbove(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (basename(folder) !== 'node_modules' && existsSync(join(place, 'package.json'))) return place;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Returns true if the package depends on Express. */
export function isServer(manifest: PackageManifest | undefined): boolean {
  return 'express' in { ...manifest?.dependencies, ...manifest?.serverDependencies };
}

/**
 * Returns the package of an import path: `drizzle-orm` for `drizzle-orm/pg-core`, `@scope/name` for `@scope/name/x`.
 */
export function packageName(importPath: string): string {
  return importPath
    .split('/')
    .slice(0, importPath.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Returns true if package.json separates server and client dependencies, as Framework 5.3, §4.2 requires. */
export function isSeparated(manifest: PackageManifest): boolean {
  return Boolean(manifest.serverDependencies || manifest.clientDependencies);
}

/**
 * Returns the class of each dependency: from package.json if it separates them, otherwise from the modules that import
 * them.
 */
export function classifyDependencies(
  manifest: PackageManifest,
  importedByServer: ReadonlySet<string>,
): Record<string, DependencyClass> {
  const classes: Record<string, DependencyClass> = {};
  for (const name of Object.keys(manifest.devDependencies ?? {})) classes[name] = 'development';
  const separated = isSeparated(manifest);
  for (const name of Object.keys({ ...manifest.optionalDependencies, ...manifest.dependencies }))
    classes[name] = separated ? 'shared' : importedByServer.has(name) ? 'server' : 'client';
  for (const name of Object.keys(manifest.clientDependencies ?? {})) classes[name] = 'client';
  for (const name of Object.keys(manifest.serverDependencies ?? {})) classes[name] = 'server';
  return classes;
}
