import { z } from 'zod';
import { count } from './values';

const CLOCK = String.raw`([01]\d|2[0-3]):[0-5]\d`;
const WEEKDAY = '(mon|tue|wed|thu|fri|sat|sun)';

const identifier = z.string().regex(/^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/);
const arnOf = (kind: string) => `arn:[a-z-]+:rds:[a-z0-9-]+:[0-9]{12}:${kind}:`;

/** Settings of the database, its proxy and the connections of the application. */
export const database = z.strictObject({
  minimumCapacity: z.number().min(0).max(256).multipleOf(0.5).meta({
    unit: 'ACU',
    description:
      'Minimum capacity of Aurora. 1 ACU has about 2 GiB of memory. 0 pauses an idle database, and requires `proxy: false`.',
    section: '9.1',
  }),
  maximumCapacity: z.number().min(1).max(256).multipleOf(0.5).meta({
    unit: 'ACU',
    description: 'Maximum capacity of Aurora. It also determines the number of connections.',
    section: '9.1',
  }),
  instanceClass: z
    .string()
    .regex(/^[rx]\w*\.(large|\d{0,2}xlarge)$/)
    .optional()
    .meta({
      allowed:
        'an instance class for memory such as r8g.large or r8g.2xlarge; others have too few connections or no Data API',
      description: 'Fixed instance class instead of a capacity that follows the load.',
      section: '9.1',
    }),
  engineVersion: z
    .string()
    .regex(/^17\.([4-9]|[1-9]\d)$/)
    .optional()
    .meta({
      allowed: 'a minor version of Aurora PostgreSQL 17, from 17.4 on',
      description:
        'Engine version. A change upgrades the database at once. The default is the version of this package, which changes only with a new major version of the package.',
      section: '9.1',
    }),
  readers: count(0, 15).meta({
    description: 'Number of instances besides the writer. One of them takes over when the writer fails.',
    section: '9.1',
  }),
  proxy: z.boolean().meta({ description: 'Pool connections with RDS Proxy.', section: '7.3' }),
  proxyConnectionsPercent: count(1, 100).meta({
    unit: '%',
    description: "Share of the database's connections that the proxy may use.",
    section: '7.3',
  }),
  poolSize: count(1, 200).meta({
    description:
      "Maximum number of connections per task: the `max` of the application's pool. The server gets it as `DATABASE_POOL_SIZE`.",
    section: 'A.3',
  }),
  idleTimeout: count(1, 3600).meta({
    unit: 's',
    description:
      'Time after which a task closes an idle connection. The server gets it as `DATABASE_IDLE_TIMEOUT_MS`.',
    section: 'A.3',
  }),
  connectTimeout: count(1, 60).meta({
    unit: 's',
    description:
      "Time limit for opening a connection. The server gets it as `DATABASE_CONNECT_TIMEOUT_MS`. It is at least 45 seconds if the database can pause, even if a pool of Neon's driver sets less.",
    section: 'A.3',
  }),
  applicationRole: z.enum(['application', 'owner']).meta({
    description:
      'Database privileges of the server: `application` reads and writes rows; `owner` can also change the schema.',
    section: '11.2',
  }),
  rotatePasswords: z.boolean().meta({
    description: "Rotate the server's password every month and replace its tasks.",
    section: '11.2',
  }),
  backupRetentionDays: count(1, 35).meta({
    unit: 'days',
    description: 'Period within which you can restore the database to any second.',
    section: '11.2',
  }),
  backupWindow: z
    .string()
    .regex(new RegExp(`^${CLOCK}-${CLOCK}$`))
    .meta({
      allowed: 'two times such as 02:00-03:00',
      unit: 'UTC',
      description: 'Daily backup window.',
      section: '11.2',
    }),
  maintenanceWindow: z
    .string()
    .regex(new RegExp(`^${WEEKDAY}:${CLOCK}-${WEEKDAY}:${CLOCK}$`))
    .meta({
      allowed: 'two times such as sun:03:30-sun:04:30',
      unit: 'UTC',
      description: 'Weekly maintenance window of AWS. It must not overlap the backup window.',
      section: '11.2',
    }),
  snapshotBeforeMigrations: z.boolean().meta({
    description:
      'Create a snapshot before each migration, which takes minutes. Otherwise, restore to a point in time within the automated backups.',
    section: '3.7',
  }),
  insights: z.enum(['standard', 'advanced']).meta({
    description:
      'Database Insights mode: `advanced` keeps 15 months and is billed per vCPU; `standard` keeps 7 days.',
    section: '10.1',
  }),
  restore: z
    .strictObject({
      identifier: identifier.meta({
        allowed: 'up to 63 lower-case letters, digits and single hyphens, beginning with a letter',
        description:
          'Identifier of the cluster that replaces the current one. It must never have been used in this account and region.',
        section: '3.7',
      }),
      snapshot: z
        .string()
        .regex(new RegExp(`^(${arnOf('cluster-snapshot')})?(rds:|awsbackup:)?[A-Za-z][A-Za-z0-9-]{0,254}$`))
        .optional()
        .meta({
          allowed: 'the identifier or ARN of a snapshot of a cluster',
          description: 'Snapshot to restore from: its identifier or ARN.',
          section: '3.7',
        }),
      cluster: z
        .string()
        .regex(new RegExp(`^(${arnOf('cluster')})?[a-z][a-z0-9-]{0,62}$`))
        .optional()
        .meta({
          allowed: 'the identifier or ARN of a cluster',
          description: 'Cluster to restore from, at the time `at`.',
          section: '3.7',
        }),
      at: z.iso.datetime().optional().meta({
        allowed: 'a moment such as 2026-01-31T12:00:00Z',
        description: 'Point in time to restore. The default is the latest restorable time.',
        section: '3.7',
      }),
    })
    .refine(
      ({ snapshot, cluster, at }) =>
        (snapshot === undefined) !== (cluster === undefined) && !(snapshot && at),
      {
        error: "either a 'snapshot', or a 'cluster' with an optional 'at'",
      },
    )
    .optional()
    .meta({
      description: 'Source of the restored data. Keep this setting as long as the restored cluster exists.',
      section: '3.7',
    }),
  slowStatementMilliseconds: count(1, 600_000).meta({
    unit: 'ms',
    description: 'Duration above which PostgreSQL logs a statement, without its values.',
    section: '9.1',
  }),
});
