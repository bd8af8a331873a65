import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { leadsOut } from '../files/inside';
import { isFolder } from '../files/is-file';
import type { Application } from './application';
import type { ApplicationConfig } from './application-config';
import { ApplicationError, type ApplicationProblem } from './application-error';
import { pagesOfClient, socketPathsOfClient } from './decisions/client-pages';
import { decideFiles } from './decisions/files';
import { decideHealth } from './decisions/health';
import { decidePaths } from './decisions/paths';
import { decidePort } from './decisions/port';
import { decideVariables } from './decisions/variables';
import { decideWebSockets, webSocketAddresses } from './decisions/web-sockets';
import { detectClient } from './detect-client';
import { detectMigrations } from './detect-migrations';
import { detectPageBundles } from './detect-page-bundles';
import { frameworkProblem } from './foreign-framework';
import {
  classifyDependencies,
  manifestProblems,
  type PackageManifest,
  packageName,
  readJson,
} from './package-manifest';
import { readServer } from './reading/read-server';
import type { ServerReading } from './reading/server-reading';
import { type EarlyWork, readServerSources, type ServerSources } from './server-sources';
import { unsupportedNeon } from './swap/unsupported-neon';
import { sortedWarnings } from './warning';
import {
  defineWarnings,
  largeFileWarnings,
  manifestWarnings,
  variableWarnings,
} from './warnings/application-warnings';
import { foldersOf, serverWarnings } from './warnings/server-warnings';
import { entryOfServer, hasSeparatePackages, type Packages, packagesOf } from './workspace';

/**
 * Reads an application's folder: its parts, its needs and the warnings for production. The configuration overrides
 * the values that reading finds. Nothing is run, built or written.
 * @param early results for the same folder and configuration that the caller has already
 * @throws ApplicationError with everything that is missing or ambiguous, at once
 */
export function readApplication(dir: string, config: ApplicationConfig, early?: EarlyWork): Application {
  const directory = resolve(dir);
  const problems: ApplicationProblem[] = [];
  const packages = readPackages(directory, config);
  const { manifest } = packages;
  const client = detectClient(directory, config.client ?? {}, problems, packages.client);
  const entry = entryOfServer(directory, packages, config.server?.entry, problems);
  const sources = entry ? sourcesOf(directory, entry, packages, problems, early) : undefined;
  const reading = sources && readServer(sources, { directory, outDir: client.outDir });
  const { migrations, warnings: migrationWarnings } = detectMigrations(
    { directory, packages, config: config.migrations ?? {}, drivers: reading?.drivers ?? {} },
    problems,
  );
  const port = reading && decidePort(reading, config.server?.port);
  if (reading && !port) problems.push(noPort(entry!, reading));
  const neon = sources && unsupportedNeon(sources.code);
  problems.push(...(neon?.problems ?? []), ...unusableFilesOf(directory, config.server?.files ?? []));
  if (problems.length || !sources || !reading || !entry || !port)
    throw new ApplicationError(directory, problems);

  const health = decideHealth(reading.routes, config.server?.healthPath);
  const writes = foldersOf(reading.writes);
  const files = decideFiles(directory, reading.reads, client.outDir, writes);
  const webSockets = decideWebSockets(reading.webSockets, config.server?.webSockets, () =>
    socketPathsOfClient(directory, client.root),
  );
  const paths = decidePaths({ ...reading, webSockets }, client.outDir, pagesOfClient(directory, client.root));
  const serverPaths = config.server?.paths ?? paths.paths;
  const rendersPages = serverPaths.includes('/*') || reading.routes.some(({ page }) => page === 'rendered');
  const variables = decideVariables(directory, withoutDefined(reading, sources), config, reading.addresses);
  const imported = new Set(reading.packages.map(packageName));
  return {
    directory,
    name: config.name ?? nameOf(manifest, directory),
    manifest,
    dependencies: classifyDependencies(manifest, imported),
    reading,
    server: {
      entry,
      port,
      health,
      paths: serverPaths,
      webSockets: webSocketAddresses(webSockets, serverPaths),
      nodeVersion: config.server?.nodeVersion ?? nodeVersionOf(manifest),
      // A server-rendered page starts with the built page.
      servesClient: reading.servesClient || rendersPages,
      rendersPages,
      usesNeon: reading.packages.some((name) => usesNeon.test(name)),
      files: config.server?.files ?? files.files,
      writes,
      systemPackages: config.server?.systemPackages ?? [],
      ...(reading.sessionTable && { sessionTable: reading.sessionTable }),
      aliases: sources.aliases,
      build: sources.options,
      sources: [...sources.modules.keys()].sort(),
    },
    client,
    packages,
    // A bundle that the server does not load may be a leftover.
    pageBundles: reading.builtReads.length ? detectPageBundles(directory, manifest, client, entry) : [],
    migrations,
    variables,
    warnings: sortedWarnings([
      ...migrationWarnings,
      ...(config.server?.paths ? [] : paths.warnings),
      ...(neon?.warnings ?? []),
      ...serverWarnings(
        config.server?.systemPackages ? { ...reading, programs: [] } : reading,
        health,
        config.server?.paths ? undefined : paths.renders,
      ),
      ...(config.server?.files ? [] : files.warnings),
      ...variableWarnings(variables),
      ...largeFileWarnings(directory),
      ...manifestWarnings(directory, packages),
      ...defineWarnings(directory, sources),
    ]),
  };
}

const usesNeon = /^(@neondatabase\/serverless$|drizzle-orm\/neon-(serverless|http))/;

/** Returns the variables that the built server reads. esbuild replaces variables in `define` with their values. */
function withoutDefined({ variables }: ServerReading, { options }: ServerSources) {
  return variables.filter(({ name }) => !(`process.env.${name}` in options.define));
}

/** Returns the server's modules. If esbuild cannot bundle them, the error also contains all other problems. */
function sourcesOf(
  directory: string,
  entry: string,
  packages: Packages,
  problems: readonly ApplicationProblem[],
  early?: EarlyWork,
): ServerSources {
  try {
    return readServerSources(directory, entry, packages, early);
  } catch (error) {
    if (!(error instanceof ApplicationError)) throw error;
    throw new ApplicationError(directory, [...problems, ...error.problems], error.output);
  }
}

function noPort(entry: string, { listensElsewhere, unplaced }: ServerReading): ApplicationProblem {
  if (listensElsewhere)
    return {
      file: listensElsewhere,
      problem: 'listen(…) is called only under a condition that is false if NODE_ENV is production',
      fix: 'let the server listen in production too; if another module listens, set application.server.entry to it',
    };
  const unknown = unplaced.find(({ kind }) => kind === 'port');
  return {
    file: unknown?.place ?? entry,
    problem: unknown?.what ?? 'listen(…) gets neither PORT nor a number that reading can find',
    fix: 'set the port of the server in application.server.port',
    isUnknownPort: true,
  };
}

/** Returns the problems of files and folders that the configuration adds to the image. */
function unusableFilesOf(directory: string, files: readonly string[]): ApplicationProblem[] {
  return files.flatMap((file) => {
    const path = join(directory, file);
    if (!existsSync(path))
      return [{ file, problem: 'is not there', fix: 'correct application.server.files' }];
    const problem = 'is a link to a place outside the application, from which Docker copies nothing';
    return leadsOut(directory, path) ? [{ file, problem, fix: 'put the files in its place' }] : [];
  });
}

/**
 * Returns the packages of an application.
 * @throws ApplicationError if the folder has none, or if its server and client are ambiguous
 */
export function readPackages(directory: string, config: ApplicationConfig): Packages {
  const packages = packagesOf(directory, readManifest(directory), config);
  if ('problem' in packages) throw new ApplicationError(directory, [packages]);
  const { manifest } = packages;
  if (frameworkProblem({ manifest })) {
    const problems: ApplicationProblem[] = [];
    detectClient(directory, config.client ?? {}, problems, packages.client);
    const lacksServer = entryOfServer(directory, packages, config.server?.entry, []) === undefined;
    if (problems.length)
      throw new ApplicationError(directory, [frameworkProblem({ manifest, lacksServer })!]);
  }
  return packages;
}

function readManifest(directory: string): PackageManifest {
  const fix = 'point at the folder of an application (client/, server/, shared/) with --app';
  if (!isFolder(directory))
    throw new ApplicationError(directory, [{ file: '.', problem: 'there is no such folder', fix }]);
  const manifest = readJson<PackageManifest>(join(directory, 'package.json'));
  if (manifest === undefined && hasSeparatePackages(directory)) return {};
  if (manifest === undefined)
    throw new ApplicationError(directory, [
      { file: 'package.json', problem: 'does not exist, so the folder is not an application', fix },
    ]);
  const problems = manifestProblems(manifest);
  if (problems.length) throw new ApplicationError(directory, problems);
  return manifest;
}

/** Returns the major version of Node.js that `engines` pins, if it is supported; otherwise the default. */
function nodeVersionOf({ engines }: PackageManifest): string {
  const pinned = /^[\^~v]?\s*(\d+)(\.[\dx*]+)*$/.exec(engines?.['node']?.trim() ?? '')?.[1];
  return pinned && Number(pinned) >= 20 ? pinned : '24';
}

function nameOf({ name }: PackageManifest, directory: string): string {
  const kebab = (text: string) =>
    text
      .replace(/^@[^/]+\//, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '')
      .slice(0, 28)
      .replace(/-+$/, '');
  // Names of templates do not identify an application.
  const own =
    name && !/^(rest-express|vite-react|my-app|app|workspace|monorepo)$/.test(name) ? kebab(name) : '';
  return own || kebab(basename(directory)) || 'application';
}
