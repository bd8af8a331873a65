import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, relative, resolve } from 'node:path';
import type { Application } from './application';
import type { ApplicationConfig } from './application-config';
import { ApplicationError, type ApplicationProblem } from './application-error';
import { buildPageBundles } from './client/build-page-bundles';
import { builtClient } from './client/built-client';
import { startVite } from './client/start-vite';
import type { ViteBuildResult } from './client/vite-build.runtime';
import { preloadHealthPath } from './decisions/health';
import { type Client, detectClient } from './detect-client';
import { contentsDigest, sourcesDigest } from './digest';
import { writeImage } from './image/write-image';
import { installCommand } from './package-manager';
import { readApplication, readPackages } from './read-application';
import { type Release, readRelease } from './release';
import { checkReleaseFolder, digestFile, inReleaseFolder } from './release-folder';
import { bundleServer, type ServerBundle } from './server-bundle';
import { followEarly } from './server-sources';
import { requireUsableFiles } from './unusable-files';
import { sortedWarnings, type Warning } from './warning';
import { missingFileWarnings } from './warnings/missing-file-warnings';
import { entryOfServer, type Packages } from './workspace';

/** Options of `buildApplication`. */
export interface BuildOptions {
  /** Folder of the application. The build does not modify it. */
  readonly directory: string;
  /** Folder of the release, outside the application. A complete build replaces an earlier release there. */
  readonly out: string;
  /** The parsed section `application` of `framework53.config.ts`. */
  readonly config: ApplicationConfig;
  /** Receives progress messages. @default - none */
  readonly progress?: (line: string) => void;
  /** Keep an existing release if none of its inputs has changed. @default false */
  readonly reuse?: boolean;
  /**
   * Called while npm and Vite work, after the application has been read.
   * @default - nothing is called
   */
  readonly meanwhile?: () => void;
}

/** Builds an application into a release: `release.json`, `image/` (a Docker build context), `client/`. */
export async function buildApplication(options: BuildOptions): Promise<Release> {
  const directory = resolve(options.directory);
  const out = resolve(options.out);
  const progress = options.progress ?? (() => {});
  checkReleaseFolder(directory, out);
  requireUsableFiles(directory);
  const digest = existsSync(directory) ? sourcesDigest(directory, options.config) : '';
  if (options.reuse && readIfThere(join(out, digestFile)) === digest) return readRelease(out);

  const release = await inReleaseFolder(directory, out, async (work) => {
    const made = await readAndBuild(options, directory, work, progress);
    writeFileSync(join(work, 'release', 'release.json'), `${JSON.stringify(made, undefined, 2)}\n`);
    writeFileSync(join(work, 'release', digestFile), digest);
    return made;
  });
  progress(`release: ${release.releaseId}`);
  return release;
}

/** Reads the application while Vite builds the client, then builds the rest. */
async function readAndBuild(
  { config, meanwhile }: BuildOptions,
  directory: string,
  work: string,
  progress: (line: string) => void,
): Promise<Release> {
  const { parts, following } = startOfBuild(directory, config);
  let failure: unknown;
  const vite = parts
    ? await startVite({
        directory,
        ...parts,
        outDir: join(work, 'release', 'client'),
        work: join(work, 'vite'),
        constants: config.environment ?? {},
        progress,
      }).catch((error: unknown) => {
        failure = error;
      })
    : undefined;
  try {
    // Report all problems of the application first.
    const application = readApplication(directory, config, { followed: await following });
    checkInstalled(application);
    if (!vite) throw failure;
    progress(
      `application: ${application.name}, server ${application.server.entry}, client ${application.client.root}`,
    );
    return await buildInto({ application, config, work, vite: vite.result, meanwhile, progress });
  } finally {
    await vite?.stop();
  }
}

/**
 * Returns the client, and the imports of the server, which esbuild begins to follow. Returns nothing if a part cannot
 * be found, because `readApplication` reports the problems.
 */
function startOfBuild(
  directory: string,
  config: ApplicationConfig,
): {
  readonly parts?: { readonly client: Client; readonly packages: Packages };
  readonly following?: ReturnType<typeof followEarly>;
} {
  const problems: ApplicationProblem[] = [];
  try {
    const packages = readPackages(directory, config);
    const client = detectClient(directory, config.client ?? {}, problems, packages.client);
    const entry = entryOfServer(directory, packages, config.server?.entry, problems);
    if (problems.length > 0 || entry === undefined) return {};
    return { parts: { client, packages }, following: followEarly(directory, entry, packages) };
  } catch (error) {
    if (!(error instanceof ApplicationError)) throw error;
    return {};
  }
}

interface BuildTask extends Pick<BuildOptions, 'config' | 'meanwhile'> {
  readonly application: Application;
  readonly work: string;
  readonly vite: Promise<ViteBuildResult>;
  readonly progress: (line: string) => void;
}

async function buildInto(task: BuildTask): Promise<Release> {
  const { application, config, work, vite, meanwhile, progress } = task;
  const image = join(work, 'release', 'image');
  const client = join(work, 'release', 'client');
  mkdirSync(image, { recursive: true });
  const { server } = application;
  const command = ['node', '--enable-source-maps', '--import', '/app/preload.mjs', 'dist/index.js'];
  progress("client: building with the application's own Vite");
  const bundling = bundleServerAndPages(task, image);
  // Start with the image, because npm runs in parallel to this process.
  const imaging = bundling.then((bundle) => {
    progress('image: dependencies, migrations, certificates');
    return writeImage({ application, bundle, image, command, work: join(work, 'image'), progress });
  });
  const describing = Promise.all([vite, bundling]).then(([result]) =>
    builtClient(application, client, result),
  );
  bundling.then(meanwhile, () => {});
  const [written, built] = await both(imaging, describing);
  const bundle = await bundling;
  if (server.servesClient) cpSync(client, join(image, built.outDir), { recursive: true });

  return {
    formatVersion: 1,
    releaseId: contentsDigest([image, client]).slice(0, 16),
    application: application.name,
    server: releasedServer(application, config, command),
    client: {
      ...(built.manifest && { manifest: built.manifest }),
      ...(built.readsEnvironment && { readsEnvironment: true }),
      ...(built.contentSecurityPolicySources && {
        contentSecurityPolicySources: built.contentSecurityPolicySources,
      }),
    },
    migrations: {
      kind: written.migrations,
      digest: contentsDigest([join(image, 'migrations')]),
      ...(written.migrations === 'journal' && { folder: application.migrations.folder! }),
    },
    warnings: sortedWarnings([
      ...application.warnings,
      ...bundle.warnings,
      ...built.warnings,
      ...written.warnings,
      ...missingFiles(application, image, client, built.outDir),
    ]),
  };
}

async function bundleServerAndPages(
  { application, config, work, progress }: BuildTask,
  image: string,
): Promise<ServerBundle> {
  progress('server: bundling');
  const constants = config.environment ?? {};
  const pages = await buildPageBundles({
    application,
    image,
    work: join(work, 'pages'),
    constants,
    progress,
  });
  return withPackages(await bundleServer(application), pages);
}

/** Returns the server of a release. */
function releasedServer(
  { server, variables }: Application,
  config: ApplicationConfig,
  command: readonly string[],
): Release['server'] {
  const database = variables.flatMap(({ name, kind }) => (kind === 'database' ? name : []));
  const constants = Object.fromEntries(
    variables.flatMap(({ name, kind }) => (kind === 'constant' ? [[name, config.environment![name]!]] : [])),
  );
  return {
    port: server.port.port,
    healthPath: server.health.path,
    paths: server.paths,
    ...(server.webSockets.length && { webSockets: server.webSockets }),
    ...(server.rendersPages && { rendersPages: true }),
    command,
    environment: {
      NODE_ENV: 'production',
      PORT: String(server.port.port),
      // Code that reads HOST often falls back to localhost.
      ...(variables.some(({ name }) => name === 'HOST') && { HOST: '0.0.0.0' }),
      ...(database.length && { FRAMEWORK53_DATABASE_VARIABLES: database.join(',') }),
      ...(server.health.path === preloadHealthPath && { FRAMEWORK53_HEALTH_PATH: preloadHealthPath }),
      ...constants,
    },
    secrets: variables.flatMap(({ name, kind }) =>
      kind === 'generated' || kind === 'provided' ? [{ name, kind }] : [],
    ),
    ...(server.writes.length && { writableFolders: server.writes.map((folder) => `/app/${folder}`) }),
  };
}

/** Returns the bundle with the packages that other modules in the image import. */
function withPackages(bundle: ServerBundle, packages: readonly string[]): ServerBundle {
  const added = packages.filter((name) => !isBuiltin(name));
  return { ...bundle, packages: [...new Set([...bundle.packages, ...added])].sort() };
}

/**
 * Returns warnings about built files that the server reads, but that neither the image nor the client contains, and
 * that the server does not write.
 */
function missingFiles(application: Application, image: string, client: string, outDir: string): Warning[] {
  const { reading, manifest, server } = application;
  const has = (path: string) =>
    existsSync(join(image, path)) ||
    existsSync(join(client, relative(outDir, path))) ||
    server.writes.some((folder) => path.startsWith(`${folder}/`));
  return missingFileWarnings(reading.builtReads, { manifest, files: server.files, has });
}

/** Waits for both, even if one fails, so that nothing is written after the folder is removed. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

function checkInstalled({ directory, manifest, packages }: Application): void {
  const needs = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  if (needs.length && existsSync(join(directory, '.pnp.cjs')) && !existsSync(join(directory, 'node_modules')))
    throw new ApplicationError(directory, [
      {
        file: '.pnp.cjs',
        problem:
          "Yarn keeps the packages in archives (Plug'n'Play), and the build needs the folder node_modules",
        fix: 'set `nodeLinker: node-modules` in .yarnrc.yml, and run `yarn install`',
      },
    ]);
  const missing = needs.length
    ? packages.installed.filter((each) => !isInstalled(join(directory, each), needs[0]!))
    : [];
  if (missing.length)
    throw new ApplicationError(
      directory,
      missing.map((each) => ({
        file: posix.join(each, 'node_modules'),
        problem: 'the dependencies are not installed',
        fix: `run \`${installCommand(join(directory, each))}\` in ${join(directory, each)}`,
      })),
    );
}

/** Returns true if the folder has installed packages, or a folder above it has the named package. */
function isInstalled(directory: string, name: string): boolean {
  let folder = directory;
  while (!existsSync(join(folder, 'node_modules')) && dirname(folder) !== folder) folder = dirname(folder);
  return existsSync(join(folder, 'node_modules', name)) || existsSync(join(directory, 'node_modules'));
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
