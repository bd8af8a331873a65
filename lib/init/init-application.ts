import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownConfiguration, type Settings } from '../../config';
import type { Application } from '../application/application';
import { buildApplication } from '../application/build-application';
import { packageFolder } from '../application/package-manifest';
import { readApplication } from '../application/read-application';
import type { Release } from '../application/release';
import { cacheFolder } from '../files/cache-folder';
import { inScratchFolder } from '../files/scratch-folder';
import { Workspace } from '../rehearsal/core/workspace';
import { findChromium } from './browser';
import { type Decisions, decide } from './decide';
import { type Experiment, runExperiment } from './experiment';
import { type Observed, observe } from './observe';
import { readable } from './readable-application';
import { TestDatabase } from './test-database';
import { type VisitedPage, visitPages } from './visit-pages';

/** The facts that `init` found about an application. */
export interface InitReport {
  readonly application: Application;
  readonly release: Release;
  readonly experiment: Experiment;
  /** The observations of the running server; absent if the server never started. */
  readonly observed?: Observed;
  /** The pages that a browser visited; absent if `init` could use no Chromium. */
  readonly pages?: readonly VisitedPage[];
  readonly decisions: Decisions;
  /** File with the complete output of the server. */
  readonly log: string;
  /** Error of the migrations; absent if they succeeded. */
  readonly migrationError?: string;
}

/**
 * Reads, builds and runs an application, and decides which settings it needs in addition to its current ones. The
 * server runs against a real PostgreSQL. Nothing in the application's folder changes.
 * @param directory the application's folder
 * @param settings the application's current settings
 * @param progress receives a line for each step
 * @param values values of variables for the trial; the others are made up
 * @throws ApplicationError if the application cannot be built with any settings
 */
export function initApplication(
  directory: string,
  { application: config, database: { applicationRole } }: Pick<Settings, 'application' | 'database'>,
  progress: (line: string) => void,
  values: Readonly<Record<string, string>> = {},
): Promise<InitReport> {
  return inScratchFolder('init', async (scratch) => {
    const { config: trial, guessedPort } = readable(directory, config);
    const out = join(scratch, 'release');
    const application = readApplication(directory, trial);
    const release = await buildApplication({ directory, out, config: trial, progress });
    const image = join(out, 'image');
    linkPackages(directory, image);

    const log = logFile(application.name);
    const workspace = new Workspace();
    const database = new TestDatabase(workspace);
    try {
      progress('database: starting PostgreSQL');
      await database.start();
      const migrationError = database.migrate(image);
      progress('server: running it in production mode');
      const role = applicationRole === 'owner' ? ('owner' as const) : ('server' as const);
      const world = { role, workspace, database, image, release, application, log, values, progress };
      const { server, ...tried } = await runExperiment(world);
      const client = join(out, 'client');
      const observed = server && (await observe(server, application, client));
      const chromium = findChromium();
      const port = server?.portFor(release.server.port);
      if (chromium && port) progress('client: opening its pages in Chromium');
      const pages = chromium && port && (await visitPages(chromium, workspace, { release, client, port }));
      await server?.stop();
      return {
        application,
        release,
        experiment: tried,
        ...(observed && { observed }),
        ...(pages && { pages }),
        decisions: decide({
          application,
          config,
          ownServer: ownServer(directory),
          guessedPort,
          experiment: tried,
          observed,
          refusedMigration: await refusedMigration(release, image),
        }),
        log,
        ...(migrationError && { migrationError }),
      };
    } finally {
      await database.stop();
      await workspace.close();
    }
  });
}

/** Merges the section `server` of the application's own file from all environments. */
function ownServer(directory: string): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...Object.values(ownConfiguration(directory)).map((own) => own.server));
}

/** Returns the newest migration, if production would refuse it as unsafe for a database in use. */
async function refusedMigration({ migrations }: Release, image: string): Promise<string | undefined> {
  if (migrations.kind !== 'journal') return undefined;
  const { lintMigrations } = await import('../migration-lint/index.js');
  const { files, findings } = await lintMigrations({ directory: join(image, 'migrations') });
  const newest = files.at(-1);
  return findings.some(({ place }) => place.file === newest?.file) ? newest?.tag : undefined;
}

/** Links the installed packages of the application into the image, for each dependency of the image's package.json. */
function linkPackages(directory: string, image: string): void {
  const modules = join(image, 'node_modules');
  const installed = join(directory, 'node_modules');
  const { dependencies } = JSON.parse(readFileSync(join(image, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const names = Object.keys(dependencies);
  // Usually one folder contains all packages. In a workspace, a package may have its own.
  if (names.every((name) => existsSync(join(installed, name)))) symlinkSync(installed, modules, 'junction');
  else
    for (const name of names) {
      const folder = packageFolder(directory, name);
      if (!folder) continue;
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(folder, join(modules, name), 'junction');
    }
}

function logFile(name: string): string {
  const folder = join(cacheFolder(), 'init');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.log`);
  rmSync(file, { force: true });
  return file;
}
