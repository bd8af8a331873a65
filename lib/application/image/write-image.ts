import { copyFileSync, cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeBundle } from '../../files/runtime-bundle';
import type { Application } from '../application';
import type { MigrationsKind } from '../release';
import type { ServerBundle } from '../server-bundle';
import type { Warning } from '../warning';
import { dockerfile, dockerignore } from './dockerfile';
import { lockedDependencies } from './locked-dependencies';
import { downloadsChrome } from './lockfile';
import { bundleMigrate } from './migrate-bundle';
import { rdsCertificates } from './rds-certificates';
import { writeMigrations } from './write-migrations';

/** Options of `writeImage`. */
export interface ImageOptions {
  readonly application: Application;
  readonly bundle: ServerBundle;
  /** Folder of the Docker build context. */
  readonly image: string;
  readonly command: readonly string[];
  /** Temporary folder. */
  readonly work: string;
  readonly progress: (line: string) => void;
}

/** Writes the Docker build context, without the built client. */
export async function writeImage(
  options: ImageOptions,
): Promise<{ migrations: MigrationsKind; warnings: readonly Warning[] }> {
  const { application, bundle, image, command, work, progress } = options;
  const { server } = application;
  mkdirSync(join(image, 'dist'), { recursive: true });
  for (const [name, text] of bundle.files) writeFileSync(join(image, 'dist', name), text);
  const { manifest, lockfile, legacyPeers, warnings } = await lockedDependencies(
    application,
    bundle,
    join(work, 'lock'),
    progress,
  );
  writeFileSync(join(image, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(join(image, 'package-lock.json'), `${JSON.stringify(lockfile, undefined, 2)}\n`);
  copyFileSync(runtimeBundle('preload'), join(image, 'preload.mjs'));
  const migrations = await writeMigrations(application, join(image, 'migrations'), join(work, 'drizzle'));
  writeFileSync(join(image, 'migrate.mjs'), await bundleMigrate(application.directory, migrations.kind));
  writeFileSync(join(image, 'rds-ca.pem'), rdsCertificates());
  // Without `verbatimSymlinks`, Node.js would rewrite links within the folder to absolute paths on this machine.
  for (const file of server.files)
    cpSync(realpathSync(join(application.directory, file)), join(image, file), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/(^|[\\/])(\.env[^\\/]*|node_modules|\.git)$/.test(path),
    });
  writeFileSync(
    join(image, 'Dockerfile'),
    dockerfile({
      nodeVersion: server.nodeVersion,
      port: server.port.port,
      healthPath: server.health.path,
      command,
      legacyPeers,
      writableFolders: server.writes,
      systemPackages: server.systemPackages,
      puppeteer: downloadsChrome(lockfile),
    }),
  );
  writeFileSync(join(image, '.dockerignore'), dockerignore);
  return { migrations: migrations.kind, warnings: [...warnings, ...migrations.warnings] };
}
