import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Warning } from './warning';

/** Origin of a secret: generated once per environment, or provided by a person with `framework53 secrets set`. */
export type SecretKind = 'generated' | 'provided';

/** Origin of the database's schema: drizzle's journal, the DDL of a pushed schema, or none. */
export type MigrationsKind = 'journal' | 'baseline' | 'none';

/** One build of an application, as in the file `release.json` beside the folders `image/` and `client/`. */
export interface Release {
  /** Version of this format. */
  readonly formatVersion: 1;
  /** 16 hex digits: a hash of the contents of `image/` and `client/`, without paths and times. */
  readonly releaseId: string;
  /** Name of the application in kebab-case, from the configuration or package.json. */
  readonly application: string;
  /** The server in the image. */
  readonly server: {
    /** TCP port on which the process listens, also in the variable `PORT`. */
    readonly port: number;
    /** Path that answers 200 when the process is up. The image itself answers `/__health`. */
    readonly healthPath: string;
    /** Path patterns that CloudFront sends to the server. `/*` means all paths except `/assets/*`. */
    readonly paths: readonly string[];
    /**
     * Addresses at which clients open WebSockets, such as `/ws` or `/socket.io/?EIO=4&transport=websocket`.
     * @default - none are known
     */
    readonly webSockets?: readonly string[];
    /**
     * True if the server renders pages that refer to files of the client.
     * @default false
     */
    readonly rendersPages?: boolean;
    /** Command of the container. */
    readonly command: readonly string[];
    /** Environment variables that are the same in every environment. */
    readonly environment: Readonly<Record<string, string>>;
    /** Environment variables that are secret. */
    readonly secrets: readonly ReleaseSecret[];
    /**
     * Absolute folders that the server writes to. A task mounts a volume there, which lasts as long as the task.
     * @default - no folders but `/tmp`
     */
    readonly writableFolders?: readonly string[];
  };
  /** The files in `client/`. */
  readonly client: {
    /**
     * Path of Vite's manifest, relative to `client/`.
     * @default - Vite wrote no manifest
     */
    readonly manifest?: string;
    /**
     * Sources that pages need in addition to their own origin, by directive of the Content Security Policy.
     * @default - pages need their own origin only
     */
    readonly contentSecurityPolicySources?: Readonly<Record<string, readonly string[]>>;
    /**
     * True if the client reads `/config.json`, which names the environment.
     * @default false
     */
    readonly readsEnvironment?: boolean;
  };
  /** The migrations in the image. */
  readonly migrations: ReleaseMigrations;
  /** Findings about the application that do not prevent a release, the most severe first. */
  readonly warnings: readonly Warning[];
}

/** A secret environment variable of the server. */
export interface ReleaseSecret {
  /** Name of the environment variable. */
  readonly name: string;
  /** Origin of the value. */
  readonly kind: SecretKind;
}

/** The migrations of a release. */
export interface ReleaseMigrations {
  /** Origin of the schema. */
  readonly kind: MigrationsKind;
  /** Digest of the migrations. If the digest is unchanged, there is nothing to migrate. */
  readonly digest: string;
  /**
   * Folder of the migration files, relative to the application. The files in `image/migrations` are copies of them.
   * @default - the application has no files of migrations
   */
  readonly folder?: string;
}

/** Reads the release that `buildApplication` wrote into a folder. */
export function readRelease(directory: string): Release {
  const file = join(directory, 'release.json');
  let release: Release;
  try {
    release = JSON.parse(readFileSync(file, 'utf8')) as Release;
  } catch (error) {
    throw new Error(
      `${file} is not a readable release (${(error as Error).message}); make one with \`framework53 build\``,
    );
  }
  if (release.formatVersion !== 1)
    throw new Error(
      `${file} has format version ${release.formatVersion}, this package reads 1; build it again with \`framework53 build\``,
    );
  return release;
}
