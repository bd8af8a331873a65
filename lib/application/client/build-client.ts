import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { runtimeBundle } from '../../files/runtime-bundle';
import type { Application } from '../application';
import { ApplicationError } from '../application-error';
import { filesOf } from '../digest';
import { packageFolder } from '../package-manifest';
import { esbuildOutput } from '../server-sources';
import type { Warning } from '../warning';
import { clientVariableWarnings } from './client-variables';
import { clientPolicy } from './policy/client-policy';
import type { ViteBuild, ViteBuildResult } from './vite-build.runtime';

/** The built client. */
export interface ClientBuild {
  /** Path of Vite's manifest relative to the built files. */
  readonly manifest?: string;
  /** Folder of the client in the application's own build, relative to the application. */
  readonly outDir: string;
  /** Sources that pages need beside their own origin, by directive. */
  /** True if the client reads `/config.json`. */
  readonly readsEnvironment: boolean;
  readonly contentSecurityPolicySources?: Readonly<Record<string, readonly string[]>>;
  readonly warnings: readonly Warning[];
}

/**
 * Builds the client with the application's own Vite and configuration.
 *
 * @param outDir folder of the built client
 * @param work temporary folder
 * @param constants variables that Vite may put into the client
 */
export async function buildClient(
  application: Application,
  outDir: string,
  work: string,
  constants: Readonly<Record<string, string>>,
  progress: (line: string) => void,
): Promise<ClientBuild> {
  const { directory, client } = application;
  const vite = packageFolder(directory, 'vite');
  if (!vite)
    throw new ApplicationError(directory, [
      { file: 'node_modules/vite', problem: 'is not installed', fix: `run \`npm ci\` in ${directory}` },
    ]);
  mkdirSync(work, { recursive: true });
  // The bundled configuration finds its plugins where the application has them.
  symlinkSync(dirname(vite), join(work, 'node_modules'), 'junction');
  const config = client.viteConfig && (await bundleConfig(application, client.viteConfig, work));
  const task: ViteBuild = {
    directory,
    ...(config && { config }),
    root: client.root,
    rootIsStated: client.configured.root !== undefined,
    outDir,
    cacheDir: join(work, 'cache'),
    result: join(work, 'result.json'),
  };
  const script = join(work, 'vite-build.mjs');
  copyFileSync(runtimeBundle('vite-build'), script);
  const output: string[] = [];
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [script, JSON.stringify(task)], {
      cwd: directory,
      env: {
        ...process.env,
        ...constants,
        NODE_ENV: 'production',
        JITI_FS_CACHE: 'false',
        JITI_CACHE: 'false',
        NO_COLOR: '1',
        FORCE_COLOR: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const read = (chunk: Buffer) => {
      output.push(chunk.toString());
      for (const line of chunk.toString().split(/[\r\n]+/))
        if (/modules transformed|built in/.test(line)) progress(`client: ${line.trim()}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const end = () => child.kill();
    process.prependOnceListener('exit', end);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      process.off('exit', end);
      resolve(exitCode);
    });
  });
  if (code !== 0 || !existsSync(task.result))
    throw new ApplicationError(
      directory,
      [
        {
          file: client.viteConfig ?? client.root,
          problem: 'Vite cannot build the client',
          fix: 'correct what Vite reports below; `npx vite build` in the application says the same',
        },
      ],
      output.join(''),
    );
  const result = JSON.parse(readFileSync(task.result, 'utf8')) as ViteBuildResult;
  const manifest = ['.vite/manifest.json', 'manifest.json'].find((file) => existsSync(join(outDir, file)));
  const inside = (file: string) => posix.normalize(relative(directory, file).split(sep).join('/'));
  const policy = clientPolicy(directory, outDir, result, application.reading.policy);
  return {
    ...(manifest && { manifest }),
    outDir: client.configured.outDir ?? inside(result.outDir),
    readsEnvironment: result.modules.some(
      (file) =>
        /\.[cm]?[jt]sx?$/.test(file) &&
        !/[\\/]node_modules[\\/]/.test(file) &&
        /["'`]\/config\.json\b/.test(readFileSync(file, 'utf8')),
    ),
    ...(Object.keys(policy.sources).length > 0 && { contentSecurityPolicySources: policy.sources }),
    warnings: [
      ...policy.warnings,
      ...clientVariableWarnings(directory, result),
      ...baseWarnings(client.viteConfig ?? client.root, result.base),
      ...entryWarnings(outDir),
    ],
  };
}

/** A client that expects to be below a path of its own. */
function baseWarnings(place: string, base: string | undefined): Warning[] {
  if (!base || /^(\/|\.\/)$/.test(base)) return [];
  return [
    {
      rule: 'client-base',
      severity: 'caution',
      place,
      what: `Vite's base is ${base}, and the client was built with base / instead`,
      why: 'CloudFront serves the client at the root of its domain',
      fix: [`take ${base} out of the routes of the client where it is written out`],
    },
  ];
}

/** Pages in folders, which CloudFront does not find by their folder. */
function entryWarnings(outDir: string): Warning[] {
  const pages = [...filesOf(outDir, new Set(['.vite']))].filter((file) => /\/index\.html$/.test(file)).sort();
  const [first] = pages;
  if (!first) return [];
  return [
    {
      rule: 'several-pages',
      severity: 'caution',
      place: pages.join(', '),
      what: 'the client has pages in folders',
      why: `/${first} answers with this page; /${first.replace('index.html', '')} answers with index.html of the root`,
      fix: ['link to the whole path, or make one page with routes of it'],
    },
  ];
}

/** The configuration as one module outside the application, its modules' own paths kept as they are. */
async function bundleConfig({ directory }: Application, viteConfig: string, work: string): Promise<string> {
  const outfile = join(work, 'vite.config.mjs');
  try {
    await build({
      absWorkingDir: directory,
      entryPoints: [viteConfig],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'silent',
      // For a configuration in CommonJS; one that makes a `require` of its own has all it needs.
      ...(!/\bcreateRequire\b/.test(readFileSync(join(directory, viteConfig), 'utf8')) && {
        banner: {
          js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
        },
      }),
      define: {
        'import.meta.dirname': '__config_dirname',
        'import.meta.filename': '__config_filename',
        'import.meta.url': '__config_url',
        __dirname: '__config_dirname',
        __filename: '__config_filename',
      },
      plugins: [ownPaths],
    });
  } catch (error) {
    throw new ApplicationError(
      directory,
      [
        {
          file: viteConfig,
          problem: "Vite's configuration cannot be read",
          fix: 'correct what esbuild reports below',
        },
      ],
      esbuildOutput(error),
    );
  }
  return outfile;
}

const ownPaths: Plugin = {
  name: 'own-paths',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path }) => {
      const lines = [
        `const __config_filename = ${JSON.stringify(path)};`,
        `const __config_dirname = ${JSON.stringify(dirname(path))};`,
        `const __config_url = ${JSON.stringify(pathToFileURL(path).href)};`,
      ];
      return {
        contents: lines.join(' ') + readFileSync(path, 'utf8'),
        loader: /ts$/.test(path) ? 'ts' : 'js',
      };
    });
  },
};
