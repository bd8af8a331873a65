import { join, posix } from 'node:path';
import { escapePattern } from '../files/escape-pattern';
import { isFile } from '../files/is-file';
import { filesOf } from './digest';
import type { PackageManifest } from './package-manifest';

/** A package of a workspace, or a package in a folder of the application. */
export interface Member {
  /** Relative to the application. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

/** A module that a package exports from a compiled file, which is missing. */
export interface Uncompiled {
  readonly importPath: string;
  /** Folder of the package, relative to the application. */
  readonly folder: string;
  /** The missing file, relative to the application. */
  readonly file: string;
  /** The script that compiles the package. */
  readonly script?: string;
}

/** Returns the advice for a module of a package that is not compiled. */
export function adviceToCompile({ folder, script }: Uncompiled): string {
  return script
    ? `compile the package before each build: \`npm run ${script} --prefix ${folder}\``
    : `correct the exports in ${posix.join(folder, 'package.json')}, or give the package a script \`build\` and run it`;
}

/** The modules that a package exports. */
export interface Exports {
  /** Import path → the module, relative to the application. */
  readonly modules: Readonly<Record<string, string>>;
  readonly uncompiled: readonly Uncompiled[];
}

/** Returns the modules that a package exports, by import path. */
export function exportsOf(directory: string, { folder, manifest }: Member): Exports {
  const { name, main, module, exports, scripts = {} } = manifest;
  if (!name) return { modules: {}, uncompiled: [] };
  const stated =
    exports && typeof exports === 'object' && Object.keys(exports).some((key) => key.startsWith('.'))
      ? Object.entries(exports).map(([key, target]) => [key, targetOf(target)] as const)
      : [['.', targetOf(exports) ?? module ?? main ?? 'index.js'] as const];
  const modules: Record<string, string> = {};
  const uncompiled: Uncompiled[] = [];
  const script = ['build', 'compile', 'prepare', 'prepack'].find((each) => each in scripts);
  let files: readonly string[] | undefined;
  const list = () => (files ??= [...filesOf(join(directory, folder), new Set(['node_modules']))]);
  for (const [key, target] of stated.flatMap((each) => expanded(list, each))) {
    const importPath = posix.join(name, key);
    if (!target) continue;
    const file = posix.join(folder, target);
    const found = sourceOf(directory, folder, target);
    if (found) modules[importPath] = `./${found}`;
    if (isCode.test(file) && !isFile(join(directory, file)))
      uncompiled.push({ importPath, folder, file, ...(script && { script }) });
  }
  return { modules, uncompiled };
}

const isCode = /(?<!\.d)\.[cm]?[jt]sx?$/;

/**
 * Returns the exports that match a pattern such as `./*`.
 * @param list returns the files of the package
 */
function expanded(
  list: () => readonly string[],
  [key, target]: readonly [string, string | undefined],
): (readonly [string, string | undefined])[] {
  if (!key.includes('*') || !target?.includes('*')) return [[key, target]];
  const patterns = stemsOf(posix.normalize(target)).map((stem) => {
    const [before, after = ''] = stem.split('*');
    return new RegExp(`^${escapePattern(before!)}(.+)${escapePattern(after)}\\.([cm]?[jt]sx?)$`);
  });
  const parts = new Set<string>();
  for (const file of list())
    for (const pattern of patterns) {
      const part = file.endsWith('.d.ts') ? undefined : pattern.exec(file)?.[1];
      if (part) parts.add(part);
    }
  return [...parts].map((part) => [key.replace('*', part), target.replace('*', part)] as const);
}

/** Returns the target of an export: `import` and `default` first. */
function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!target || typeof target !== 'object') return undefined;
  const conditions = target as Record<string, unknown>;
  for (const condition of ['node', 'import', 'module', 'default', 'require', 'types'])
    if (condition in conditions) return targetOf(conditions[condition]);
  return undefined;
}

/** Returns paths without extension at which a module, or its source, may be. */
function stemsOf(file: string): string[] {
  const stem = file.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
  return [
    stem,
    stem.replace(/(^|\/)(dist|build|lib)(\/|$)/, '$1src$3'),
    stem.replace(/(^|\/)(dist|build)\//, '$1'),
  ];
}

/** Returns the module itself, or its source if the module is not compiled. */
function sourceOf(directory: string, folder: string, target: string): string | undefined {
  const own = posix.normalize(target);
  const candidates = stemsOf(own).flatMap((each) =>
    ['ts', 'tsx', 'mts', 'js', 'mjs', 'cjs'].map((end) => `${each}.${end}`),
  );
  return [own, ...candidates]
    .map((each) => posix.join(folder, each))
    .find((each) => isCode.test(each) && isFile(join(directory, each)));
}
