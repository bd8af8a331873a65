import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import type { Program } from '@babel/types';
import { type BuildFailure, build, buildSync, formatMessagesSync, type Metafile } from 'esbuild';
import { ApplicationError, type ApplicationProblem } from './application-error';
import { packageName } from './package-manifest';
import { type ServerBuildOptions, serverBuildOptions } from './server-build-options';
import { applicationFolder } from './source/builtins';
import { type LiveCode, readLiveCode } from './source/live-code';
import { type Module, parseModule } from './source/module';
import type { Packages } from './workspace';
import { adviceToCompile } from './workspace-exports';

/** The modules of the server. */
export interface ServerSources {
  /** Modules of the application that the built server contains, by file. */
  readonly modules: ReadonlyMap<string, Module>;
  /** The code that runs in production. */
  readonly code: LiveCode;
  /** Path aliases that tsconfig.json does not define, in the format of esbuild. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Options of the application's own build. */
  readonly options: ServerBuildOptions;
  /** Modules that esbuild bundles and the reader cannot parse. */
  readonly unread: readonly string[];
}

/** Aliases that common templates define only in Vite's configuration. */
const usualAliases: Record<string, string> = { '@shared': 'shared', '@server': 'server', '@db': 'db' };

/**
 * Matches imports of Vite's configuration. Servers import it to run Vite's middleware in development; see
 * development-stubs.
 */
export const viteConfigImport = /(^|\/)vite\.config(\.[cm]?[jt]s)?$/;

export const esbuildCommon = {
  bundle: true,
  platform: 'node',
  packages: 'external',
  format: 'esm',
  write: false,
  metafile: true,
  logLevel: 'silent',
  charset: 'utf8',
  outdir: 'dist',
} as const;

type ServerPackages = Pick<Packages, 'manifest' | 'modules' | 'server'>;

/** Results that the caller has already. */
export interface EarlyWork {
  /** Result of `followEarly`. */
  readonly followed: Metafile | undefined;
  /** Syntax trees of modules, by file. */
  readonly programs?: ReadonlyMap<string, Program | undefined>;
}

/** Follows the imports of the server's entry through the application's own modules. */
export function readServerSources(
  directory: string,
  entry: string,
  packages: Omit<Packages, 'client' | 'folders' | 'installed'>,
  early?: EarlyWork,
): ServerSources {
  const { manifest } = packages;
  const { own, options } = ownAliases(directory, packages);
  const metafile = early?.followed ?? follow(directory, entry, own, options);
  const declared = new Set([
    ...builtinModules,
    ...Object.keys({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.serverDependencies,
      ...manifest.clientDependencies,
      ...manifest.optionalDependencies,
    }),
  ]);
  const aliases: Record<string, string> = { ...own };
  for (const path of externalImports(metafile)) {
    const alias = packageName(path).split('/')[0]!;
    const folder = usualAliases[alias];
    if (folder && !declared.has(packageName(path)) && existsSync(join(directory, folder)))
      aliases[alias] = `./${folder}`;
  }
  const isAliased = Object.keys(aliases).length > Object.keys(own).length;
  const followed = isAliased ? follow(directory, entry, aliases, options) : metafile;
  // The list of a module's imports also contains type imports, which the output does not have.
  const used = externalImports(followed);
  requireOwnModules(directory, entry, used, packages);
  const bundled = new Set(Object.values(followed.outputs).flatMap(({ inputs }) => Object.keys(inputs)));
  const files = Object.keys(followed.inputs).filter(
    (file) => bundled.has(file) && !viteConfigImport.test(file) && isCode(file),
  );
  const key = digestOf(directory, entry, [...used, JSON.stringify(options)], files);
  if (last?.key !== key)
    last = {
      directory,
      entry,
      key,
      sources: parsed(directory, entry, followed, { files, used, aliases, options }, early?.programs),
    };
  return last.sources;
}

/**
 * Checks that the bundle contains each module of the workspace that the server imports. npm would otherwise install a
 * package of the same name from the registry into the image.
 */
function requireOwnModules(
  directory: string,
  entry: string,
  externals: ReadonlySet<string>,
  { own, uncompiled }: Pick<Packages, 'own' | 'uncompiled'>,
): void {
  const problems = [...externals].flatMap((path): ApplicationProblem[] => {
    const folder = Object.hasOwn(own, packageName(path)) ? own[packageName(path)] : undefined;
    if (folder === undefined) return [];
    const missing = uncompiled.find(({ importPath }) => importPath === path);
    return [
      {
        file: entry,
        problem: `the server imports ${path}, ${missing ? `whose file ${missing.file} is missing, as is its source` : `which the package in ${folder} does not export`}`,
        fix: missing ? adviceToCompile(missing) : `export the module in ${folder}/package.json`,
      },
    ];
  });
  if (problems.length) throw new ApplicationError(directory, problems);
}

/**
 * Follows the imports in esbuild's own process, while the caller works. `readServerSources` takes the result. Returns
 * undefined if esbuild fails, because `readServerSources` then asks again and throws the error.
 */
export async function followEarly(
  directory: string,
  entry: string,
  packages: ServerPackages,
): Promise<Metafile | undefined> {
  try {
    const { own, options } = ownAliases(directory, packages);
    return (await build(followOptions(directory, entry, own, options))).metafile;
  } catch {
    return undefined;
  }
}

/** Modules of a workspace are part of the server. */
function ownAliases(directory: string, { manifest, modules, server }: ServerPackages) {
  const options = serverBuildOptions(directory, manifest, server);
  return { options, own: { ...options.alias, ...modules } };
}

/** The last server that was read. A build reads the server first, and the check of the same build reads it again. */
let last: LastRead | undefined;

interface LastRead {
  readonly directory: string;
  readonly entry: string;
  readonly key: string;
  readonly sources: ServerSources;
}

/** True if the server was read last, so that nothing needs parsing unless a file has changed. */
export function wasReadLast(directory: string, entry: string): boolean {
  return last?.directory === directory && last.entry === entry;
}

/** Returns a text that changes if an input of `parsed` changes. */
function digestOf(
  directory: string,
  entry: string,
  externals: readonly string[],
  files: readonly string[],
): string {
  const hash = createHash('sha256').update(JSON.stringify([directory, entry, externals, files]));
  for (const file of files) hash.update(readFileSync(join(directory, file))).update('\0');
  return hash.digest('hex');
}

interface Followed {
  readonly files: readonly string[];
  readonly used: ReadonlySet<string>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly options: ServerBuildOptions;
}

/** Parses the modules of a server. */
function parsed(
  directory: string,
  entry: string,
  { inputs }: Metafile,
  { files, used, aliases, options }: Followed,
  programs?: EarlyWork['programs'],
): ServerSources {
  const modules = new Map<string, Module>();
  const unread: string[] = [];
  for (const file of files) {
    const { imports } = inputs[file]!;
    try {
      const parts = {
        imports: new Map(imports.filter((i) => !i.external).map((i) => [i.original ?? i.path, i.path])),
        externals: imports.filter((i) => i.external && used.has(i.path)).map((i) => i.path),
        runtimeFolder: `${applicationFolder}/dist`,
      };
      const module = parseModule(directory, file, parts, programs?.get(file));
      modules.set(file, module);
    } catch (error) {
      // The code is nested too deeply, or uses newer syntax than the parser supports.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      unread.push(file);
    }
  }
  return { modules, code: readLiveCode(entry, modules), aliases, options, unread };
}

function isCode(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file) && !/(^|\/)node_modules\//.test(file);
}

/** Returns the complete messages of esbuild. */
export function esbuildOutput(error: unknown): string {
  const { errors } = error as Partial<BuildFailure>;
  return errors ? formatMessagesSync(errors, { kind: 'error', color: false }).join('') : String(error);
}

/** Returns the import paths of external packages in a bundle. */
export function externalImports({ outputs }: Metafile): Set<string> {
  return new Set(
    Object.values(outputs).flatMap(({ imports }) => imports.filter((i) => i.external).map((i) => i.path)),
  );
}

function followOptions(
  directory: string,
  entry: string,
  alias: Record<string, string>,
  { loader }: ServerBuildOptions,
) {
  return {
    ...esbuildCommon,
    absWorkingDir: directory,
    entryPoints: [entry],
    alias,
    loader: { ...loader },
    outfile: undefined,
  };
}

function follow(
  directory: string,
  entry: string,
  alias: Record<string, string>,
  options: ServerBuildOptions,
): Metafile {
  try {
    return buildSync(followOptions(directory, entry, alias, options)).metafile;
  } catch (error) {
    throw new ApplicationError(
      directory,
      [
        {
          file: entry,
          problem: 'esbuild cannot bundle the server',
          fix: 'correct what esbuild reports below, or name another module in application.server.entry',
        },
      ],
      esbuildOutput(error),
    );
  }
}
