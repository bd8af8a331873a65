import type { Application } from '../application/application';
import type { ApplicationConfig } from '../application/application-config';
import { pagesOfClient } from '../application/decisions/client-pages';
import { preloadHealthPath } from '../application/decisions/health';
import { decidePaths } from '../application/decisions/paths';
import { wildcard } from '../files/wildcard';
import type { Experiment } from './experiment';
import type { Observed } from './observe';

/** A setting that an application needs, and the observation that proves the need. */
export interface Setting {
  /** Keys below the section of an environment, such as `['application', 'server', 'port']`. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly because: string;
}

/** The missing settings, in the order of the configuration file. */
export type Decisions = readonly Setting[];

/** The observations and settings that the decisions are based on. */
export interface Evidence {
  readonly application: Application;
  /** The current section `application` of the settings. */
  readonly config: ApplicationConfig;
  /** The section `server` of the application's own file, merged from all environments. */
  readonly ownServer: Readonly<Record<string, unknown>>;
  /** True if `init` found no port in the code and guessed one. */
  readonly guessedPort: boolean;
  readonly experiment: Omit<Experiment, 'server'>;
  readonly observed?: Observed;
  /** The newest migration, if production would refuse it as unsafe for a database in use. */
  readonly refusedMigration?: string;
}

/** Decides which settings an application needs in addition to its current ones. */
export function decide(evidence: Evidence): Decisions {
  return [
    ...portSettings(evidence),
    ...healthSettings(evidence),
    ...pathSettings(evidence),
    ...webSocketSettings(evidence),
    ...migrationSettings(evidence),
    ...stickinessSettings(evidence),
    ...evidence.experiment.needed
      .filter((name) => !evidence.config.secrets?.[name] && evidence.config.environment?.[name] === undefined)
      .map((name) => ({
        path: ['application', 'secrets', name],
        value: 'provided',
        because: 'the server does not start without it',
      })),
    ...evidence.experiment.unusual
      .filter(({ name }) => !evidence.config.secrets?.[name])
      .map(({ name, said }) => ({
        path: ['application', 'secrets', name],
        value: 'provided',
        because: `the server refuses a generated value of 64 letters and digits (${said})`,
      })),
    ...(evidence.experiment.needsOwner
      ? [
          {
            path: ['database', 'applicationRole'],
            value: 'owner',
            because:
              'the server changes the schema when it starts, and its own database role may not do that',
          },
        ]
      : []),
  ];
}

function portSettings({ application, guessedPort, observed }: Evidence): Setting[] {
  const { port } = application.server.port;
  const ports = observed?.listening.map((each) => each.port) ?? [];
  if (ports.length === 0 || (ports.includes(port) && !guessedPort)) return [];
  if (ports.includes(port))
    return [{ path: ['application', 'server', 'port'], value: port, because: 'the server listens on PORT' }];
  return [
    {
      path: ['application', 'server', 'port'],
      value: ports[0],
      because: `the server listens on ${ports[0]} although PORT is ${port}`,
    },
  ];
}

function healthSettings({ application, observed }: Evidence): Setting[] {
  const { path } = application.server.health;
  if (!observed || path === preloadHealthPath) return [];
  const { status, location } = observed.health;
  if (status >= 200 && status < 300) return [];
  return [
    {
      path: ['application', 'server', 'healthPath'],
      value: preloadHealthPath,
      because: `${path} answers ${status}${location ? ` and redirects to ${location}` : ''}; the image answers this path itself`,
    },
  ];
}

/** Minutes for which a visitor stays on one task: a day. */
const stickyMinutes = 1440;

/** Keeps visitors on one task if the server holds their state in memory. */
function stickinessSettings({ application: { reading }, ownServer }: Evidence): Setting[] {
  const { stickySessionMinutes, maximumTasks, deployment = 'rolling' } = ownServer;
  if (stickySessionMinutes !== undefined || maximumTasks === 1 || deployment !== 'rolling') return [];
  const because = reading.sessions.some(({ inMemory }) => inMemory)
    ? 'sessions are in memory, so a visitor must stay on one task; connect-pg-simple removes the need'
    : reading.webSockets.some(({ polls }) => polls)
      ? "Socket.IO's polling must stay on one task; transports: ['websocket'] in client and server removes the need"
      : undefined;
  if (!because) return [];
  return [
    { path: ['server', 'stickySessionMinutes'], value: stickyMinutes, because },
    {
      path: ['server', 'deployment'],
      value: 'rolling',
      because: 'sticky sessions need a single target group',
    },
  ];
}

/**
 * Excludes the migrations that an application already has from the lint, because they do not change a database in use.
 */
function migrationSettings({ config, refusedMigration }: Evidence): Setting[] {
  if (refusedMigration === undefined || config.migrations?.applied !== undefined) return [];
  return [
    {
      path: ['application', 'migrations', 'applied'],
      value: refusedMigration,
      because:
        'the application already contains the migrations up to this one, so the migration lint judges only later ones',
    },
  ];
}

/** Adds the paths of routes that `init` did not find in the code. */
function pathSettings({ application, config, observed }: Evidence): Setting[] {
  const { directory, client, reading, server } = application;
  if (!observed || config.server?.paths) return [];
  const known = server.paths;
  if (observed.page === 'rendered' && !known.includes('/*'))
    return [
      {
        path: ['application', 'server', 'paths'],
        value: ['/*'],
        because: 'the server renders the pages: they differ from the built page',
      },
    ];
  const read = [
    ...reading.routes,
    ...observed.routes.map(({ method, path, files }) => ({
      method,
      path,
      place: '',
      needsLogin: false,
      queriesDatabase: false,
      ...(files && { serves: '' }),
    })),
  ];
  const all = decidePaths(
    { routes: read, webSockets: reading.webSockets, unplaced: [] },
    client.outDir,
    pagesOfClient(directory, client.root),
  ).paths;
  const missing = all.filter((pattern) => !known.some((each) => wildcard(each).test(pattern)));
  if (missing.length === 0) return [];
  return [
    {
      path: ['application', 'server', 'paths'],
      value: [...known, ...missing].sort(),
      because: `the running server also answers ${missing.join(', ')}`,
    },
  ];
}

/** Adds the paths of WebSockets that `init` did not find in the code. */
function webSocketSettings({ application, config, observed }: Evidence): Setting[] {
  if (!observed) return [];
  const known = application.server.webSockets.map(withoutQuery);
  const unread = observed.webSockets.map(withoutQuery).filter((path) => !known.includes(path));
  if (unread.length === 0) return [];
  return [
    {
      path: ['application', 'server', 'webSockets'],
      value: [...(config.server?.webSockets ?? []), ...unread].sort(),
      because: `the running server also accepts WebSockets at ${unread.join(', ')}`,
    },
  ];
}

function withoutQuery(address: string): string {
  return address.split('?')[0]!;
}
