import { join, posix } from 'node:path';
import type { Loader } from 'esbuild';
import { buildScripts, objectOf, type Scripts } from './build-script';
import type { PackageManifest } from './package-manifest';
import { option, type PackageCall } from './reading/package-calls';
import { applicationFolder } from './source/builtins';
import type { LiveCode } from './source/live-code';
import { entriesOf } from './source/members';
import { type Node, propertyName } from './source/syntax';
import { constantOf, textOf, type Value, valuesOf } from './source/value';

/** Options of esbuild with which the application builds its server. */
export interface ServerBuildOptions {
  readonly define: Readonly<Record<string, string>>;
  readonly loader: Readonly<Record<string, Loader>>;
  readonly alias: Readonly<Record<string, string>>;
  /** Names in `define` whose values are not known. */
  readonly unknown: readonly string[];
}

/** Returns the modules that a build script passes to esbuild as entries. */
export function entriesOfBuildScripts(packageFolder: string, scripts: Scripts): string[] {
  return buildScripts(packageFolder, scripts).flatMap(({ code, calls }) =>
    calls.filter(isEsbuild).flatMap(({ argument }) => {
      const entries = option(code, argument(0), 'entryPoints');
      const texts: string[] = [];
      const visit = (value: Value): void => {
        const path = textOf(value);
        if (path !== undefined)
          texts.push(posix.relative(applicationFolder, posix.resolve(applicationFolder, path)));
        if (value.kind === 'either') value.values.forEach(visit);
        if (value.kind === 'array') for (const item of value.items) visit(code.evaluator.operand(item));
        if (value.kind === 'object')
          for (const { value: operand } of entriesOf(code.evaluator, value))
            visit(code.evaluator.operand(operand));
      };
      if (entries) visit(entries);
      return texts;
    }),
  );
}

function isEsbuild({ path }: PackageCall): boolean {
  return /^esbuild\.(build|buildSync|context)$/.test(path);
}

/**
 * Returns the options of esbuild that change the server's code: those in build scripts, and those of the command
 * `esbuild` in package.json.
 *
 * @param folder folder of the server's package, relative to the application
 */
export function serverBuildOptions(
  directory: string,
  { scripts = {}, version, name }: PackageManifest,
  folder: string,
): ServerBuildOptions {
  const found = { define: {}, loader: {}, alias: {} } as Record<
    'define' | 'loader' | 'alias',
    Record<string, string>
  >;
  const unknown = new Set<string>();
  for (const script of Object.values(scripts).filter((text) => /\besbuild\b/.test(text)))
    for (const [, key, at, single, double, plain] of script.matchAll(
      /\s--(define|loader|alias):([^=\s]+)=(?:'([^']*)'|"((?:\\.|[^"\\])*)"|(\S+))/g,
    ))
      found[key as 'define'][at!] = single ?? double?.replace(/\\(.)/g, '$1') ?? plain!;
  const packageTexts: Readonly<Record<string, string | undefined>> = { version, name };
  for (const { code, calls } of buildScripts(join(directory, folder), scripts))
    for (const { argument } of calls.filter(isEsbuild))
      for (const key of ['define', 'loader', 'alias'] as const) {
        const given = objectOf(option(code, argument(0), key));
        if (given.kind !== 'object') continue;
        for (const { name: named, value: operand } of entriesOf(code.evaluator, given)) {
          const at = textOf(named);
          const value = stringOf(code, code.evaluator.operand(operand), packageTexts);
          if (at === undefined) continue;
          if (value !== undefined) found[key][at] = value;
          // Without a value in the bundle, the server reads the variable when it runs.
          else if (key === 'define' && !at.startsWith('process.env.')) unknown.add(at);
        }
      }
  const { 'process.env.NODE_ENV': _, ...define } = found.define;
  const alias = Object.entries(found.alias).map(([at, path]) => [at, aliasPath(path, folder)]);
  return {
    define,
    loader: found.loader as Record<string, Loader>,
    alias: Object.fromEntries(alias),
    unknown: [...unknown],
  };
}

function aliasPath(path: string, folder: string): string {
  if (path.startsWith(`${applicationFolder}/`))
    return `./${posix.join(folder, posix.relative(applicationFolder, path))}`;
  return path.startsWith('.') ? `./${posix.join(folder, path)}` : path;
}

/** Returns the text of a value, also of `JSON.stringify('a')` and `JSON.stringify(pkg.version)`. */
function stringOf(
  code: LiveCode,
  value: Value,
  packageTexts: Readonly<Record<string, string | undefined>>,
): string | undefined {
  for (const each of valuesOf(value)) {
    const text = textOf(each);
    if (text !== undefined) return text;
    if (
      each.kind !== 'made' ||
      each.by !== 'globalThis.JSON.stringify()' ||
      each.node.type !== 'CallExpression'
    )
      continue;
    const [given] = each.node.arguments as readonly Node[];
    const value = given && code.evaluator.value(given);
    const known = value && (value.kind === 'literal' ? value.value : constantOf(value));
    if (known !== undefined) return JSON.stringify(known);
    const isPackage =
      given?.type === 'MemberExpression' &&
      given.object.type === 'Identifier' &&
      /^(pkg|package\w*|manifest)$/i.test(given.object.name);
    const ofPackage = isPackage ? packageTexts[propertyName(given) ?? ''] : undefined;
    if (ofPackage !== undefined) return JSON.stringify(ofPackage);
  }
  return undefined;
}
