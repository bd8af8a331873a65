import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapePattern } from '../../files/escape-pattern';
import type { CheckedApplication } from '../sources/checked-application';

/** The parts of an installed package's manifest that other packages and scripts refer to. */
interface InstalledPackage {
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Packages that another package loads by itself if they are installed. */
const loadedIfInstalled =
  /^(bufferutil|utf-8-validate|pg-native|pg-query-stream|sass|sass-embedded|less|stylus|terser|lightningcss|jiti|encoding|canvas|sharp|babel-plugin-react-compiler|prettier-plugin-.*)$/;

/** Files above this size contain data. */
const largest = 300_000;

/**
 * Returns a test for packages that no module imports: it returns true if a configuration, a style sheet or a script
 * names the package, or if another dependency has it as a peer.
 */
export function usedElsewhere(application: CheckedApplication): (name: string) => boolean {
  let known: { quoted: string; words: string; installed: ReadonlyMap<string, InstalledPackage> } | undefined;
  return (name) => {
    known ??= read(application);
    const escaped = escapePattern(name);
    const binaries = Object.keys(binOf(name, known.installed.get(name)));
    return (
      new RegExp(`['"\`(]${escaped}(/[^'"\`]*)?['"\`)]`).test(known.quoted) ||
      [name, ...binaries].some((word) =>
        new RegExp(`(^|[\\s"'/=])${escapePattern(word)}(?![\\w-])`, 'm').test(known!.words),
      ) ||
      [...known.installed.values()].some(
        ({ peerDependencies, peerDependenciesMeta }) =>
          peerDependencies?.[name] !== undefined &&
          (!peerDependenciesMeta?.[name]?.optional || loadedIfInstalled.test(name)),
      )
    );
  };
}

function read(application: CheckedApplication) {
  const files = application.files.filter(({ size }) => size < largest);
  const textsOf = (pattern: RegExp) =>
    files
      .filter(({ file }) => pattern.test(file) && !/(^|\/)(package|package-lock)\.json$/.test(file))
      .map(({ file }) => application.text(file) ?? '');
  const manifest = application.manifest ?? {};
  const scripts = Object.values(manifest.scripts ?? {});
  const rest = Object.entries(manifest).filter(([key]) => !/dependencies$|^(scripts|overrides)$/i.test(key));
  return {
    quoted: [...textsOf(/\.([cm]?[jt]sx?|json|css|scss|html)$/), JSON.stringify(rest)].join('\n'),
    words: [...textsOf(/\.(ya?ml|sh|toml)$|(^|\/)(Dockerfile|Procfile|\.npmrc|\.\w+rc)/), ...scripts].join(
      '\n',
    ),
    installed: installedPackages(application),
  };
}

/** Returns the manifests of the direct dependencies, from package-lock.json or node_modules. */
function installedPackages({ directory, manifest }: CheckedApplication): Map<string, InstalledPackage> {
  const locked = readJson<{ packages?: Record<string, InstalledPackage> }>(
    join(directory, 'package-lock.json'),
  );
  const names = Object.keys({
    ...manifest?.dependencies,
    ...manifest?.devDependencies,
    ...manifest?.clientDependencies,
    ...manifest?.serverDependencies,
  });
  return new Map(
    names.flatMap((name): [string, InstalledPackage][] => {
      const found =
        locked?.packages?.[`node_modules/${name}`] ??
        readJson<InstalledPackage>(join(directory, 'node_modules', name, 'package.json'));
      return found ? [[name, found]] : [];
    }),
  );
}

function binOf(name: string, installed: InstalledPackage | undefined): Readonly<Record<string, string>> {
  const bin = installed?.bin;
  return typeof bin === 'string' ? { [name.replace(/^@[^/]+\//, '')]: bin } : (bin ?? {});
}

/** Parses a JSON file. Returns undefined if the file is missing or invalid. */
function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
