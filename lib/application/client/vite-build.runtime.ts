// Builds the client, or a bundle for server-side rendering, with the application's own Vite. Runs in a separate process,
// from a folder whose node_modules is the application's. Uses Vite's API, because Vite's command has no option for its
// cache folder and writes a temporary file next to its configuration.

import { existsSync, lstatSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapePattern } from '../../files/escape-pattern';
import { leadsOut, pathInside } from '../../files/inside';

/** The task, as JSON in the first argument. */
export interface ViteBuild {
  readonly directory: string;
  /** Folder in which the application itself runs Vite. */
  readonly cwd: string;
  /** The bundled configuration; absent if the application has none. */
  readonly config?: string;
  /** The bundled options that a build script passes to Vite's `build`; absent if there are none. */
  readonly inline?: string;
  readonly root: string;
  /** True if `root` overrides Vite's configuration. */
  readonly rootIsStated: boolean;
  /**
   * Folder of the built client. For a bundle for server-side rendering, the folder that replaces the application's
   * folder.
   */
  readonly outDir: string;
  /** Import paths of the workspace that map to a file, with the file. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly cacheDir: string;
  readonly result: string;
  /** Builds a bundle that renders pages instead of the client. */
  readonly pages?: {
    /** Relative to the root; absent when the configuration names it. */
    readonly entry?: string;
    /** Relative to the root; absent when the configuration names it. */
    readonly outDir?: string;
  };
}

/** The result, written to the file `result`. */
export interface ViteBuildResult {
  /** Folder of the client in the application's own build. */
  readonly outDir: string;
  /** Modules of the application that are part of the client. */
  readonly modules: readonly string[];
  /** Modules whose code adds `style` elements to pages. */
  readonly injectStyles: readonly string[];
  /** Modules whose code compiles WebAssembly. */
  readonly compileWebAssembly: readonly string[];
  /** Variables that Vite puts into the client, with their values. */
  readonly variables: Readonly<Record<string, string>>;
  /** The application's `base` option of Vite. */
  readonly base?: string;
  /** Import paths that a bundle for server-side rendering leaves to Node.js. */
  readonly externals: readonly string[];
}

type Config = {
  root?: string;
  base?: string;
  build?: { outDir?: string; manifest?: boolean | string; ssr?: boolean | string };
} & Record<string, unknown>;

interface Vite {
  build(config: unknown): Promise<unknown>;
  mergeConfig(a: unknown, b: unknown): Config;
}

interface Chunk {
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly modules?: Readonly<Record<string, { readonly code: string | null }>>;
}

/** Variables that Vite itself defines. */
const builtin = new Set(['BASE_URL', 'MODE', 'DEV', 'PROD', 'SSR']);
/** Matches code that creates a `style` element. */
const addsStyle = /createElement\(\s*(["'`])style\1|\bjsxs?\(\s*(["'`])style\2/;

async function main(task: ViteBuild): Promise<void> {
  process.chdir(task.cwd);
  const name = 'vite';
  const vite = (await import(name)) as Vite;
  const config = await load(task, vite);
  const root =
    task.rootIsStated || !config.root ? resolve(task.directory, task.root) : resolve(task.cwd, config.root);
  const written = resolve(root, task.pages?.outDir ?? config.build?.outDir ?? 'dist');
  const modules = new Set<string>();
  const injectStyles = new Set<string>();
  const compileWebAssembly = new Set<string>();
  const externals = new Set<string>();
  const variables: Record<string, string> = {};
  await vite.build(
    vite.mergeConfig(config, {
      configFile: false,
      root,
      base: '/',
      mode: 'production',
      cacheDir: task.cacheDir,
      resolve: { alias: Object.entries(task.aliases).map(aliasOf) },
      build: task.pages
        ? {
            outDir: join(task.outDir, inside(task.directory, written)),
            emptyOutDir: false,
            copyPublicDir: false,
            ssr: task.pages.entry ?? config.build?.ssr ?? true,
          }
        : { outDir: task.outDir, emptyOutDir: true, manifest: config.build?.manifest || true },
      plugins: [
        {
          name: 'framework53:modules',
          buildEnd(this: { getModuleIds(): Iterable<string> }) {
            for (const id of this.getModuleIds()) if (isAbsolute(id) && existsSync(id)) modules.add(id);
          },
          configResolved({ env, publicDir }: { env: Record<string, unknown>; publicDir?: string }) {
            if (publicDir && existsSync(publicDir)) refuseLinks(task.directory, publicDir);
            for (const [name, value] of Object.entries(env))
              if (typeof value === 'string' && !builtin.has(name)) variables[name] = value;
          },
          generateBundle(_options: unknown, bundle: Record<string, Chunk>) {
            for (const { modules = {}, imports = [], dynamicImports = [] } of Object.values(bundle)) {
              for (const path of [...imports, ...dynamicImports]) if (!bundle[path]) externals.add(path);
              for (const [id, { code }] of Object.entries(modules)) {
                if (code && addsStyle.test(code)) injectStyles.add(id);
                if (code && /\bWebAssembly\.(instantiate|compile|Module)\b/.test(code))
                  compileWebAssembly.add(id);
              }
            }
          },
        },
      ],
    }),
  );
  const result: ViteBuildResult = {
    outDir: written,
    modules: [...modules],
    injectStyles: [...injectStyles],
    compileWebAssembly: [...compileWebAssembly],
    variables,
    ...(config.base && { base: config.base }),
    externals: [...externals],
  };
  writeFileSync(task.result, JSON.stringify(result));
}

/** Returns an alias for exactly one import path. */
function aliasOf([path, replacement]: readonly [string, string]) {
  return { find: new RegExp(`^${escapePattern(path)}$`), replacement };
}

/** Vite copies the targets of links. A link out of the application would publish files of the machine. */
function refuseLinks(application: string, publicDir: string): void {
  for (const file of readdirSync(publicDir, { recursive: true }).map(String)) {
    const path = join(publicDir, file);
    if (lstatSync(path).isSymbolicLink() && existsSync(path) && leadsOut(application, path))
      throw new Error(
        `${relative(application, path)} is a link to a place outside the application, and would make ${realpathSync(path)} public; put the files in its place`,
      );
  }
}

/** Returns a path below the application's folder. */
function inside(directory: string, path: string): string {
  if (pathInside(directory, path) === undefined)
    throw new Error(`the folder ${path} is not below ${directory}`);
  return relative(directory, path);
}

async function load({ config: file, inline, pages }: ViteBuild, vite: Vite): Promise<Config> {
  const isSsrBuild = pages !== undefined;
  const environment = {
    command: 'build',
    mode: 'production',
    isSsrBuild,
    ssrBuild: isSsrBuild,
    isPreview: false,
  };
  const read = async (path: string | undefined): Promise<Config> => {
    if (!path) return {};
    const exported = ((await import(pathToFileURL(path).href)) as { default: unknown }).default;
    return (await (typeof exported === 'function' ? exported(environment) : exported)) as Config;
  };
  const config = await read(file);
  return inline ? vite.mergeConfig(config, await read(inline)) : config;
}

main(JSON.parse(process.argv[2]!) as ViteBuild).catch((error: Partial<Error & { frame: string }> | null) => {
  const { message = String(error), frame } = error ?? {};
  process.stderr.write(
    `error during build:\n${message}\n${frame && !message.includes(frame) ? `${frame}\n` : ''}`,
  );
  process.exitCode = 1;
});
