import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { escapePattern } from '../../files/escape-pattern';
import { isFolder } from '../../files/is-file';
import type { Application } from '../application';
import { ApplicationError, type ApplicationProblem } from '../application-error';
import { isSeparated, packageFolder, readJson } from '../package-manifest';
import type { ServerBundle } from '../server-bundle';
import type { Warning } from '../warning';
import { LOCAL } from '../workspace';
import { ELSEWHERE, specOf } from './installed-packages';
import type { Lockfile } from './lockfile';

/** The image's package.json. */
export interface ProductionManifest {
  readonly name: string;
  readonly version: string;
  readonly private: true;
  readonly type: 'module';
  readonly dependencies: Record<string, string>;
  /** Kept, because the versions in the lock depend on the overrides. */
  readonly overrides?: Record<string, unknown>;
}

const swapped = '@neondatabase/serverless';

/**
 * Returns a manifest of the packages that the server needs at run time, with exact versions from the lock.
 *
 * If the application separates its dependencies (§4.2), the manifest has all `dependencies` and `serverDependencies`.
 * Otherwise it has the packages that the server imports or names, and their peers. If the code imports packages by
 * computed names, the manifest has all of them.
 */
export function productionManifest(
  application: Application,
  bundle: ServerBundle,
  lock: Lockfile | undefined,
): { manifest: ProductionManifest; warnings: Warning[] } {
  const { manifest, directory, name } = application;
  const warnings: Warning[] = [];
  const problems: ApplicationProblem[] = [];
  const declared: Record<string, string> = {
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
    ...manifest.clientDependencies,
    ...manifest.serverDependencies,
    ...manifest.dependencies,
  };
  const runtime = {
    ...manifest.optionalDependencies,
    ...manifest.dependencies,
    ...manifest.serverDependencies,
  };
  const names = new Set<string>();
  if (isSeparated(manifest) || bundle.importsByName)
    for (const known of Object.keys(runtime)) names.add(known);
  for (const imported of bundle.packages) {
    names.add(imported);
    if (runtime[imported]) continue;
    if (!declared[imported] && !isKnown(directory, imported, lock)) continue;
    warnings.push({
      rule: 'server-package-undeclared',
      severity: 'note',
      place: 'package.json',
      what: `the server imports ${imported}, which is ${declared[imported] ? 'a development or client dependency' : 'not among the dependencies'}`,
      why: `the image contains ${declared[imported] ? 'the package anyway' : 'the version that another package installs'}`,
      fix: [],
    });
  }
  if (!isSeparated(manifest)) for (const peer of peersOf(directory, names, runtime)) names.add(peer);
  // The swapped driver replaces this package, and the server does not import it.
  if (application.server.usesNeon && !bundle.packages.includes(swapped)) names.delete(swapped);

  const dependencies: Record<string, string> = {};
  warnings.push(...[...names].sort().flatMap((each) => patchWarnings(directory, each, declared[each])));
  for (const dependency of [...names].sort()) {
    const elsewhere = problemOfPlace(dependency, declared[dependency]);
    const version = versionOf(directory, dependency, declared[dependency], lock);
    if (elsewhere) problems.push(elsewhere);
    else if (version) dependencies[dependency] = version;
    else if (bundle.needed.has(dependency))
      problems.push({
        file: 'package.json',
        problem: `the server imports ${dependency}, which is neither among the dependencies nor installed, so it cannot start`,
        fix: `run \`npm install ${dependency}\` in the application`,
      });
    else
      warnings.push({
        rule: 'server-package-missing',
        severity: 'danger',
        place: 'package.json',
        what: `${dependency} is neither among the dependencies nor installed`,
        why: 'the server fails when it loads the package',
        fix: [`run \`npm install ${dependency}\` in the application`],
      });
  }
  if (problems.length) throw new ApplicationError(directory, problems);
  const overrides = overridesOf(manifest.overrides, declared, dependencies);
  return {
    manifest: {
      name,
      version: manifest.version ?? '0.0.0',
      private: true,
      type: 'module',
      dependencies,
      ...(Object.keys(overrides).length && { overrides }),
    },
    warnings,
  };
}

/** Warns of a package that Yarn, pnpm or patch-package changes after its installation. */
function patchWarnings(directory: string, name: string, range = ''): Warning[] {
  const folder = join(directory, 'patches');
  const prefix = new RegExp(`^${escapePattern(name).replace('/', '(\\+|__)')}(@|\\+|\\.patch$)`);
  const file = isFolder(folder) && readdirSync(folder).find((each) => prefix.test(each));
  if (!file && !range.startsWith('patch:')) return [];
  return [
    {
      rule: 'patched-package',
      severity: 'danger',
      place: file ? `patches/${file}` : 'package.json',
      what: `the server needs ${name} with a patch`,
      why: 'npm installs the package without the patch into the image',
      fix: [
        'copy the patched package into a folder of the application and name it in package.json, such as "file:./lib/name"',
      ],
    },
  ];
}

/** The problem of a package outside the application's folder, or in an archive. */
function problemOfPlace(name: string, range: string | undefined): ApplicationProblem | undefined {
  if (!range || !LOCAL.test(range)) return undefined;
  return {
    file: 'package.json',
    problem: `the server needs ${name}, which is in ${range}, and the image does not contain this place`,
    fix: 'move or unpack the package into a folder of the application and name it, such as "file:./lib/name", or publish the package',
  };
}

/**
 * Returns the overrides of package.json, which the lock follows. A name such as `$react` is replaced by the version of
 * the dependency, which the image may not have. npm refuses an override of a dependency by another text than its own,
 * and the image's dependencies have exact versions.
 */
function overridesOf(
  overrides: unknown,
  declared: Readonly<Record<string, string>>,
  dependencies: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const stated = (value: unknown): unknown => {
    if (typeof value === 'string' && value.startsWith('$'))
      return dependencies[value.slice(1)] ?? declared[value.slice(1)] ?? value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, stated(inner)]));
  };
  const ofDependency = (key: string, value: unknown): unknown => {
    const name = /^(@?[^@]+)/.exec(key)?.[1] ?? key;
    const own = dependencies[name];
    const isOwn = own && (value === declared[name] || (key === name && declared[name] === undefined));
    return isOwn ? own : stated(value);
  };
  return Object.fromEntries(
    Object.entries({ ...(overrides as object | undefined) }).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null && '.' in value
        ? { ...(stated(value) as object), '.': ofDependency(key, value['.']) }
        : ofDependency(key, value),
    ]),
  );
}

function isKnown(directory: string, name: string, lock: Lockfile | undefined): boolean {
  return Boolean(lock?.packages[`node_modules/${name}`] || packageFolder(directory, name));
}

/**
 * Returns the peers of the packages that are dependencies of the application. Some packages, such as Sequelize and knex,
 * load an optional peer by a name that the application's code never mentions.
 */
function peersOf(
  directory: string,
  names: ReadonlySet<string>,
  runtime: Record<string, string>,
): Set<string> {
  const peers = new Set<string>();
  const visit = (name: string) => {
    const folder = packageFolder(directory, name);
    const installed = folder
      ? readJson<Record<'peerDependencies' | 'peerDependenciesMeta', object | undefined>>(
          `${folder}/package.json`,
        )
      : undefined;
    for (const peer of Object.keys({ ...installed?.peerDependencies, ...installed?.peerDependenciesMeta }))
      if (runtime[peer] && !peer.startsWith('@types/') && !names.has(peer) && !peers.has(peer)) {
        peers.add(peer);
        visit(peer);
      }
  };
  for (const name of names) visit(name);
  return peers;
}

/** Returns the locked version. For a package that is not from a registry, returns the specifier in package.json. */
function versionOf(
  directory: string,
  name: string,
  declared: string | undefined,
  lock: Lockfile | undefined,
): string | undefined {
  const entry = lock?.packages[`node_modules/${name}`];
  if (declared && ELSEWHERE.test(declared)) return declared;
  if (entry?.version)
    return entry.name && entry.name !== name ? `npm:${entry.name}@${entry.version}` : entry.version;
  const folder = packageFolder(directory, name);
  const installed = folder
    ? readJson<{ name?: string; version?: string }>(`${folder}/package.json`)
    : undefined;
  return installed?.version ? specOf(name, { ...installed, version: installed.version }) : declared;
}
