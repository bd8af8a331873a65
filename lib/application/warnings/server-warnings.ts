import type { Health } from '../decisions/health';
import type { ServerReading } from '../reading/server-reading';
import type { Warning } from '../warning';
import { onceWarnings } from './once-warnings';

/** Warns of server code that causes trouble in production. */
export function serverWarnings(reading: ServerReading, health: Health, renders?: string): Warning[] {
  return [
    ...listeningWarnings(reading),
    ...sessionWarnings(reading),
    ...pollingWarnings(reading),
    ...pageWarnings(renders),
    ...databaseWarnings(reading),
    ...poolWarnings(reading),
    ...schemaWarnings(reading),
    ...fileWarnings(reading),
    ...programWarnings(reading),
    ...onceWarnings(reading.oncePerTask),
    ...healthWarnings(health),
    ...headerWarnings(reading),
    ...unreadWarnings(reading),
  ];
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

function listeningWarnings({ listening, httpsRedirect }: ServerReading): Warning[] {
  const local = listening.find(
    ({ host, hostVariable }) => host && loopback.test(host) && hostVariable !== 'HOST',
  );
  return [
    ...(local
      ? [
          {
            rule: 'listens-on-loopback',
            severity: 'note' as const,
            place: local.place,
            what: `the server listens on ${local.host}, which is unreachable from outside its container`,
            why: 'in the image, it listens on every address',
            fix: [],
          },
        ]
      : []),
    ...(httpsRedirect
      ? [
          {
            rule: 'redirects-to-https',
            severity: 'note' as const,
            place: httpsRedirect,
            what: 'the server redirects HTTP requests to HTTPS',
            why: 'CloudFront already does that, and health checks count as HTTPS',
            fix: [],
          },
        ]
      : []),
  ];
}

/** Ways to send all requests of a visitor to one task. */
const stickyTasks = [
  "or enable sticky sessions: server.stickySessionMinutes (such as 1440) and server.deployment 'rolling'; sessions then last until the next release",
];

/** Warns of Socket.IO's long polling: all requests of a connection must reach the same task. */
function pollingWarnings({ webSockets }: ServerReading): Warning[] {
  const polling = webSockets.find(({ polls }) => polls);
  if (!polling) return [];
  return [
    {
      rule: 'polling-across-tasks',
      severity: 'danger',
      place: polling.place,
      what: 'connections of Socket.IO begin with several long-polling requests',
      why: 'with more than one task, these requests reach different tasks, which answer 400',
      fix: ["use only WebSockets: transports: ['websocket'] in the client and in the server", ...stickyTasks],
    },
  ];
}

/** Warns of sessions that users lose. */
export function sessionWarnings({ sessions }: Pick<ServerReading, 'sessions'>): Warning[] {
  const inMemory = sessions.find((session) => session.inMemory);
  const lost = sessions.find(({ secureCookie, trustsProxy }) => secureCookie && !trustsProxy);
  return [
    ...(inMemory
      ? [
          {
            rule: 'sessions-in-memory',
            severity: 'danger' as const,
            place: inMemory.place,
            what: 'sessions are stored in memory',
            why: 'sessions are lost with every release and differ between tasks, so users are signed out',
            fix: ['use connect-pg-simple (§11.1)', ...stickyTasks],
          },
        ]
      : []),
    ...(lost
      ? [
          {
            rule: 'secure-cookie-without-proxy',
            severity: 'danger' as const,
            place: lost.place,
            what: 'the session cookie is secure, but Express trusts no proxy',
            why: 'behind the load balancer, Express never sets the session cookie',
            fix: ["add app.set('trust proxy', 1)"],
          },
        ]
      : []),
  ];
}

/** Warns of pages that the server renders on all paths. */
function pageWarnings(place: string | undefined): Warning[] {
  if (!place) return [];
  return [
    {
      rule: 'pages-from-server',
      severity: 'caution',
      place,
      what: 'the server renders a page for each request',
      why: 'CloudFront routes everything except /assets to the server, so pages fail whenever the server does',
      fix: [
        'if the built page is sufficient, set the paths of the server in application.server.paths, such as /api/*',
      ],
    },
  ];
}

/** Connections of a task if database.poolSize has its default. */
const usualPoolSize = 20;

/** Warns of pools that request more connections than the connection budget allows for a task. */
function poolWarnings({ pools }: ServerReading): Warning[] {
  return pools
    .filter(({ library, size = 0 }) => library !== 'neon' && size > usualPoolSize)
    .slice(0, 1)
    .map(({ place, size }) => ({
      rule: 'large-pool',
      severity: 'caution',
      place,
      what: `the pool requests up to ${size} connections in each task`,
      why: `it gets DATABASE_POOL_SIZE, which is ${usualPoolSize} by default (database.poolSize); further queries wait`,
      fix: ['if a task needs more, raise database.poolSize; fewer tasks then fit into the connection budget'],
    }));
}

/** Warns of data outside PostgreSQL. */
export function databaseWarnings({
  drivers: { postgres, other },
}: Pick<ServerReading, 'drivers'>): Warning[] {
  if (!other || postgres) return [];
  const isFile = /sqlite|sql\.js|libsql/.test(other);
  return [
    {
      rule: 'another-database',
      severity: 'danger',
      place: 'package.json',
      what: `the server stores its data with ${other}, not in PostgreSQL`,
      why: isFile
        ? 'each task has its own file, which is lost with the task'
        : 'that database is elsewhere, and the PostgreSQL database of the environment stays empty',
      fix: ['move the schema to drizzle-orm/pg-core'],
    },
  ];
}

/** Warns of schema changes by the server. Its database role may read and write data, but not change the schema. */
export function schemaWarnings({
  schemaChanges,
  drivers,
}: Pick<ServerReading, 'schemaChanges' | 'drivers'>): Warning[] {
  // The schema belongs to another database or a file.
  if (drivers.other && !drivers.postgres) return [];
  const first = (by: 'migrator' | 'statement') => schemaChanges.find((change) => change.by === by);
  const [migrator, statement] = [first('migrator'), first('statement')];
  return [
    ...(migrator
      ? [
          {
            rule: 'migrates-itself',
            severity: 'danger' as const,
            place: migrator.place,
            what: `the server runs migrations itself (${migrator.what})`,
            why: 'its database role may not change the schema, and the release runs the migrations before the server starts',
            fix: ['remove this in production, or set database.applicationRole to owner'],
          },
        ]
      : []),
    ...(statement
      ? [
          {
            rule: 'changes-schema',
            severity: 'danger' as const,
            place: statement.place,
            what: `the server changes the schema (${statement.what})`,
            why: 'its database role may not change the schema, so the statement fails',
            fix: ['move the statement to a migration, or set database.applicationRole to owner'],
          },
        ]
      : []),
  ];
}

function fileWarnings({ writes }: ServerReading): Warning[] {
  if (!writes[0]) return [];
  const folders = foldersOf(writes);
  return [
    {
      rule: 'writes-files',
      severity: 'danger',
      place: writes[0].place,
      what: `the server writes files${folders.length ? ` (${folders.join(', ')})` : ''}`,
      why: 'in production, the file system is read-only outside /tmp, each task has its own, and files are lost with the task',
      fix: ['store files in S3 or in the database'],
    },
  ];
}

/** Folders that the server writes into. */
export function foldersOf(writes: ServerReading['writes']): string[] {
  return [...new Set(writes.flatMap(({ folder }) => folder ?? []))].sort();
}

function programWarnings({ programs }: ServerReading): Warning[] {
  return programs.map(({ name, place }) => ({
    rule: 'program-missing',
    severity: 'danger',
    place,
    what: `the server starts ${name}, which the image does not contain`,
    why: 'the call fails on AWS, although a rehearsal finds the program on this machine',
    fix: [
      'list the Debian packages that contain it in application.server.systemPackages, or do this work in a separate service',
    ],
  }));
}

function healthWarnings({ path, queriesDatabase, place }: Health): Warning[] {
  if (!queriesDatabase) return [];
  return [
    {
      rule: 'health-queries-database',
      severity: 'caution',
      place: place ?? path,
      what: `the health route ${path} queries the database`,
      why: 'a busy database makes every task unhealthy, and a database that may pause (0 ACU) never pauses',
      fix: ['answer without the database, or set another path in application.server.healthPath'],
    },
  ];
}

function headerWarnings({ droppedHeaders }: ServerReading): Warning[] {
  return droppedHeaders.map(({ name, place }) => ({
    rule: 'header-is-dropped',
    severity: 'caution',
    place,
    what: `the server reads the header ${name}`,
    why: 'the load balancer drops headers whose names contain characters other than letters, digits and hyphens',
    fix: [`rename the header to ${name.replaceAll('_', '-')}, in the server and in its callers`],
  }));
}

function unreadWarnings({ unread, unplaced }: ServerReading): Warning[] {
  return [
    ...unread.map((file) => ({
      rule: 'module-unread',
      severity: 'caution' as const,
      place: file,
      what: 'this module cannot be parsed',
      why: 'its routes, variables and files are unknown',
      fix: ['list them in the section application of framework53.config.ts'],
    })),
    ...unplaced
      .filter(({ kind }) => kind === 'variable')
      .map(({ place, what }) => ({
        rule: 'variable-unplaced',
        severity: 'caution' as const,
        place,
        what,
        why: 'the server gets no value for it',
        fix: ['list the variables in application.secrets or application.environment'],
      })),
  ];
}
