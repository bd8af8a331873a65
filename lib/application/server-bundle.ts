import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import type { Application } from './application';
import { ApplicationError } from './application-error';
import { developmentStubs } from './development-stubs';
import { packageName } from './package-manifest';
import { esbuildCommon, esbuildOutput, externalImports } from './server-sources';
import { neonPlugin } from './swap/neon-plugin';
import { pdfParsePlugin } from './swap/pdf-parse-plugin';
import { postgresPlugin } from './swap/postgres-plugin';
import { subpathPlugin } from './swap/subpath-plugin';
import type { Warning } from './warning';

/** Matches the path of an import that is a file. */
const missingFile = /^\.{0,2}\//;

/** The built server, and the packages that it needs in node_modules. */
export interface ServerBundle {
  /** Contents by file name in `dist/`. */
  readonly files: ReadonlyMap<string, string>;
  /** Packages that the server imports, sorted. */
  readonly packages: readonly string[];
  /** Packages that the server imports when it starts. */
  readonly needed: ReadonlySet<string>;
  /** True if the code imports a module with a computed name. */
  readonly importsByName: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Defines `require`, which an ES module does not have. The bundle needs it if it contains node-postgres, which is a
 * CommonJS package, or if the application calls `require` without declaring it. If the application declares `require`
 * itself, esbuild renames that declaration; this one would then be a conflict.
 */
const requireBanner =
  "import { createRequire as __createRequireOfServer } from 'node:module'; const require = __createRequireOfServer(import.meta.url);";

/**
 * Bundles the server as Framework 5.3, A.2 describes: one ES module with external packages, plus source maps and the
 * replacement of the Neon driver. Writes no file. All paths in the bundle are relative to the application, so equal
 * sources give equal bytes.
 */
export async function bundleServer(application: Application): Promise<ServerBundle> {
  const { directory, server } = application;
  const first = await esbuild(application, server.usesNeon);
  const wantsRequire = !server.usesNeon && first.outputFiles.some(({ text }) => /\b__require\b/.test(text));
  const result = wantsRequire ? await esbuild(application, true) : first;
  const files = new Map<string, string>();
  for (const { path, text } of result.outputFiles)
    files.set(path.slice(join(directory, 'dist').length + 1), text);
  const imported = [...externalImports(result.metafile)]
    .filter((path) => !isBuiltin(path) && !missingFile.test(path))
    .map(packageName);
  const code = files.get('index.js')!;
  const known = Object.keys({
    ...application.manifest.dependencies,
    ...application.manifest.optionalDependencies,
  });
  // A view engine or a log transport is often named in a string, and another package loads it.
  const named = known.filter((name) => code.includes(`"${name}"`) || code.includes(`'${name}'`));
  return {
    files,
    needed: new Set(
      Object.values(result.metafile.outputs).flatMap(({ imports }) =>
        imports
          .filter(({ kind, external }) => external && kind === 'import-statement')
          .map(({ path }) => packageName(path)),
      ),
    ),
    packages: [...new Set([...imported, ...named])].sort(),
    importsByName: /\b(?:import|require)\(\s*(?!["'`)]|\s)/.test(withoutInlined(code)),
    warnings: [
      ...missingFiles(result.metafile),
      ...result.warnings.map(
        ({ text, location }): Warning => ({
          rule: 'esbuild',
          severity: 'note',
          place: location ? `${location.file}:${location.line}` : server.entry,
          what: text,
          why: '',
          fix: [],
        }),
      ),
    ],
  };
}

/** Warns of missing files that code imports within `try`. esbuild leaves these imports in the bundle. */
function missingFiles({ inputs }: Metafile): Warning[] {
  return Object.entries(inputs).flatMap(([file, { imports }]) =>
    imports
      .filter(({ path, external }) => external && missingFile.test(path))
      .map(({ path }) => ({
        rule: 'module-missing',
        severity: 'caution',
        place: file,
        what: `the module imports ${path}, which the application does not contain`,
        why: 'the import fails when the code runs',
        fix: ['correct the path, or remove the import'],
      })),
  );
}

async function esbuild({ directory, server }: Application, withRequire: boolean) {
  return build({
    ...esbuildCommon,
    absWorkingDir: directory,
    entryPoints: { index: server.entry },
    outdir: join(directory, 'dist'),
    alias: { ...server.aliases },
    loader: { ...server.build.loader },
    sourcemap: 'linked',
    // The image contains no sources; a stack trace only needs names and lines.
    sourcesContent: false,
    ...(withRequire && { banner: { js: requireBanner } }),
    // A CommonJS server has these variables. esbuild does not replace names that a module declares.
    define: { ...server.build.define, __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    plugins: [neonPlugin(directory), postgresPlugin, pdfParsePlugin, developmentStubs(), subpathPlugin],
  }).catch((error) => {
    throw new ApplicationError(
      directory,
      [
        {
          file: server.entry,
          problem: 'esbuild cannot bundle the server',
          fix: 'correct what esbuild reports below',
        },
      ],
      esbuildOutput(error),
    );
  });
}

/** Returns the application's own part of the bundle. The parts that this package adds import no computed names. */
function withoutInlined(code: string): string {
  return code
    .split(/^(?=\/\/ [\w.@/-]+(?::[\w./@-]+)?$)/m)
    .filter((part) => !/^\/\/ (neon|postgres|development):/.test(part))
    .join('');
}
