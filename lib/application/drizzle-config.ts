import { join, posix } from 'node:path';
import { isFile } from '../files/is-file';
import { type PackageManifest, readJson } from './package-manifest';
import { readConfigFile, setting } from './source/config-file';
import { textOf, type Value, valuesOf } from './source/value';

/** drizzle-kit's configuration, read without running it. */
export interface DrizzleConfig {
  /** Relative to the application. */
  readonly file: string;
  /** Folder that migrations are generated into, relative to the application. */
  readonly out?: string;
  readonly dialect?: string;
}

/** Names that drizzle-kit before 0.21 has in `driver` in place of a dialect. */
const drivers: Readonly<Record<string, string>> = {
  pg: 'postgresql',
  mysql2: 'mysql',
  'better-sqlite': 'sqlite',
  libsql: 'sqlite',
  turso: 'sqlite',
  d1: 'sqlite',
};

/** The configuration that a script of package.json names, else the usual file; undefined when there is none. */
export function readDrizzleConfig(
  directory: string,
  { scripts }: PackageManifest,
): DrizzleConfig | undefined {
  const named = Object.values(scripts ?? {}).flatMap(
    (script) => /\bdrizzle-kit\b[^&|;]*--config[= ]["']?([\w./-]+)/.exec(script)?.[1] ?? [],
  );
  const usual = ['ts', 'js', 'mts', 'mjs', 'json'].map((extension) => `drizzle.config.${extension}`);
  const file = [...usual, ...named.map((path) => posix.normalize(path))].find(
    (candidate) => !candidate.startsWith('..') && isFile(join(directory, candidate)),
  );
  if (!file) return undefined;
  if (file.endsWith('.json')) {
    const { out, dialect } = readJson<{ out?: string; dialect?: string }>(join(directory, file)) ?? {};
    return { file, ...(out && { out: posix.normalize(out) }), ...(dialect && { dialect }) };
  }
  const read = readConfigFile(directory, file);
  const out = text(setting(read, 'out'));
  const driver = text(setting(read, 'driver'));
  const dialect = text(setting(read, 'dialect')) ?? (driver && drivers[driver]);
  return {
    file,
    ...(out && { out: posix.normalize(out.replace(/^\/app\//, '')) }),
    ...(dialect && { dialect }),
  };
}

function text(value: Value): string | undefined {
  return valuesOf(value)
    .map(textOf)
    .find((each) => each !== undefined);
}
