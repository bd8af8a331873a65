// Runs in a process of its own, from a folder whose node_modules is the application's: builds the client with
// the application's own Vite. Vite's command has no option for its cache folder and writes a temporary file
// beside its configuration; its API does neither.
import { existsSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The task, as JSON in the first argument. */
export interface ViteBuild {
  readonly directory: string;
  /** The configuration, bundled; absent when the application has none. */
  readonly config?: string;
  readonly root: string;
  /** True if `root` overrides Vite's configuration. */
  readonly rootIsStated: boolean;
  readonly outDir: string;
  readonly cacheDir: string;
  readonly result: string;
}

/** The answer, written to the file `result`. */
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
  /** Vite's `base` as the application has it. */
  readonly base?: string;
}

type Config = {
  root?: string;
  base?: string;
  build?: { outDir?: string; manifest?: boolean | string };
} & Record<string, unknown>;

interface Vite {
  build(config: unknown): Promise<unknown>;
  mergeConfig(a: unknown, b: unknown): Config;
}

interface Chunk {
  readonly modules?: Readonly<Record<string, { readonly code: string | null }>>;
}

/** Variables that Vite itself makes. */
const builtin = new Set(['BASE_URL', 'MODE', 'DEV', 'PROD', 'SSR']);
/** Code that makes a `style` element. */
const addsStyle = /createElement\(\s*(["'`])style\1|\bjsxs?\(\s*(["'`])style\2/;

async function main(task: ViteBuild): Promise<void> {
  process.chdir(task.directory);
  const name = 'vite';
  const vite = (await import(name)) as Vite;
  const config = await load(task.config);
  const root = resolve(task.directory, (task.rootIsStated ? undefined : config.root) ?? task.root);
  const written = config.build?.outDir ?? 'dist';
  const modules = new Set<string>();
  const injectStyles = new Set<string>();
  const compileWebAssembly = new Set<string>();
  const variables: Record<string, string> = {};
  await vite.build(
    vite.mergeConfig(config, {
      configFile: false,
      root,
      base: '/',
      mode: 'production',
      cacheDir: task.cacheDir,
      build: { outDir: task.outDir, emptyOutDir: true, manifest: config.build?.manifest || true },
      plugins: [
        {
          name: 'framework53:modules',
          buildEnd(this: { getModuleIds(): Iterable<string> }) {
            for (const id of this.getModuleIds()) if (isAbsolute(id) && existsSync(id)) modules.add(id);
          },
          configResolved({ env }: { env: Record<string, unknown> }) {
            for (const [name, value] of Object.entries(env))
              if (typeof value === 'string' && !builtin.has(name)) variables[name] = value;
          },
          generateBundle(_options: unknown, bundle: Record<string, Chunk>) {
            for (const { modules = {} } of Object.values(bundle))
              for (const [id, { code }] of Object.entries(modules)) {
                if (code && addsStyle.test(code)) injectStyles.add(id);
                if (code && /\bWebAssembly\.(instantiate|compile|Module)\b/.test(code))
                  compileWebAssembly.add(id);
              }
          },
        },
      ],
    }),
  );
  const result: ViteBuildResult = {
    outDir: isAbsolute(written) ? written : join(root, written),
    modules: [...modules],
    injectStyles: [...injectStyles],
    compileWebAssembly: [...compileWebAssembly],
    variables,
    ...(config.base && { base: config.base }),
  };
  writeFileSync(task.result, JSON.stringify(result));
}

async function load(file: string | undefined): Promise<Config> {
  if (!file) return {};
  const exported = ((await import(pathToFileURL(file).href)) as { default: unknown }).default;
  const environment = { command: 'build', mode: 'production', isSsrBuild: false, isPreview: false };
  return (await (typeof exported === 'function' ? exported(environment) : exported)) as Config;
}

main(JSON.parse(process.argv[2]!) as ViteBuild).catch((error: Error & { frame?: string }) => {
  const { message, frame } = error;
  process.stderr.write(
    `error during build:\n${message}\n${frame && !message.includes(frame) ? `${frame}\n` : ''}`,
  );
  process.exitCode = 1;
});
