import type { Health } from '../decisions/health';
import type { ServerReading } from '../reading/server-reading';
import type { Warning } from '../warning';
import { onceWarnings } from './once-warnings';

/** Warns of parts of the server that hurt in production. */
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
            what: `the server listens on ${local.host}, which nobody outside its container reaches`,
            why: 'in the image it listens on every address',
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
            what: 'the server sends requests that came by http to https',
            why: 'CloudFront does that already, and health checks count as https',
            fix: [],
          },
        ]
      : []),
  ];
}

/** Ways in which one task gets all requests of a visitor. */
const stickyTasks = [
  "or bind visitors to tasks: server.stickySessionMinutes (1440, say) and server.deployment 'rolling'; sessions then last until the next release",
];

/** Socket.IO's polling: the task that a connection began with has to get all of its requests. */
function pollingWarnings({ webSockets }: ServerReading): Warning[] {
  const polling = webSockets.find(({ polls }) => polls);
  if (!polling) return [];
  return [
    {
      rule: 'polling-across-tasks',
      severity: 'danger',
      place: polling.place,
      what: 'connections of Socket.IO begin with several requests of long polling',
      why: 'with more than one task these requests reach different tasks, which answer 400',
      fix: [
        "connect with WebSockets alone: transports: ['websocket'] in the client and in the server",
        ...stickyTasks,
      ],
    },
  ];
}

function sessionWarnings({ sessions }: ServerReading): Warning[] {
  const inMemory = sessions.find((session) => session.inMemory);
  const lost = sessions.find(({ secureCookie, trustsProxy }) => secureCookie && !trustsProxy);
  return [
    ...(inMemory
      ? [
          {
            rule: 'sessions-in-memory',
            severity: 'danger' as const,
            place: inMemory.place,
            what: 'sessions are kept in memory',
            why: 'they are lost with every release and differ between tasks, so people are signed out',
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
            what: 'the session cookie is secure and Express trusts no proxy',
            why: 'behind the load balancer no session cookie is ever set',
            fix: ["add app.set('trust proxy', 1)"],
          },
        ]
      : []),
  ];
}

/** Pages that the server makes on all paths. */
function pageWarnings(place: string | undefined): Warning[] {
  if (!place) return [];
  return [
    {
      rule: 'pages-from-server',
      severity: 'caution',
      place,
      what: 'the server makes a page for each request, such as one with a title of its own',
      why: 'CloudFront asks the server for everything but /assets, and pages are down when the server is',
      fix: [
        'where the page as it was built will do, state the paths of the server in application.server.paths, such as /api/*',
      ],
    },
  ];
}

/** Connections of a task that the default of database.poolSize allows. */
const usualPoolSize = 20;

/** Pools that ask for more connections than the budget of the database allows a task. */
function poolWarnings({ pools }: ServerReading): Warning[] {
  return pools
    .filter(({ library, size = 0 }) => library !== 'neon' && size > usualPoolSize)
    .slice(0, 1)
    .map(({ place, size }) => ({
      rule: 'large-pool',
      severity: 'caution',
      place,
      what: `the pool asks for up to ${size} connections in each task`,
      why: `it gets DATABASE_POOL_SIZE, which is ${usualPoolSize} unless database.poolSize says otherwise; queries above that number wait`,
      fix: [
        'where a task needs more, set database.poolSize; fewer tasks fit into the connection budget then',
      ],
    }));
}

/** Data in another database than PostgreSQL. */
function databaseWarnings({ drivers: { postgres, other } }: ServerReading): Warning[] {
  if (!other || postgres) return [];
  const isFile = /sqlite|sql\.js|libsql/.test(other);
  return [
    {
      rule: 'another-database',
      severity: 'danger',
      place: 'package.json',
      what: `the server keeps its data with ${other}, and not in PostgreSQL`,
      why: isFile
        ? 'each task has a file of its own, which is gone with the task'
        : 'that database is elsewhere, and the PostgreSQL of the environment stays empty',
      fix: ['move the schema to drizzle-orm/pg-core'],
    },
  ];
}

/** The application's role may read and write data, not change the schema. */
function schemaWarnings({ schemaChanges, drivers }: ServerReading): Warning[] {
  // The schema of a database elsewhere, or in a file.
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
            why: 'its database role may not change the schema, and the release has run them before it starts',
            fix: ['leave that out in production, or set database.applicationRole to owner'],
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
            why: 'its database role may not, so the statement fails',
            fix: ['put it into a migration, or set database.applicationRole to owner'],
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
      why: 'in production the file system is read-only outside /tmp, each task has its own, and the files are gone with the task',
      fix: ['keep files in S3 or in the database'],
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
    what: `the server starts ${name}, which the image does not have`,
    why: 'the call fails on AWS, although a rehearsal finds the program of this machine',
    fix: [
      'name the Debian packages that have it in application.server.systemPackages, or do the work in a service of its own',
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
      why: 'a busy database takes every task down, and a database that may pause (0 ACU) never does',
      fix: ['answer without it, or name another path in application.server.healthPath'],
    },
  ];
}

function headerWarnings({ droppedHeaders }: ServerReading): Warning[] {
  return droppedHeaders.map(({ name, place }) => ({
    rule: 'header-is-dropped',
    severity: 'caution',
    place,
    what: `the server reads the header ${name}`,
    why: 'the load balancer drops headers whose names have other characters than letters, digits and hyphens',
    fix: [`name the header ${name.replaceAll('_', '-')}, in the server and in its callers`],
  }));
}

function unreadWarnings({ unread, unplaced }: ServerReading): Warning[] {
  return [
    ...unread.map((file) => ({
      rule: 'module-unread',
      severity: 'caution' as const,
      place: file,
      what: 'this module cannot be parsed',
      why: 'its routes, variables and files are not known',
      fix: ['name them in the section application of framework53.config.ts'],
    })),
    ...unplaced
      .filter(({ kind }) => kind === 'variable')
      .map(({ place, what }) => ({
        rule: 'variable-unplaced',
        severity: 'caution' as const,
        place,
        what,
        why: 'the server gets no value for it',
        fix: ['name the variables in application.secrets or application.environment'],
      })),
  ];
}
