import { builtinModules } from 'node:module';
import { developmentTool } from '../../application/development-stubs';
import { isSeparated, type PackageManifest, packageName } from '../../application/package-manifest';
import { placeOf } from '../../application/source/module';
import type { Node } from '../../application/source/syntax';
import type { CheckedApplication } from '../sources/checked-application';
import { reachedFrom } from './reached';

type ImportingSide = 'client' | 'server' | 'shared';

/** A package that modules import at run time, with the places. */
export interface ImportedPackage {
  readonly name: string;
  /** The first import on each side. */
  readonly by: ReadonlyMap<ImportingSide, { readonly file: string; readonly line: number }>;
}

const known = new WeakMap<CheckedApplication, Promise<readonly ImportedPackage[]>>();

/** Returns the packages that the application imports, each with its first import on each side. */
export function importedPackages(application: CheckedApplication): Promise<readonly ImportedPackage[]> {
  let found = known.get(application);
  if (!found) {
    found = readImported(application);
    known.set(application, found);
  }
  return found;
}

async function readImported(application: CheckedApplication): Promise<readonly ImportedPackage[]> {
  const { imports } = await application.imports();
  const [client, server] = await Promise.all([
    reachedFrom(application, 'client'),
    reachedFrom(application, 'server'),
  ]);
  const packages = new Map<string, Map<ImportingSide, { file: string; line: number }>>();
  for (const [file, edges] of [...imports].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const side = application.sideOf(file);
    if (side === 'tools') continue;
    // Both sides run the packages of a shared module that both import.
    const sides: ImportingSide[] =
      side === 'shared' && client.has(file) && server.has(file) ? ['shared', 'client', 'server'] : [side];
    for (const edge of edges) {
      const name = edge.package && packageName(edge.package);
      if (!name || !isPackage(name)) continue;
      const by = packages.get(name) ?? new Map();
      const left = sides.filter((each) => !by.has(each));
      if (left.length === 0) continue;
      const line = application.lineOf(file, edge);
      if (line === undefined) continue;
      for (const each of left) by.set(each, { file, line });
      packages.set(name, by);
    }
  }
  return [...packages].map(([name, by]) => ({ name, by }));
}

function isPackage(name: string): boolean {
  return (
    /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i.test(name) &&
    !builtinModules.includes(name) &&
    !/^(bun|deno|virtual|cloudflare)$/.test(name)
  );
}

/** A dependency in another group than its imports require. */
export interface Misplaced {
  readonly name: string;
  readonly from: 'dependencies' | 'clientDependencies' | 'serverDependencies' | 'devDependencies';
  readonly to: 'dependencies' | 'clientDependencies' | 'serverDependencies' | 'devDependencies';
  /** A clause that names the imports. */
  readonly by: string;
}

const groups = ['dependencies', 'clientDependencies', 'serverDependencies'] as const;

/** Compares the groups of package.json with the imports. */
export async function misplaced(application: CheckedApplication): Promise<Misplaced[]> {
  const { manifest, workspace } = application;
  if (!manifest || workspace.server !== workspace.client) return [];
  const separated = isSeparated(manifest);
  const imported = await importedPackages(application);
  const live = livePackages(application);
  const tools = separated ? misplacedTools(manifest) : [];
  const moved = imported.flatMap(({ name, by }): Misplaced[] => {
    if (tools.some((each) => each.name === name)) return [];
    const listed = groups.filter((group) => manifest[group]?.[name] !== undefined);
    const client = by.get('client');
    const server = by.get('server');
    const to = client && server ? 'dependencies' : client ? 'clientDependencies' : 'serverDependencies';
    if (listed.length === 0) {
      if (!manifest.devDependencies?.[name] || manifest.optionalDependencies?.[name]) return [];
      const place = live.get(name) ?? (separated && client ? `${client.file}:${client.line}` : undefined);
      if (!place || developmentTool.test(name)) return [];
      return [
        {
          name,
          from: 'devDependencies',
          to: separated ? to : 'dependencies',
          by: `${place} imports the package when the application runs`,
        },
      ];
    }
    if (!separated) return [];
    // A shared module may belong to one side or both, so its packages may be in any group that its users allow.
    const isRight = (group: (typeof groups)[number]) =>
      group === to ||
      (by.has('shared') && (group === 'dependencies' || !(group === 'clientDependencies' ? server : client)));
    const places = new Set([...by.values()].map(({ file, line }) => `${file}:${line}`));
    const place = [...places].join(' and ');
    return listed
      .filter((group) => !isRight(group))
      .map((from) => ({
        name,
        from,
        to,
        by: `${place} ${places.size > 1 ? 'import' : 'imports'} the package`,
      }));
  });
  return [...moved, ...tools];
}

const tool = /^(typescript|vitest|eslint|prettier)$|^@types\//;

/** Returns build, test and documentation tools among the run-time packages. */
function misplacedTools(manifest: PackageManifest): Misplaced[] {
  return groups.flatMap((from) =>
    Object.keys(manifest[from] ?? {})
      .filter((name) => developmentTool.test(name) || tool.test(name))
      .map((name) => ({
        name,
        from,
        to: 'devDependencies' as const,
        by: 'the package is a development tool',
      })),
  );
}

/** Returns the packages that the server loads in production, with the place of each import. */
function livePackages(application: CheckedApplication): ReadonlyMap<string, string> {
  const code = application.server()?.code;
  const found = new Map<string, string>();
  const add = (path: string, place: string) => {
    if (/^[./]/.test(path)) return;
    const name = packageName(path);
    if (!found.has(name)) found.set(name, place);
  };
  for (const { file, externals, program } of code?.modules ?? []) {
    for (const { type, ...statement } of program.body) {
      const source = (statement as { source?: Node | null }).source;
      if (!/^(Import|Export)/.test(type) || source?.type !== 'StringLiteral') continue;
      if (!externals.includes(source.value) || found.has(packageName(source.value))) continue;
      const line = application.lineOf(file, { written: source.value, dynamic: false });
      if (line !== undefined) add(source.value, `${file}:${line}`);
    }
  }
  for (const call of code?.calls ?? []) {
    const { callee } = call;
    const [source] = call.arguments;
    const loads = callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require');
    if (loads && source?.type === 'StringLiteral') add(source.value, placeOf(call));
  }
  return found;
}
