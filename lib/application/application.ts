import type { Health } from './decisions/health';
import type { Port } from './decisions/port';
import type { Variable } from './decisions/variables';
import type { Client } from './detect-client';
import type { Migrations } from './detect-migrations';
import type { PageBundle } from './detect-page-bundles';
import type { DependencyClass, PackageManifest } from './package-manifest';
import type { ServerReading } from './reading/server-reading';
import type { Warning } from './warning';

/** An application, as reading its folder finds it. Nothing has been built. */
export interface Application {
  /** Absolute path. */
  readonly directory: string;
  readonly name: string;
  readonly manifest: PackageManifest;
  readonly dependencies: Readonly<Record<string, DependencyClass>>;
  /** All that is known of the server. */
  readonly reading: ServerReading;
  readonly server: {
    /** Module it starts from, relative to the application. */
    readonly entry: string;
    readonly port: Port;
    readonly health: Health;
    /** CloudFront path patterns. */
    readonly paths: readonly string[];
    /** Addresses at which clients open WebSockets. */
    readonly webSockets: readonly string[];
    readonly nodeVersion: string;
    /** True if the server needs the built client beside it to start, or to answer anything useful. */
    readonly servesClient: boolean;
    /** True if the server makes pages, which name files of the client. */
    readonly rendersPages: boolean;
    /** True if the server connects to its database through Neon's driver. */
    readonly usesNeon: boolean;
    /** Files and folders it reads at run time, relative to the application. */
    readonly files: readonly string[];
    /** Folders it writes into, relative to the application. */
    readonly writes: readonly string[];
    /** Debian packages of the image. */
    readonly systemPackages: readonly string[];
    /** Table that its session store makes at boot, which its database role may not. */
    readonly sessionTable?: string;
    readonly aliases: Readonly<Record<string, string>>;
    /** Its own modules, relative to the application. */
    readonly sources: readonly string[];
  };
  readonly client: Client;
  /** Bundles that the server loads to render pages. */
  readonly pageBundles: readonly PageBundle[];
  readonly migrations: Migrations;
  readonly variables: readonly Variable[];
  /** The most severe first. */
  readonly warnings: readonly Warning[];
}
