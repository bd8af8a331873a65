import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret variable: made by us once per environment, or set by a person with `framework53 secrets set`. */
export type SecretKind = 'generated' | 'provided';

/** How the schema of the database comes about: drizzle's journal, the DDL of a pushed schema, or not at all. */
export type MigrationsKind = 'journal' | 'baseline' | 'none';

/** One build of an application, as `release.json` beside its `image/` and `client/` folders says it. */
export interface Release {
  readonly formatVersion: 1;
  /** 16 hex digits: hash of the contents of `image/` and `client/`, of no path and no time. */
  readonly releaseId: string;
  /** Kebab-case name, from the configuration or package.json. */
  readonly application: string;
  readonly server: {
    /** Port the process listens on; `PORT` is set to it, too. */
    readonly port: number;
    /** Path that answers 200 when the process is up; `/__health` when the preload answers it. */
    readonly healthPath: string;
    /** CloudFront path patterns that go to the server. */
    readonly paths: readonly string[];
    readonly command: readonly string[];
    /** Constants the application needs. */
    readonly environment: Readonly<Record<string, string>>;
    readonly secrets: readonly { readonly name: string; readonly kind: SecretKind }[];
    /** Folders it writes into, which a task must mount something writable over; nothing in them lasts. */
    readonly writableFolders?: readonly string[];
  };
  readonly client: {
    /** Path of Vite's manifest relative to `client/`. */
    readonly manifest?: string;
  };
  readonly migrations: { readonly kind: MigrationsKind; readonly digest: string };
  /** What works but will hurt, one sentence or two each, readable as they are. */
  readonly warnings: readonly string[];
}

/** Reads the release that `buildApplication` wrote into a folder. */
export function readRelease(directory: string): Release {
  const file = join(directory, 'release.json');
  let release: Release;
  try {
    release = JSON.parse(readFileSync(file, 'utf8')) as Release;
  } catch (error) {
    throw new Error(
      `${file} is no readable release (${(error as Error).message}); make one with \`framework53 build\``,
    );
  }
  if (release.formatVersion !== 1)
    throw new Error(
      `${file} has format version ${release.formatVersion}, this package reads 1; build it again with \`framework53 build\``,
    );
  return release;
}
