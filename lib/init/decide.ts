import type { Application } from '../application/application';
import type { ApplicationConfig } from '../application/application-config';
import { pagesOfClient } from '../application/decisions/client-pages';
import { preloadHealthPath } from '../application/decisions/health';
import { decidePaths } from '../application/decisions/paths';
import { wildcard } from '../files/wildcard';
import type { Experiment } from './experiment';
import type { Observed } from './observe';

/** A setting that an application needs, and the observation that shows it. */
export interface Setting {
  /** Keys below the section of an environment, such as `['application', 'server', 'port']`. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly because: string;
}

/** Settings that are missing, in the order in which the file has them. */
export type Decisions = readonly Setting[];

/** Everything that the decisions rest on. */
export interface Evidence {
  readonly application: Application;
  /** The section `application` of the settings as they are. */
  readonly config: ApplicationConfig;
  /** The section `server` of the application's own file, over all environments. */
  readonly ownServer: Readonly<Record<string, unknown>>;
  /** True if reading found no port. */
  readonly guessedPort: boolean;
  readonly experiment: Omit<Experiment, 'server'>;
  readonly observed?: Observed;
  /** The newest migration, if production would refuse it as a change of a database in use. */
  readonly refusedMigration?: string;
}

/** Decides which settings an application needs beside those that it has. */
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
        because: 'the server does not come up without it',
      })),
    ...(evidence.experiment.needsOwner
      ? [
          {
            path: ['database', 'applicationRole'],
            value: 'owner',
            because: 'the server changes the schema when it starts, which its own role may not',
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
      because: `${path} answers ${status}${location ? ` and sends to ${location}` : ''}; the image answers this path itself`,
    },
  ];
}

/** Minutes for which a visitor stays with one task: a day. */
const stickyMinutes = 1440;

/** Visitors stay with one task where the server keeps something of them in memory. */
function stickinessSettings({ application: { reading }, ownServer }: Evidence): Setting[] {
  const { stickySessionMinutes, maximumTasks, deployment = 'rolling' } = ownServer;
  if (stickySessionMinutes !== undefined || maximumTasks === 1 || deployment !== 'rolling') return [];
  const because = reading.sessions.some(({ inMemory }) => inMemory)
    ? 'sessions are in memory, so a visitor has to stay with one task; not needed with connect-pg-simple'
    : reading.webSockets.some(({ polls }) => polls)
      ? "Socket.IO's polling has to stay with one task; not needed with transports: ['websocket'] in client and server"
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

/** Migrations that an application brings along are not changes of a database in use. */
function migrationSettings({ config, refusedMigration }: Evidence): Setting[] {
  if (refusedMigration === undefined || config.migrations?.applied !== undefined) return [];
  return [
    {
      path: ['application', 'migrations', 'applied'],
      value: refusedMigration,
      because: 'the migrations up to this one come with the application; production judges those after it',
    },
  ];
}

/** Paths of routes that reading did not find. */
function pathSettings({ application, config, observed }: Evidence): Setting[] {
  const { directory, client, reading, server } = application;
  if (!observed || config.server?.paths) return [];
  const known = server.paths;
  if (observed.page === 'rendered' && !known.includes('/*'))
    return [
      {
        path: ['application', 'server', 'paths'],
        value: ['/*'],
        because: 'the server makes the pages: they differ from the built one',
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

/** Paths of WebSockets that reading did not find. */
function webSocketSettings({ application, config, observed }: Evidence): Setting[] {
  if (!observed) return [];
  const known = application.server.webSockets.map(withoutQuery);
  const unread = observed.webSockets.map(withoutQuery).filter((path) => !known.includes(path));
  if (unread.length === 0) return [];
  return [
    {
      path: ['application', 'server', 'webSockets'],
      value: [...(config.server?.webSockets ?? []), ...unread].sort(),
      because: `the running server also takes WebSockets at ${unread.join(', ')}`,
    },
  ];
}

function withoutQuery(address: string): string {
  return address.split('?')[0]!;
}
