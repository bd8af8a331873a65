import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeBundle } from '../../files/runtime-bundle';
import type { Application } from '../application';
import { packageFolder } from '../package-manifest';
import type { ServerBundle } from '../server-bundle';
import type { Warning } from '../warning';
import { dockerfile, dockerignore } from './dockerfile';
import { exportBaseline } from './export-baseline';
import { lockedDependencies } from './locked-dependencies';
import { bundleMigrate } from './migrate-bundle';
import { rdsCertificates } from './rds-certificates';

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

/** Writes the Docker build context, but for the built client. */
export async function writeImage(options: ImageOptions): Promise<{ warnings: readonly Warning[] }> {
  const { application, bundle, image, command, work, progress } = options;
  const { server } = application;
  mkdirSync(join(image, 'dist'), { recursive: true });
  for (const [name, text] of bundle.files) writeFileSync(join(image, 'dist', name), text);
  const { manifest, lockfile, legacyPeers, warnings } = await lockedDependencies(
    application,
    bundle,
    work,
    progress,
  );
  writeFileSync(join(image, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(join(image, 'package-lock.json'), `${JSON.stringify(lockfile, undefined, 2)}\n`);
  copyFileSync(runtimeBundle('preload'), join(image, 'preload.mjs'));
  writeFileSync(join(image, 'migrate.mjs'), await bundleMigrate(application));
  writeFileSync(join(image, 'rds-ca.pem'), rdsCertificates());
  for (const file of server.files)
    cpSync(join(application.directory, file), join(image, file), {
      recursive: true,
      filter: (path) => !/(^|[\\/])(\.env[^\\/]*|node_modules|\.git)$/.test(path),
    });
  await writeMigrations(application, join(image, 'migrations'));
  writeFileSync(
    join(image, 'Dockerfile'),
    dockerfile({
      nodeVersion: server.nodeVersion,
      port: server.port.port,
      healthPath: server.health.path,
      command,
      legacyPeers,
      writableFolders: server.writes,
    }),
  );
  writeFileSync(join(image, '.dockerignore'), dockerignore);
  return { warnings };
}

async function writeMigrations(application: Application, folder: string): Promise<void> {
  const { directory, migrations, server } = application;
  mkdirSync(folder, { recursive: true });
  if (migrations.kind === 'journal') cpSync(join(directory, migrations.folder!), folder, { recursive: true });
  if (migrations.kind === 'baseline')
    writeFileSync(join(folder, 'baseline.sql'), await exportBaseline(application));
  const table = server.sessionTable && sessionTable(directory, server.sessionTable);
  if (table) writeFileSync(join(folder, 'session.sql'), table);
  const plan = { kind: migrations.kind, ...(table && { sessionTable: server.sessionTable }) };
  writeFileSync(join(folder, 'plan.json'), `${JSON.stringify(plan)}\n`);
}

/** The table as connect-pg-simple itself would make it. */
function sessionTable(directory: string, name: string): string | undefined {
  const folder = packageFolder(directory, 'connect-pg-simple');
  const file = folder && join(folder, 'table.sql');
  if (!file || !existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .replaceAll('"session"', `"${name}"`)
    .replaceAll(/session_pkey/g, `${name}_pkey`)
    .replaceAll(/IDX_session_expire/g, `IDX_${name}_expire`);
}
