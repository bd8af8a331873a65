import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import { readJson } from './package-manifest';
import { readConfigFile, setting } from './source/config-file';
import { textOf, type Value, valuesOf } from './source/value';
import type { Packages } from './workspace';

/** The configuration of drizzle-kit, read without running it. */
export interface DrizzleConfig {
  /** Relative to the application. */
  readonly file: string;
  /** Folder in which drizzle-kit runs, relative to the application. */
  readonly folder: string;
  /** Folder of the generated migrations, relative to the application. */
  readonly out?: string;
  readonly dialect?: string;
}

/** Names of dialects in the option `driver` of drizzle-kit before 0.21. */
const drivers: Readonly<Record<string, string>> = {
  pg: 'postgresql',
  mysql2: 'mysql',
  'better-sqlite': 'sqlite',
  libsql: 'sqlite',
  turso: 'sqlite',
  d1: 'sqlite',
};

/**
 * Returns drizzle-kit's configuration: the file that a script of package.json names, or else a file with a default
 * name, in a folder in which a script runs drizzle-kit or in a package of the server. Returns undefined if there is
 * none.
 */
export function readDrizzleConfig(
  directory: string,
  { manifest: { scripts = {} }, folders }: Packages,
): DrizzleConfig | undefined {
  const commands = Object.values(scripts);
  const named = commands.flatMap(
    (script) => /\bdrizzle-kit\b[^&|;]*--config[= ]["']?([\w./-]+)/.exec(script)?.[1] ?? [],
  );
  const entered = commands.flatMap(
    (script) => /\bcd\s+["']?([\w./-]+)["']?\s*&&[^|;]*\bdrizzle-kit\b/.exec(script)?.[1] ?? [],
  );
  const usual = ['ts', 'js', 'mts', 'mjs', 'json'].map((extension) => `drizzle.config.${extension}`);
  for (const folder of new Set(['.', ...entered.map((path) => posix.normalize(path)), ...folders])) {
    const file = [...usual, ...named]
      .map((path) => posix.normalize(posix.join(folder, path)))
      .find((candidate) => !candidate.startsWith('..') && isFile(join(directory, candidate)));
    if (file) return readAt(directory, folder, file);
  }
  return undefined;
}

/** Reads a configuration with paths relative to a folder. */
function readAt(directory: string, folder: string, file: string): DrizzleConfig {
  const below = (out: string) =>
    out.startsWith('/app/') ? posix.normalize(out.slice('/app/'.length)) : posix.join(folder, out);
  if (file.endsWith('.json')) {
    const { out, dialect } = readJson<{ out?: string; dialect?: string }>(join(directory, file)) ?? {};
    return { file, folder, ...(out && { out: below(out) }), ...(dialect && { dialect }) };
  }
  const read = readConfigFile(directory, file);
  const out = text(setting(read, 'out'));
  const driver = text(setting(read, 'driver'));
  const dialect = text(setting(read, 'dialect')) ?? (driver && drivers[driver]);
  return { file, folder, ...(out && { out: below(out) }), ...(dialect && { dialect }) };
}

function text(value: Value): string | undefined {
  return valuesOf(value)
    .map(textOf)
    .find((each) => each !== undefined);
}
