import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { isFile } from '../../files/is-file';
import { runtimeBundle } from '../../files/runtime-bundle';
import { ApplicationError } from '../application-error';
import type { Client } from '../detect-client';
import type { PageBundle } from '../detect-page-bundles';
import { installCommand } from '../package-manager';
import { packageFolder } from '../package-manifest';
import type { Packages } from '../workspace';
import { adviceToCompile } from '../workspace-exports';
import { bundleConfig, bundleOptions } from './bundle-config';
import type { ViteBuild, ViteBuildResult } from './vite-build.runtime';

/** A client build that runs in its own process. */
export interface ViteRun {
  readonly result: Promise<ViteBuildResult>;
  /** Ends the process, and waits for its end. */
  stop(): Promise<void>;
}

/** A client, and the places of its build. */
export interface ViteTask {
  readonly directory: string;
  readonly client: Client;
  /** The packages of the workspace. */
  readonly packages: Pick<Packages, 'modules' | 'uncompiled'>;
  /** Folder of the built client; for a bundle that renders pages, the folder that stands for the application's. */
  readonly outDir: string;
  /** Builds this bundle instead of the client. */
  readonly pages?: PageBundle;
  /** Temporary folder. */
  readonly work: string;
  /** Variables that Vite may write into the client. */
  readonly constants: Readonly<Record<string, string>>;
  readonly progress: (line: string) => void;
}

/** Variables that configurations insist on, though they are about servers: the port, and the path of the client. */
const ofDeployment = { PORT: '8080', BASE_PATH: '/' };

/** Starts to build a client, or a bundle that renders pages, with the application's own Vite and configuration. */
export async function startVite(request: ViteTask): Promise<ViteRun> {
  const { directory, client, packages, outDir, pages, work, constants, progress } = request;
  const own = dirname(client.viteConfig ?? join(client.root, 'index.html'));
  const vite = packageFolder(join(directory, own), 'vite');
  if (!vite)
    throw new ApplicationError(directory, [
      {
        file: 'node_modules/vite',
        problem: 'is not installed',
        fix: `run \`${installCommand(directory)}\` in ${directory}`,
      },
    ]);
  mkdirSync(work, { recursive: true });
  // The bundled configuration finds its plugins in the application's node_modules.
  symlinkSync(dirname(vite), join(work, 'node_modules'), 'junction');
  const viteConfig = pages ? pages.viteConfig : client.viteConfig;
  const config = viteConfig && (await bundleConfig(directory, viteConfig, work));
  const inline = pages ? undefined : client.inline && (await bundleOptions(directory, client.inline, work));
  const task: ViteBuild = {
    directory,
    // A package of its own is built in its own folder.
    cwd: isFile(join(directory, own, 'package.json')) ? join(directory, own) : directory,
    ...(config && { config }),
    ...(inline && { inline }),
    root: pages?.root ?? client.root,
    rootIsStated: (pages?.root ?? client.configured.root) !== undefined,
    outDir,
    aliases: aliasesOf(directory, packages),
    cacheDir: join(work, 'cache'),
    result: join(work, 'result.json'),
    ...(pages && { pages: { entry: pages.entry, outDir: pages.outDir } }),
  };
  const script = join(work, 'vite-build.mjs');
  copyFileSync(runtimeBundle('vite-build'), script);
  const child = spawn(process.execPath, [script, JSON.stringify(task)], {
    cwd: task.cwd,
    env: {
      ...ofDeployment,
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
  const ended = endOf(child, progress);
  const result = ended.then(({ code, output }) => {
    if (code === 0 && existsSync(task.result))
      return JSON.parse(readFileSync(task.result, 'utf8')) as ViteBuildResult;
    throw failureOf(request, withoutStacks(output));
  });
  // The failure is reported when the result is requested.
  result.catch(() => {});
  return {
    result,
    async stop() {
      child.kill();
      await ended.catch(() => {});
    },
  };
}

/** Returns the sources of the workspace that stand for compiled files that are missing: import path → file. */
function aliasesOf(
  directory: string,
  { modules, uncompiled }: ViteTask['packages'],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    uncompiled.flatMap(({ importPath }) => {
      const source = modules[importPath];
      return source ? [[importPath, join(directory, source)]] : [];
    }),
  );
}

/** The failure of a build, with the output of Vite. */
function failureOf({ directory, client, packages, pages }: ViteTask, output: string): ApplicationError {
  const missing = packages.uncompiled.find(
    ({ importPath }) => !packages.modules[importPath] && output.includes(importPath),
  );
  if (missing) {
    const { file, importPath } = missing;
    const problem = `is missing, as is its source; the client imports it as ${importPath}`;
    return new ApplicationError(directory, [{ file, problem, fix: adviceToCompile(missing) }], output);
  }
  const problem = pages ? 'Vite cannot build the bundle that renders pages' : 'Vite cannot build the client';
  const file = pages ? pages.viteConfig : (client.inline?.file ?? client.viteConfig);
  return new ApplicationError(
    directory,
    [{ file: file ?? client.root, problem, fix: fixOf(client, pages) }],
    output,
  );
}

function fixOf({ inline }: Client, pages: PageBundle | undefined): string {
  if (inline && !pages)
    return 'correct what Vite reports below; if the options of `build` in this script depend on variables inside a function, move them to the top level of the script, or name a file with the same options in application.client.viteConfig';
  return `correct what Vite reports below; \`${pages ? `npm run ${pages.script}` : 'npx vite build'}\` in the application says the same`;
}

/** Returns the output of Vite and its plugins without colours and stack traces. */
function withoutStacks(output: string): string {
  return stripVTControlCharacters(output).replace(/^\s+at .*\n?/gm, '');
}

/** The end of the process: its exit code, and its output. */
function endOf(
  child: ChildProcess,
  progress: (line: string) => void,
): Promise<{ code: number | null; output: string }> {
  const output: string[] = [];
  const read = (chunk: Buffer) => {
    output.push(chunk.toString());
    for (const line of chunk.toString().split(/[\r\n]+/))
      if (/modules transformed|built in/.test(line)) progress(`client: ${line.trim()}`);
  };
  child.stdout!.on('data', read);
  child.stderr!.on('data', read);
  const end = () => child.kill();
  process.prependOnceListener('exit', end);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', end);
      resolve({ code, output: output.join('') });
    });
  });
}
