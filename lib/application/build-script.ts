import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import { ApplicationError } from './application-error';
import { manifestProblems, type PackageManifest, readJson } from './package-manifest';
import { option, type PackageCall, packageCalls } from './reading/package-calls';
import { applicationFolder } from './source/builtins';
import type { ConfigFile } from './source/config-file';
import { type LiveCode, readLiveCode } from './source/live-code';
import { parseModule } from './source/module';
import { calledName, eachChild, isCall, isFunction, type Node, parseProgram } from './source/syntax';
import { truthOf, type Value, valuesOf } from './source/value';

export type Scripts = NonNullable<PackageManifest['scripts']>;

/** A module that scripts of package.json run to build the application, such as `tsx script/build.ts`. */
export interface BuildScript {
  /** Path relative to the package. */
  readonly file: string;
  readonly code: LiveCode;
  readonly calls: readonly PackageCall[];
}

/** The call of Vite's `build` in a build script. */
export interface ViteCall {
  /** The build script, relative to the package. */
  readonly file: string;
  /** The options of the call. */
  readonly options: ConfigFile;
  /** Position of the options in the script. @default - the call has no options */
  readonly range?: { readonly start: number; readonly end: number };
}

/** Returns the source files that a script of package.json names. */
export function sourcesNamed(script: string | undefined, extension: string): string[] {
  return (
    script?.match(new RegExp(`(?<=(?:^|\\s)(?:\\.\\/)?)[\\w./-]+\\.[cm]?${extension}(?=\\s|$)`, 'g')) ?? []
  );
}

/** Matches modules that may call Vite or esbuild. Most modules that a script names are entries, which do not. */
const importsTool = /(\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*['"`](vite|esbuild)['"`]/;

/** Returns the build scripts of a package that call Vite or esbuild. */
export function buildScripts(packageFolder: string, scripts: Scripts): BuildScript[] {
  const files = Object.entries(scripts)
    .filter(([name]) => /build/.test(name))
    .flatMap(([, script]) => sourcesNamed(script, '[jt]s'))
    .map((file) => posix.normalize(file))
    .filter((file) => isFile(join(packageFolder, file)))
    .filter((file) => importsTool.test(readFileSync(join(packageFolder, file), 'utf8')));
  return [...new Set(files)].flatMap((file): BuildScript[] => {
    try {
      const runtimeFolder = posix.join(applicationFolder, posix.dirname(file));
      const module = parseModule(packageFolder, file, { imports: new Map(), externals: [], runtimeFolder });
      const code = readLiveCode(file, new Map([[file, module]]));
      return [{ file, code, calls: packageCalls(code) }];
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      return [];
    }
  });
}

/** Returns the call with which a build script of a package builds the client. */
export function viteCall(packageFolder: string): ViteCall | undefined {
  for (const { file, code, calls } of buildScripts(packageFolder, scriptsOf(packageFolder)))
    for (const { path, call, argument } of calls) {
      if (path !== 'vite.build') continue;
      const options: ConfigFile = { evaluator: code.evaluator, value: objectOf(argument(0)) };
      const ssr = option(code, option(code, options.value, 'build'), 'ssr');
      if (ssr && truthOf(ssr) !== false) continue;
      const [given] = call.arguments as readonly Node[];
      return { file, options, ...(given && { range: { start: given.start!, end: given.end! } }) };
    }
  return undefined;
}

/** Returns the object literal that a value may be. */
export function objectOf(value: Value | undefined): Value {
  return valuesOf(value ?? { kind: 'unknown' }).find(({ kind }) => kind === 'object') ?? { kind: 'unknown' };
}

function scriptsOf(packageFolder: string): Scripts {
  try {
    const manifest = readJson<PackageManifest>(join(packageFolder, 'package.json'));
    return (manifestProblems(manifest).length === 0 && manifest?.scripts) || {};
  } catch (error) {
    // Reading the application reports the problem.
    if (error instanceof ApplicationError) return {};
    throw error;
  }
}

/**
 * Returns a module that exports the options of Vite's `build` by default: the imports and the declarations of the
 * build script, without the statements that build.
 */
export function optionsModule(packageFolder: string, { file, range }: Required<ViteCall>): string {
  const text = readFileSync(join(packageFolder, file), 'utf8');
  const { body } = parseProgram(file, text);
  const functions = new Set(
    body.flatMap((node) => (node.type === 'FunctionDeclaration' && node.id ? [node.id.name] : [])),
  );
  const kept = body.filter((node) => {
    if (node.type === 'ImportDeclaration') return node.specifiers.length > 0;
    return /Declaration$/.test(node.type) && !node.type.startsWith('Export') && !builds(node, functions);
  });
  const parts = kept.map(({ start, end }) => text.slice(start!, end!));
  return [...parts, `export default (${text.slice(range.start, range.end)});`].join('\n');
}

/** Returns true for a declaration that calls one of the script's own functions, or a function named `build`. */
function builds(node: Node, functions: ReadonlySet<string>): boolean {
  if (isFunction(node)) return false;
  if (isCall(node)) {
    const name = calledName(node) ?? '';
    if (functions.has(name) || /build|context/i.test(name)) return true;
  }
  let found = false;
  eachChild(node, (child) => {
    found ||= builds(child, functions);
  });
  return found;
}
