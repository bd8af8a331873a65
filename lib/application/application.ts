import type { Client } from './detect-client';
import type { Health } from './detect-health';
import type { Migrations } from './detect-migrations';
import type { Port } from './detect-port';
import type { Variable } from './detect-variables';
import type { DependencyClass, PackageManifest } from './package-manifest';

/** What reading an application's folder finds; nothing has been built. */
export interface Application {
  /** Absolute path. */
  readonly directory: string;
  readonly name: string;
  readonly manifest: PackageManifest;
  readonly dependencies: Readonly<Record<string, DependencyClass>>;
  readonly server: {
    /** Module it starts from, relative to the application. */
    readonly entry: string;
    readonly port: Port;
    readonly health: Health;
    /** CloudFront path patterns. */
    readonly paths: readonly string[];
    readonly nodeVersion: string;
    /** Whether it cannot start, or answers nothing useful, without the built client beside it. */
    readonly servesClient: boolean;
    /** Whether it speaks to its database through Neon's driver. */
    readonly usesNeon: boolean;
    /** Files and folders it reads at run time, relative to the application. */
    readonly files: readonly string[];
    /** Folders it writes into, relative to the application. */
    readonly writes: readonly string[];
    /** Table that its session store makes at boot, which its database role may not. */
    readonly sessionTable?: string;
    readonly aliases: Readonly<Record<string, string>>;
    /** Its own modules, relative to the application. */
    readonly sources: readonly string[];
  };
  readonly client: Client;
  readonly migrations: Migrations;
  readonly variables: readonly Variable[];
  readonly warnings: readonly string[];
}
