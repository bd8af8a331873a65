import type { Health } from './decisions/health';
import type { Port } from './decisions/port';
import type { Variable } from './decisions/variables';
import type { Client } from './detect-client';
import type { Migrations } from './detect-migrations';
import type { PageBundle } from './detect-page-bundles';
import type { DependencyClass, PackageManifest } from './package-manifest';
import type { ServerReading } from './reading/server-reading';
import type { ServerBuildOptions } from './server-build-options';
import type { Warning } from './warning';
import type { Packages } from './workspace';

/** An application, read from its folder. Nothing has been built. */
export interface Application {
  /** Absolute path. */
  readonly directory: string;
  readonly name: string;
  readonly manifest: PackageManifest;
  readonly dependencies: Readonly<Record<string, DependencyClass>>;
  /** The facts about the server. */
  readonly reading: ServerReading;
  readonly server: {
    /** Entry module, relative to the application. */
    readonly entry: string;
    readonly port: Port;
    readonly health: Health;
    /** CloudFront path patterns. */
    readonly paths: readonly string[];
    /** Paths of the application's WebSockets. */
    readonly webSockets: readonly string[];
    readonly nodeVersion: string;
    /** True if the server needs the built client to start or to answer requests. */
    readonly servesClient: boolean;
    /** True if the server renders pages, which refer to files of the client. */
    readonly rendersPages: boolean;
    /** True if the server connects to its database with Neon's driver. */
    readonly usesNeon: boolean;
    /** Files and folders that the server reads at run time, relative to the application. */
    readonly files: readonly string[];
    /** Folders that the server writes to, relative to the application. */
    readonly writes: readonly string[];
    /** Debian packages of the image. */
    readonly systemPackages: readonly string[];
    /** Table that the session store would create at start. The server's database role may not create tables. */
    readonly sessionTable?: string;
    readonly aliases: Readonly<Record<string, string>>;
    /** Options of esbuild with which the application builds its server. */
    readonly build: ServerBuildOptions;
    /** The server's own modules, relative to the application. */
    readonly sources: readonly string[];
  };
  readonly client: Client;
  /** The modules of the workspace, and the folders with installed packages. */
  readonly packages: Pick<Packages, 'modules' | 'uncompiled' | 'installed'>;
  /** Bundles that the server loads to render pages. */
  readonly pageBundles: readonly PageBundle[];
  readonly migrations: Migrations;
  readonly variables: readonly Variable[];
  /** The most severe first. */
  readonly warnings: readonly Warning[];
}
