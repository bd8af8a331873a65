import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import type { ApplicationConfig } from './application-config';
import type { ApplicationProblem } from './application-error';
import { detectEntry } from './detect-entry';
import { frameworkProblem } from './foreign-framework';
import {
  type DependencyGroup,
  isServer,
  type PackageManifest,
  packageFoldersOf,
  readJson,
} from './package-manifest';
import { exportsOf, type Member, type Uncompiled } from './workspace-exports';
import { isClientOfRoot, isPage, type Sides, sidesOf } from './workspace-sides';

/** The packages of an application. */
export interface Packages {
  /** The combined package.json of all packages that the server needs. */
  readonly manifest: PackageManifest;
  /** Folder whose package.json has the server's scripts, relative to the application. */
  readonly server: string;
  /** Folder of the client's package, relative to the application. */
  readonly client: string;
  /** Folders of the packages that are part of the server, the server's own package first. */
  readonly folders: readonly string[];
  /** Folders in which a package manager installs packages, the server's first. A workspace has one. */
  readonly installed: readonly string[];
  /** Modules of the workspace, relative to the application, by import path. */
  readonly modules: Readonly<Record<string, string>>;
  /** Folders of the packages of the workspace, relative to the application, by name. */
  readonly own: Readonly<Record<string, string>>;
  /** Import paths whose compiled file is missing. `modules` has the source, if there is one. */
  readonly uncompiled: readonly Uncompiled[];
}

/**
 * Finds the server and the client among the packages of a workspace, or of folders with a package.json each. An
 * application of one package is its own only member.
 */
export function packagesOf(
  directory: string,
  manifest: PackageManifest,
  config: ApplicationConfig,
): Packages | ApplicationProblem {
  const root: Member = { folder: '.', manifest };
  const single = singlePackage(manifest);
  const isWorkspace = isFile(join(directory, pnpm)) || 'workspaces' in manifest;
  const hasServer = isServer(manifest);
  if (!isWorkspace && (hasServer || isOfRoot(directory, manifest, config))) {
    const local = localMembers(directory, root);
    return local.length ? composed(directory, local, { server: root, client: root, root }) : single;
  }
  const members = packageFoldersOf(directory).map((folder) => ({
    folder,
    manifest: manifestOf(directory, folder),
  }));
  const { servers, clients } = sidesOf(directory, root, members, config);
  if (hasServer) return ofRoot(directory, root, members, { servers, clients }, config);
  if (!isWorkspace && servers.length === 0) return single;
  if (servers.length !== 1 || clients.length !== 1)
    return (
      foreignClient(members, { servers, clients }) ?? problemOf(directory, members.length, servers, clients)
    );
  const [server, client] = [servers[0]!, clients[0]!];
  const installed = isWorkspace ? ['.'] : [...new Set([server.folder, client.folder])];
  return { ...composed(directory, members, { server, client, root }), installed };
}

/** Returns an application whose root declares Express: for its own server, or for the packages of its workspace. */
function ofRoot(
  directory: string,
  root: Member,
  members: readonly Member[],
  { servers, clients }: Sides,
  config: ApplicationConfig,
): Packages | ApplicationProblem {
  const hasOwnEntry = detectEntry(directory, root.manifest, config.server?.entry, []) !== undefined;
  const server = hasOwnEntry || servers.length === 0 ? [root] : servers;
  const client = clients.length === 0 || isClientOfRoot(directory, config) ? [root] : clients;
  if (server.length > 1 || client.length > 1) return problemOf(directory, members.length, server, client);
  return composed(directory, members, { server: server[0]!, client: client[0]!, root });
}

/** Returns an application of one package. */
export function singlePackage(manifest: PackageManifest): Packages {
  const parts = { server: '.', client: '.', folders: ['.'], installed: ['.'] };
  return { manifest, ...parts, modules: {}, own: {}, uncompiled: [] };
}

/** Returns true if the folders directly below include one server and one client, each with its own package.json. */
export function hasSeparatePackages(directory: string): boolean {
  const folders = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isFile(join(directory, entry.name, 'package.json')))
    .map(({ name }) => name);
  const servers = folders.filter((folder) => isServer(manifestOf(directory, folder)));
  return servers.length === 1 && folders.filter((folder) => isPage(directory, folder)).length === 1;
}

/** Returns true if the server's module is part of the package at the root, and of no package below it. */
function isOfRoot(directory: string, manifest: PackageManifest, config: ApplicationConfig): boolean {
  const entry = detectEntry(directory, manifest, config.server?.entry, []);
  if (!entry) return false;
  for (let folder = posix.dirname(posix.normalize(entry)); folder !== '.'; folder = posix.dirname(folder))
    if (isServer(manifestOf(directory, folder))) return false;
  return true;
}

/** Returns the entry module of the server, relative to the application. */
export function entryOfServer(
  directory: string,
  { server, manifest }: Packages,
  stated: string | undefined,
  problems: ApplicationProblem[],
): string | undefined {
  if (stated || server === '.') return detectEntry(directory, manifest, stated, problems);
  const own: ApplicationProblem[] = [];
  const entry = detectEntry(join(directory, server), manifestOf(directory, server), undefined, own);
  problems.push(...own.map((problem) => ({ ...problem, file: posix.join(server, problem.file) })));
  return entry && posix.join(server, entry);
}

const pnpm = 'pnpm-workspace.yaml';

function manifestOf(directory: string, folder: string): PackageManifest {
  return readJson<PackageManifest>(join(directory, folder, 'package.json')) ?? {};
}

/** Finds the packages in folders of the application that its packages depend on, such as `"x": "file:./lib/x"`. */
function localMembers(directory: string, root: Member): Member[] {
  const found = new Map<string, Member>();
  const visit = ({ folder, manifest }: Member): void => {
    for (const [name, range] of Object.entries({
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
      ...manifest.clientDependencies,
      ...manifest.serverDependencies,
      ...manifest.dependencies,
    })) {
      const path = LOCAL.exec(range)?.[1];
      const place = path && posix.join(folder, path).replace(/\/$/, '');
      if (!place || found.has(name) || !isFile(join(directory, place, 'package.json'))) continue;
      if (posix.isAbsolute(path) || /^\.\.(\/|$)/.test(place)) continue;
      const member = { folder: place, manifest: { ...manifestOf(directory, place), name } };
      found.set(name, member);
      visit(member);
    }
  };
  visit(root);
  return [...found.values()];
}

/** Matches a dependency on a folder or an archive. */
export const LOCAL = /^(?:(?:file|link|portal):|(?=\.{1,2}\/))(.+)$/;

/** Combines the package.json files that the server needs. */
function composed(
  directory: string,
  members: readonly Member[],
  { server, client, root }: { readonly server: Member; readonly client: Member; readonly root: Member },
): Packages {
  const byName = new Map(members.map((member) => [member.manifest.name ?? '', member]));
  const parts = new Set([server]);
  // The loop adds items to the set that it iterates over.
  for (const { manifest } of parts)
    for (const name of Object.keys({
      ...manifest.serverDependencies,
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.devDependencies,
    })) {
      const member = byName.get(name);
      if (member) parts.add(member);
    }
  const exported = members.map((member) => exportsOf(directory, member));
  const merged = (group: DependencyGroup) =>
    Object.fromEntries(
      [...parts, root]
        .reverse()
        .flatMap(({ manifest }) => Object.entries(manifest[group] ?? {}))
        .filter(([name]) => !byName.has(name)),
    );
  const separated = (group: DependencyGroup) =>
    [...parts, root].some(({ manifest }) => manifest[group]) ? { [group]: merged(group) } : {};
  return {
    manifest: {
      ...root.manifest,
      scripts: Object.assign(
        {},
        ...[root, client, ...[...parts].reverse()].map((each) => each.manifest.scripts),
      ),
      dependencies: merged('dependencies'),
      devDependencies: merged('devDependencies'),
      optionalDependencies: merged('optionalDependencies'),
      ...separated('serverDependencies'),
      ...separated('clientDependencies'),
    },
    server: server.folder,
    client: client.folder,
    folders: [...parts].map(({ folder }) => folder),
    installed: ['.'],
    modules: Object.assign({}, ...exported.map(({ modules }) => modules)),
    own: Object.fromEntries(
      members.flatMap(({ folder, manifest: { name } }) => (name ? [[name, folder]] : [])),
    ),
    uncompiled: exported.flatMap(({ uncompiled }) => uncompiled),
  };
}

/** Returns the problem of a workspace without a client, if another tool than Vite builds the client. */
function foreignClient(
  members: readonly Member[],
  { servers, clients }: Sides,
): ApplicationProblem | undefined {
  if (clients.length > 0 || servers.length > 1) return undefined;
  const problems = members.map(({ folder, manifest }) =>
    frameworkProblem({
      manifest,
      file: posix.join(folder, 'package.json'),
      lacksServer: servers.length === 0,
    }),
  );
  return problems.find((problem) => problem !== undefined);
}

/** Returns the problem of a workspace in which the server or the client is ambiguous. */
function problemOf(
  directory: string,
  count: number,
  servers: readonly Member[],
  clients: readonly Member[],
): ApplicationProblem {
  const list = (members: readonly Member[]) => members.map(({ folder }) => folder).join(', ');
  const found = [
    servers.length ? `a server in ${list(servers)}` : 'no package that depends on express',
    clients.length ? `a client in ${list(clients)}` : 'no package with vite and an index.html',
  ];
  return {
    file: isFile(join(directory, pnpm)) ? pnpm : 'package.json',
    problem: `is a workspace of ${count} packages, with ${found.join(' and ')}; a release has one server and one client`,
    fix:
      servers.length > 1 || clients.length > 1
        ? `name ${[...(servers.length > 1 ? ['the module of the server in application.server.entry'] : []), ...(clients.length > 1 ? ['the folder of the client in application.client.root'] : [])].join(', and ')}`
        : 'name the module of the server in application.server.entry and the folder of the client in application.client.root, or give --app the folder of an application',
  };
}
