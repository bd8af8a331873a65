import { builtinModules } from 'node:module';
import { packageName } from '../../application/package-manifest';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';

/** A package that modules import when they run, and where. */
interface Imported {
  readonly name: string;
  readonly by: ReadonlyMap<'client' | 'server' | 'shared', { readonly file: string; readonly line: number }>;
}

const known = new WeakMap<CheckedApplication, Promise<readonly Imported[]>>();

/** The packages that the application imports, each with its first import on each side. */
function importedPackages(application: CheckedApplication): Promise<readonly Imported[]> {
  let found = known.get(application);
  if (!found) {
    found = readImported(application);
    known.set(application, found);
  }
  return found;
}

async function readImported(application: CheckedApplication): Promise<readonly Imported[]> {
  const { imports } = await application.imports();
  const packages = new Map<string, Map<'client' | 'server' | 'shared', { file: string; line: number }>>();
  for (const [file, edges] of [...imports].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const side = application.sideOf(file);
    if (side === 'tools') continue;
    for (const edge of edges) {
      const name = edge.package && packageName(edge.package);
      if (!name || !isPackage(name)) continue;
      const by = packages.get(name) ?? new Map();
      if (by.has(side)) continue;
      const line = application.writtenImports(file).get(edge.written);
      if (line === undefined) continue;
      packages.set(name, by.set(side, { file, line }));
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

const dependencyMissing: Rule = {
  rule: 'dependency-missing',
  asks: 'Every package that is imported is in package.json.',
  section: '4.2',
  severity: 'warning',
  why: 'the package is there by luck, because another package needs it, and may be gone after the next installation',
  fix: ['add the package to package.json'],
  example: 'npm install --save PACKAGE',
  async find(application) {
    const { manifest } = application;
    if (!manifest || 'workspaces' in manifest) return [];
    const declared = new Set(
      Object.keys({
        ...manifest.dependencies,
        ...manifest.devDependencies,
        ...manifest.clientDependencies,
        ...manifest.serverDependencies,
        ...manifest.optionalDependencies,
        ...(manifest as { peerDependencies?: object }).peerDependencies,
        [manifest.name ?? '']: '',
      }),
    );
    // A client with a package.json of its own installs its own packages.
    const isOwn = (file: string) =>
      application.files.some(
        (each) =>
          each.file.endsWith('/package.json') && file.startsWith(each.file.replace('package.json', '')),
      );
    return (await importedPackages(application))
      .filter(({ name }) => !declared.has(name))
      .flatMap(({ name, by }): Found[] => {
        const place = [...by.values()].find(({ file }) => !isOwn(file));
        return place ? [{ ...place, what: `the module imports ${name}, which is not in package.json` }] : [];
      });
  },
};

const dependencyMisplaced: Rule = {
  rule: 'dependency-misplaced',
  asks: 'Dependencies of both sides, of the client and of the server are told apart by who imports them.',
  section: '4.2',
  severity: 'warning',
  why: 'the image of the server installs packages that it does not need, or lacks one that it does',
  fix: [
    'move the package to the group that the finding names, and to devDependencies as well, which npm installs',
  ],
  example: '"serverDependencies": { "express": "5.3.0" }',
  async find(application) {
    return (await misplaced(application)).map(({ name, from, to, by }) => ({
      file: 'package.json',
      line: lineOfName(application, from, name),
      what: `${name} is in ${from} and belongs into ${to}: ${by}`,
    }));
  },
};

const dependenciesNotSeparated: Rule = {
  rule: 'dependencies-not-separated',
  asks: 'package.json tells dependencies of the client and of the server apart.',
  section: '4.2',
  severity: 'note',
  why: 'the image gets the packages that the server imports',
  fix: [
    'list packages of one side under clientDependencies or serverDependencies, and in devDependencies as well, which npm installs',
  ],
  example: '"dependencies": {}, "clientDependencies": {}, "serverDependencies": {}',
  find({ manifest }) {
    if (!manifest || manifest.clientDependencies || manifest.serverDependencies) return [];
    return [{ file: 'package.json', what: 'client and server dependencies are in one list' }];
  },
};

const dependencyUnused: Rule = {
  rule: 'dependency-unused',
  asks: 'Every dependency is used.',
  section: '4.2',
  severity: 'note',
  why: 'an unused package is installed, audited and updated for nothing',
  fix: ['npm uninstall PACKAGE'],
  example: 'npm uninstall left-pad',
  async find(application) {
    const { manifest } = application;
    if (!manifest) return [];
    const used = new Set((await importedPackages(application)).map(({ name }) => name));
    const groups = ['dependencies', 'clientDependencies', 'serverDependencies'] as const;
    const names = groups.flatMap((group) =>
      Object.keys(manifest[group] ?? {}).map((name) => ({ group, name })),
    );
    const candidates = names.filter(({ name }) => !used.has(name) && !/^(@types\/|typescript$)/.test(name));
    if (candidates.length === 0) return [];
    const texts = application.files
      .filter(
        ({ file, size }) =>
          size < 300_000 && /\.([cm]?[jt]sx?|json|css|scss|html|ya?ml|sh)$|Dockerfile/.test(file),
      )
      .filter(({ file }) => !/^(package|package-lock)\.json$/.test(file))
      .map(({ file }) => application.text(file) ?? '')
      .concat(Object.values(manifest.scripts ?? {}));
    return candidates
      .filter(({ name }) => !texts.some((text) => text.includes(name)))
      .map(({ group, name }) => ({
        file: 'package.json',
        line: lineOfName(application, group, name),
        what: `nothing uses ${name}, which is in ${group}`,
      }));
  },
};

/** A dependency that is in another group than its imports say. */
export interface Misplaced {
  readonly name: string;
  readonly from: 'dependencies' | 'clientDependencies' | 'serverDependencies';
  readonly to: 'dependencies' | 'clientDependencies' | 'serverDependencies';
  /** A clause that names the imports. */
  readonly by: string;
}

/** Compares the groups of package.json with the imports; nothing where the groups are not told apart. */
export async function misplaced(application: CheckedApplication, always = false): Promise<Misplaced[]> {
  const { manifest } = application;
  if (!manifest || !(always || manifest.clientDependencies || manifest.serverDependencies)) return [];
  return (await importedPackages(application)).flatMap(({ name, by }): Misplaced[] => {
    const groups = (['dependencies', 'clientDependencies', 'serverDependencies'] as const).filter(
      (group) => manifest[group]?.[name] !== undefined,
    );
    const client = by.get('client');
    const server = by.get('server');
    const to = client && server ? 'dependencies' : client ? 'clientDependencies' : 'serverDependencies';
    // A shared module may serve one side or both, so its packages are in order in every group that the sides allow.
    const isRight = (group: Misplaced['from']) =>
      group === to ||
      (by.has('shared') && (group === 'dependencies' || !(group === 'clientDependencies' ? server : client)));
    const place = [...by.values()].map(({ file, line }) => `${file}:${line}`).join(' and ');
    return groups
      .filter((group) => !isRight(group))
      .map((from) => ({ name, from, to, by: `${place} ${by.size > 1 ? 'import' : 'imports'} the package` }));
  });
}

/** Line of a package in a group of package.json. */
function lineOfName(application: CheckedApplication, group: string, name: string): number | undefined {
  const lines = (application.text('package.json') ?? '').split('\n');
  const start = lines.findIndex((line) => line.includes(`"${group}"`));
  const at = lines.findIndex((line, index) => index >= start && line.includes(`"${name}"`));
  return start === -1 || at === -1 ? undefined : at + 1;
}

export const dependencyRules: readonly Rule[] = [
  dependenciesNotSeparated,
  dependencyMissing,
  dependencyMisplaced,
  dependencyUnused,
];
