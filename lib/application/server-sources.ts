import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { type BuildFailure, buildSync, formatMessagesSync, type Metafile } from 'esbuild';
import { ApplicationError } from './application-error';
import { lineOf, maskComments } from './mask-comments';
import { type PackageManifest, packageName } from './package-manifest';

/** One module of the application that its server reaches. */
export interface SourceFile {
  /** Path relative to the application. */
  readonly file: string;
  /** The code, its comments blanked. */
  readonly code: string;
  /** Import path as written → file of the application it stands for. */
  readonly imports: ReadonlyMap<string, string>;
  /** Import paths of packages. */
  readonly externals: readonly string[];
}

/** What the server is made of. */
export interface ServerSources {
  readonly files: readonly SourceFile[];
  /** Path aliases that tsconfig.json does not know, as esbuild wants them. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** Folders that templates of this shape alias in Vite's configuration alone. */
const usualAliases: Record<string, string> = { '@shared': 'shared', '@server': 'server', '@db': 'db' };

/** Vite's configuration is imported by servers that run Vite's middleware in development; see development-stubs. */
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

/** Follows the imports of the server's entry through the application's own modules. */
export function readServerSources(
  directory: string,
  entry: string,
  manifest: PackageManifest,
): ServerSources {
  const metafile = follow(directory, entry, {});
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
  const aliases: Record<string, string> = {};
  for (const path of externalImports(metafile)) {
    const alias = packageName(path).split('/')[0]!;
    const folder = usualAliases[alias];
    if (folder && !declared.has(packageName(path)) && existsSync(join(directory, folder)))
      aliases[alias] = `./${folder}`;
  }
  const followed = Object.keys(aliases).length ? follow(directory, entry, aliases) : metafile;
  const { inputs } = followed;
  // A module's own list holds imports of types, too, which nothing is left of in the output.
  const used = externalImports(followed);
  const files = Object.entries(inputs)
    .filter(([file]) => !viteConfigImport.test(file) && !/(^|\/)node_modules\//.test(file))
    .map(([file, { imports }]) => ({
      file,
      code: maskComments(readFileSync(join(directory, file), 'utf8')),
      imports: new Map(imports.filter((i) => !i.external).map((i) => [i.original ?? i.path, i.path])),
      externals: imports.filter((i) => i.external && used.has(i.path)).map((i) => i.path),
    }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  return { files, aliases };
}

/** `server/routes.ts:12` of an offset into a file. */
export function place(source: SourceFile, offset: number): string {
  return `${source.file}:${lineOf(source.code, offset)}`;
}

/** esbuild's own messages, whole. */
export function esbuildOutput(error: unknown): string {
  const { errors } = error as Partial<BuildFailure>;
  return errors ? formatMessagesSync(errors, { kind: 'error', color: false }).join('') : String(error);
}

/** What the bundle imports of packages. */
export function externalImports({ outputs }: Metafile): Set<string> {
  return new Set(
    Object.values(outputs).flatMap(({ imports }) => imports.filter((i) => i.external).map((i) => i.path)),
  );
}

function follow(directory: string, entry: string, alias: Record<string, string>): Metafile {
  try {
    return buildSync({
      ...esbuildCommon,
      absWorkingDir: directory,
      entryPoints: [entry],
      alias,
      outfile: undefined,
    }).metafile;
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
