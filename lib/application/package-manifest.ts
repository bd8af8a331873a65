import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { z } from 'zod';
import { isFile } from '../files/is-file';
import { DEEPEST, depthOf } from '../files/json-depth';
import { ApplicationError, type ApplicationProblem } from './application-error';
import { filesOf } from './digest';

type Dependencies = Readonly<Record<string, string>>;

/** The parts of an application's package.json that matter here (§4.2 for the two special groups). */
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
/** Names that npm installs, also the old ones with capitals. */
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

/** Problems of a package.json that npm reports, or silently ignores. */
export function manifestProblems(manifest: unknown): ApplicationProblem[] {
  const { error, data } = manifestSchema.safeParse(manifest);
  if (data) return misnamed(manifest as PackageManifest);
  return error.issues.map(({ path, ...issue }) => ({
    file: 'package.json',
    problem: path.length
      ? `${path.join('.')} is ${JSON.stringify(valueAt(manifest, path)).slice(0, 60)}, and must be ${issue.code === 'invalid_type' && issue.expected === 'string' ? 'a text' : 'an object of texts'}`
      : 'is no object of JSON',
    fix: 'correct it',
  }));
}

/** Dependencies under a name that no package can have. Zod drops a key `__proto__`, so the data are not used here. */
function misnamed(manifest: PackageManifest): ApplicationProblem[] {
  return DEPENDENCIES.flatMap((group) =>
    Object.keys(manifest[group] ?? {})
      .filter((name) => !PACKAGE_NAME.test(name) || name === '__proto__')
      .map((name) => ({
        file: 'package.json',
        problem: `${group} has ${JSON.stringify(name.slice(0, 60))}, which is no name of a package`,
        fix: 'correct it',
      })),
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], value);
}

/** Which side of the application a dependency belongs to. */
export type DependencyClass = 'shared' | 'server' | 'client' | 'development';

export function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  if (!isFile(file))
    throw new ApplicationError(dirname(file), [
      { file: basename(file), problem: 'is a folder, and no file', fix: 'put the file in its place' },
    ]);
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (depthOf(text) > DEEPEST)
    throw new ApplicationError(dirname(file), [
      {
        file: basename(file),
        problem: `is nested over ${DEEPEST} deep, which no tool writes`,
        fix: file.endsWith('lock.json') ? 'delete it and run `npm install`' : 'correct it',
      },
    ]);
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new ApplicationError(dirname(file), [
      {
        file: basename(file),
        problem: `is no valid JSON: ${(error as Error).message}`,
        fix: file.endsWith('lock.json') ? 'delete it and run `npm install`' : 'correct it',
      },
    ]);
  }
}

/** Folders below the application that have a package.json of their own, relative to it. */
export function packageFoldersOf(directory: string): string[] {
  return [...filesOf(directory, new Set(['node_modules', 'dist', '.git']))]
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => posix.dirname(file))
    .sort();
}

/**
 * Folder of an installed package as Node.js would find it from the application, or else from one of the packages below
 * it; undefined if it is not installed.
 */
export function packageFolder(directory: string, name: string): string | undefined {
  const isThere = (folder: string) => existsSync(join(folder, 'package.json'));
  for (let folder = directory; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (isThere(candidate)) return candidate;
    if (dirname(folder) === folder) break;
  }
  return packageFoldersOf(directory)
    .map((folder) => join(directory, folder, 'node_modules', name))
    .find(isThere);
}

/** `@scope/name` or `name` of an import path such as `drizzle-orm/pg-core`. */
export function packageName(importPath: string): string {
  return importPath
    .split('/')
    .slice(0, importPath.startsWith('@') ? 2 : 1)
    .join('/');
}

/** True where the package.json tells server and client dependencies apart, as §4.2 prescribes. */
export function isSeparated(manifest: PackageManifest): boolean {
  return Boolean(manifest.serverDependencies || manifest.clientDependencies);
}

/** The class of each dependency: as declared where they are separated, by who imports it where they are not. */
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
