import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, posix, resolve } from 'node:path';
import { isFile, isFolder } from '../files/is-file';
import type { Application } from './application';
import type { ApplicationConfig } from './application-config';
import { ApplicationError, type ApplicationProblem } from './application-error';
import { detectClient } from './detect-client';
import { detectFiles } from './detect-files';
import { detectHazards } from './detect-hazards';
import { detectHealth } from './detect-health';
import { detectMigrations } from './detect-migrations';
import { detectPaths } from './detect-paths';
import { detectPort } from './detect-port';
import { detectRoutes } from './detect-routes';
import { detectVariables, ofOtherHosts, otherDatabaseUrl, type Variable } from './detect-variables';
import {
  classifyDependencies,
  isSeparated,
  manifestProblems,
  type PackageManifest,
  packageName,
  readJson,
} from './package-manifest';
import { readServerSources, type ServerSources } from './server-sources';
import { unsupportedNeon } from './swap/unsupported-neon';

/** Megabytes from which a file beside the sources is worth a word. */
const largeFile = 10;

/**
 * Reads an application's folder: what it is made of, what it needs, what production would suffer from.
 * What the configuration says wins over what is found. Nothing is run, built or written.
 * @throws ApplicationError with everything that is missing or ambiguous, at once
 */
export function readApplication(dir: string, config: ApplicationConfig): Application {
  const directory = resolve(dir);
  const problems: ApplicationProblem[] = [];
  const manifest = readManifest(directory);
  const client = detectClient(directory, config.client ?? {}, problems);
  const { migrations, warnings: migrationWarnings } = detectMigrations(
    directory,
    manifest,
    config.migrations ?? {},
    problems,
  );
  const entry = detectEntry(directory, manifest, config.server?.entry, problems);
  let sources: ServerSources = { files: [], aliases: {} };
  if (entry)
    try {
      sources = readServerSources(directory, entry, manifest);
    } catch (error) {
      if (!(error instanceof ApplicationError)) throw error;
      throw new ApplicationError(directory, [...problems, ...error.problems], error.output);
    }
  const port = detectPort(sources, config.server?.port);
  if (entry && !port)
    problems.push({
      file: entry,
      problem: 'neither PORT is read nor a port number found in what is passed to listen(…)',
      fix: 'name the port the server listens on in application.server.port',
    });
  problems.push(...unsupportedNeon(sources.files));
  for (const file of config.server?.files ?? [])
    if (!existsSync(join(directory, file)))
      problems.push({ file, problem: 'is not there', fix: 'correct application.server.files' });
  if (problems.length) throw new ApplicationError(directory, problems);

  const { routes, unmounted } = detectRoutes(sources);
  const health = detectHealth(routes, config.server?.healthPath);
  const hazards = detectHazards(sources, client.outDir);
  const read = detectFiles(directory, sources, client.outDir, hazards.writes);
  const detected = detectPaths(routes, unmounted, hazards.webSocketPaths);
  const variables = detectVariables(directory, sources, config);
  const imported = new Set(sources.files.flatMap(({ externals }) => externals.map(packageName)));
  const warnings = [
    ...manifestWarnings(directory, manifest),
    ...migrationWarnings,
    ...(config.server?.paths ? [] : detected.warnings),
    ...hazards.warnings,
    ...(config.server?.files ? [] : read.warnings),
    ...otherHostsWarnings(variables),
    ...(health.queriesDatabase
      ? [
          `${health.place}: the health route ${health.path} queries the database, so that a database that is busy takes every task down, and one that may pause (0 ACU) never does: answer without it`,
        ]
      : []),
    ...variableWarnings(variables),
    ...dispensableWarnings(variables),
    ...largeFiles(directory),
  ];
  return {
    directory,
    name: config.name ?? nameOf(manifest, directory),
    manifest,
    dependencies: classifyDependencies(manifest, imported),
    server: {
      entry: entry!,
      port: port!,
      health,
      paths: config.server?.paths ?? detected.paths,
      nodeVersion: config.server?.nodeVersion ?? nodeVersionOf(manifest),
      servesClient: hazards.servesClient,
      usesNeon: imported.has('@neondatabase/serverless') || sources.files.some(usesDrizzleNeon),
      files: config.server?.files ?? read.files,
      writes: hazards.writes,
      ...(hazards.sessionTable && { sessionTable: hazards.sessionTable }),
      aliases: sources.aliases,
      sources: sources.files.map(({ file }) => file),
    },
    client,
    migrations,
    variables,
    warnings,
  };
}

function readManifest(directory: string): PackageManifest {
  const fix = 'point at the folder of an application (client/, server/, shared/) with --app';
  if (!isFolder(directory))
    throw new ApplicationError(directory, [{ file: '.', problem: 'there is no such folder', fix }]);
  const manifest = readJson<PackageManifest>(join(directory, 'package.json'));
  if (manifest === undefined)
    throw new ApplicationError(directory, [
      { file: 'package.json', problem: 'is not there, so this is no application', fix },
    ]);
  const problems = manifestProblems(manifest);
  if (problems.length) throw new ApplicationError(directory, problems);
  return manifest;
}

const entries = [
  'server/index',
  'server/src/index',
  'server/main',
  'server/server',
  'server/app',
  'src/server/index',
];

/** The configured module, else the one the build script names, else the usual ones. */
function detectEntry(
  directory: string,
  { scripts = {} }: PackageManifest,
  configured: string | undefined,
  problems: ApplicationProblem[],
): string | undefined {
  const fix = 'name the module the server starts from in application.server.entry';
  if (configured) {
    if (isFile(join(directory, configured))) return configured;
    problems.push({
      file: configured,
      problem: 'the module of application.server.entry is not there',
      fix,
    });
    return undefined;
  }
  const scripted = [scripts['build:server'], scripts['build'], scripts['dev']].flatMap(
    (script) => script?.match(/(?<=(?:^|\s)(?:\.\/)?)[\w./-]+\.[cm]?tsx?(?=\s|$)/g) ?? [],
  );
  const usual = entries.flatMap((file) =>
    ['ts', 'js', 'mts', 'mjs'].map((extension) => `${file}.${extension}`),
  );
  const found = [...scripted, ...usual]
    .map((file) => posix.normalize(file))
    .filter((file) => !/config\.\w+$|^scripts?\//.test(file))
    .find((file) => isFile(join(directory, file)));
  if (!found)
    problems.push({
      file: 'server/index.ts',
      problem: 'the entry of the server is not there, nor does a build script name another',
      fix,
    });
  return found;
}

/** The major that `engines` pins, when it pins one that still runs; otherwise ours. */
function nodeVersionOf({ engines }: PackageManifest): string {
  const pinned = /^[\^~v]?\s*(\d+)(\.[\dx*]+)*$/.exec(engines?.['node']?.trim() ?? '')?.[1];
  return pinned && Number(pinned) >= 20 ? pinned : '24';
}

function usesDrizzleNeon({ externals }: { externals: readonly string[] }): boolean {
  return externals.some((name) => /^drizzle-orm\/neon-(serverless|http)/.test(name));
}

function manifestWarnings(directory: string, manifest: PackageManifest): string[] {
  const warnings: string[] = [];
  if (!isSeparated(manifest))
    warnings.push(
      'package.json: client and server dependencies are not told apart (§4.2); the image gets those the server imports',
    );
  if (!['.env.example', '.env.sample', '.env.template'].some((file) => isFile(join(directory, file))))
    warnings.push('.env.example: the environment variables are not documented (§5.2)');
  return warnings;
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
  // What templates call themselves says nothing about the application.
  const own = name && !/^(rest-express|vite-react|my-app|app)$/.test(name) ? kebab(name) : '';
  return own || kebab(basename(directory)) || 'application';
}

function otherHostsWarnings(variables: readonly Variable[]): string[] {
  const names = variables.filter(
    ({ name, kind, optional }) => kind === 'unset' && !optional && ofOtherHosts.test(name),
  );
  if (names.length === 0) return [];
  return [
    `${names.map(({ name, place }) => `${name} (${place})`).join(', ')}: set by another host alone; what depends on it there (signing in, connectors) does not work here, and a server that insists on it needs a value in application.environment`,
  ];
}

function variableWarnings(variables: readonly Variable[]): string[] {
  const unset = variables.filter(
    ({ name, kind, optional }) => kind === 'unset' && !optional && !ofOtherHosts.test(name),
  );
  const addresses = unset.filter(({ name }) => otherDatabaseUrl.test(name));
  const others = unset.filter(({ name }) => !otherDatabaseUrl.test(name));
  return [
    ...addresses.map(
      ({ name, place }) =>
        `${place}: the database's address is in DATABASE_URL, PGUSER and PGPASSWORD only; ${name} stays unset`,
    ),
    ...(others.length
      ? [
          `${others.map(({ name, place }) => `${name} (${place})`).join(', ')}: read from the environment and without a value; give ${others.length > 1 ? 'them one each' : 'it one'} in application.environment, or in application.secrets`,
        ]
      : []),
  ];
}

function dispensableWarnings(variables: readonly Variable[]): string[] {
  const left = variables.filter(({ kind }) => kind === 'dispensable');
  if (left.length === 0) return [];
  return [
    `${left.map(({ name, place }) => `${name} (${place})`).join(', ')}: the code does without, so the server does not get ${left.length > 1 ? 'them' : 'it'}, and no deployment waits for a value; where it should, set application.secrets.${left[0]!.name} to 'provided' and then the value with \`framework53 secrets set ${left[0]!.name}\``,
  ];
}

const notSources = new Set(['node_modules', '.git', 'dist', '.cache', '.local']);

function largeFiles(directory: string): string[] {
  const large: string[] = [];
  const walk = (folder: string, depth: number) => {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
      if (notSources.has(entry.name)) continue;
      const file = posix.join(folder, entry.name);
      if (entry.isDirectory() && depth < 6) walk(file, depth + 1);
      else if (entry.isFile()) {
        const size = statSync(join(directory, file)).size / 1e6;
        // What the client's public folder holds is published with it.
        if (size >= largeFile && !/(^|\/)public\//.test(file)) large.push(`${file} (${Math.round(size)} MB)`);
      }
    }
  };
  walk('.', 0);
  if (large.length === 0) return [];
  return [
    `${large.slice(0, 5).join(', ')}${large.length > 5 ? ` and ${large.length - 5} more` : ''}: the image holds the built server only, so a server that reads these files does not find them`,
  ];
}
