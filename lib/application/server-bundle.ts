import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Application } from './application';
import { ApplicationError } from './application-error';
import { developmentStubs } from './development-stubs';
import { packageName } from './package-manifest';
import { esbuildCommon, esbuildOutput, externalImports } from './server-sources';
import { neonPlugin } from './swap/neon-plugin';
import { postgresPlugin } from './swap/postgres-plugin';
import type { Warning } from './warning';

/** The built server and what it needs of node_modules. */
export interface ServerBundle {
  /** File name in `dist/` → contents. */
  readonly files: ReadonlyMap<string, string>;
  /** Packages it imports, sorted. */
  readonly packages: readonly string[];
  /** Packages that the server imports when it starts. */
  readonly needed: ReadonlySet<string>;
  /** True where it imports or requires something whose name is not written in the code. */
  readonly importsByName: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * node-postgres is CommonJS and asks for a `require`, which an ES module has not. Only where it is inlined, or the
 * application calls one that it does not declare: one that it declares is renamed then, and would clash otherwise.
 */
const requireBanner =
  "import { createRequire as __createRequireOfServer } from 'node:module'; const require = __createRequireOfServer(import.meta.url);";

/**
 * The server as A.2 builds it (ES module, packages external), with source maps and the Neon driver swapped.
 * Nothing is written, and every path in it is relative to the application, so that equal sources give equal bytes.
 */
export async function bundleServer(application: Application): Promise<ServerBundle> {
  const { directory, server } = application;
  const first = await esbuild(application, server.usesNeon);
  const wantsRequire = !server.usesNeon && first.outputFiles.some(({ text }) => /\b__require\b/.test(text));
  const result = wantsRequire ? await esbuild(application, true) : first;
  const files = new Map<string, string>();
  for (const { path, text } of result.outputFiles)
    files.set(path.slice(join(directory, 'dist').length + 1), text);
  const imported = [...externalImports(result.metafile)].filter((path) => !isBuiltin(path)).map(packageName);
  const code = files.get('index.js')!;
  const known = Object.keys({
    ...application.manifest.dependencies,
    ...application.manifest.optionalDependencies,
  });
  // A view engine or a transport is named in a string and loaded by the package that is given the name.
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
    warnings: result.warnings.map(({ text, location }) => ({
      rule: 'esbuild',
      severity: 'note',
      place: location ? `${location.file}:${location.line}` : server.entry,
      what: text,
      why: '',
      fix: [],
    })),
  };
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
    // The image holds no sources; names and lines are what a stack trace needs.
    sourcesContent: false,
    ...(withRequire && { banner: { js: requireBanner } }),
    // A server that its authors build as CommonJS has these. esbuild leaves names alone that a module declares.
    define: { ...server.build.define, __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    plugins: [neonPlugin(directory), postgresPlugin, developmentStubs()],
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

/** The application's own part of the bundle: what is inlined by us is known not to import by name. */
function withoutInlined(code: string): string {
  return code
    .split(/^(?=\/\/ [\w.@/-]+(?::[\w./@-]+)?$)/m)
    .filter((part) => !/^\/\/ (neon|postgres|development):/.test(part))
    .join('');
}
