import { z } from 'zod';
import { count } from './values';

const CLOCK = String.raw`([01]\d|2[0-3]):[0-5]\d`;
const WEEKDAY = '(mon|tue|wed|thu|fri|sat|sun)';

const identifier = z.string().regex(/^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/);
const arnOf = (kind: string) => `arn:[a-z-]+:rds:[a-z0-9-]+:[0-9]{12}:${kind}:`;

/** The database, its proxy, and how the application connects. */
export const database = z.strictObject({
  minimumCapacity: z.number().min(0).max(256).multipleOf(0.5).meta({
    unit: 'ACU',
    description:
      'Capacity Aurora keeps ready; 1 ACU is about 2 GiB of memory. 0 pauses an idle database and needs `proxy` off.',
    section: '9.1',
  }),
  maximumCapacity: z.number().min(1).max(256).multipleOf(0.5).meta({
    unit: 'ACU',
    description: 'Capacity Aurora grows to; the number of connections follows from it.',
    section: '9.1',
  }),
  instanceClass: z
    .string()
    .regex(/^[rx]\w*\.(large|\d{0,2}xlarge)$/)
    .optional()
    .meta({
      allowed:
        'an instance class for memory such as r8g.large or r8g.2xlarge; others have too few connections or no Data API',
      description: 'Instances of a fixed class instead of a capacity that follows the load.',
      section: '9.1',
    }),
  engineVersion: z
    .string()
    .regex(/^17\.([4-9]|[1-9]\d)$/)
    .optional()
    .meta({
      allowed: 'a minor version of Aurora PostgreSQL 17, from 17.4 on',
      description:
        'Engine version; another one upgrades the database at once. Unless given, the version of this package, which changes with a new major version of it only.',
      section: '9.1',
    }),
  readers: count(0, 15).meta({
    description: 'Instances beside the writer; one takes over when the writer fails.',
    section: '9.1',
  }),
  proxy: z.boolean().meta({ description: 'Pool connections with RDS Proxy.', section: '7.3' }),
  proxyConnectionsPercent: count(1, 100).meta({
    unit: '%',
    description: "Share of the database's connections that the proxy lends.",
    section: '7.3',
  }),
  poolSize: count(1, 200).meta({
    description:
      "Most connections one task opens: the `max` of the application's pool; told as `DATABASE_POOL_SIZE`.",
    section: 'A.3',
  }),
  idleTimeout: count(1, 3600).meta({
    unit: 's',
    description: 'When a task closes an idle connection; told as `DATABASE_IDLE_TIMEOUT_MS`.',
    section: 'A.3',
  }),
  connectTimeout: count(1, 60).meta({
    unit: 's',
    description:
      "How long a task tries to connect; told as `DATABASE_CONNECT_TIMEOUT_MS`. At least 45 where the database pauses, also over a pool of Neon's driver that says less.",
    section: 'A.3',
  }),
  applicationRole: z.enum(['application', 'owner']).meta({
    description:
      'Rights the server has: `application` reads and writes rows, `owner` also changes the schema.',
    section: '11.2',
  }),
  rotatePasswords: z.boolean().meta({
    description: "Renew the server's password each month and replace its tasks.",
    section: '11.2',
  }),
  backupRetentionDays: count(1, 35).meta({
    unit: 'days',
    description: 'How far back the database can be restored to any second.',
    section: '11.2',
  }),
  backupWindow: z
    .string()
    .regex(new RegExp(`^${CLOCK}-${CLOCK}$`))
    .meta({
      allowed: 'two times such as 02:00-03:00',
      unit: 'UTC',
      description: 'When the daily snapshot is taken.',
      section: '11.2',
    }),
  maintenanceWindow: z
    .string()
    .regex(new RegExp(`^${WEEKDAY}:${CLOCK}-${WEEKDAY}:${CLOCK}$`))
    .meta({
      allowed: 'two times such as sun:03:30-sun:04:30',
      unit: 'UTC',
      description: 'When AWS may patch; keep the backup window out of it.',
      section: '11.2',
    }),
  snapshotBeforeMigrations: z.boolean().meta({
    description:
      'Make a snapshot before migrations run, which takes minutes; otherwise the restore point is a moment within the backups.',
    section: '3.7',
  }),
  insights: z.enum(['standard', 'advanced']).meta({
    description:
      'Database Insights: `advanced` keeps 15 months and costs by the vCPU, `standard` keeps 7 days.',
    section: '10.1',
  }),
  restore: z
    .strictObject({
      identifier: identifier.meta({
        allowed: 'up to 63 lower-case letters, digits and single hyphens, beginning with a letter',
        description:
          'Identifier of the cluster that replaces the present one. No cluster of the account and region may have had it before.',
        section: '3.7',
      }),
      snapshot: z
        .string()
        .regex(new RegExp(`^(${arnOf('cluster-snapshot')})?(rds:|awsbackup:)?[A-Za-z][A-Za-z0-9-]{0,254}$`))
        .optional()
        .meta({
          allowed: 'the identifier or ARN of a snapshot of a cluster',
          description: 'Snapshot to start from: its identifier or ARN.',
          section: '3.7',
        }),
      cluster: z
        .string()
        .regex(new RegExp(`^(${arnOf('cluster')})?[a-z][a-z0-9-]{0,62}$`))
        .optional()
        .meta({
          allowed: 'the identifier or ARN of a cluster',
          description: 'Cluster to start from, as it was `at` a moment.',
          section: '3.7',
        }),
      at: z.iso.datetime().optional().meta({
        allowed: 'a moment such as 2026-01-31T12:00:00Z',
        description: 'The moment; without it the latest that can be restored.',
        section: '3.7',
      }),
    })
    .refine(
      ({ snapshot, cluster, at }) =>
        (snapshot === undefined) !== (cluster === undefined) && !(snapshot && at),
      {
        error: "either a 'snapshot', or a 'cluster' and perhaps 'at'",
      },
    )
    .optional()
    .meta({ description: 'Data to start from. Stays set as long as that cluster lives.', section: '3.7' }),
  slowStatementMilliseconds: count(1, 600_000).meta({
    unit: 'ms',
    description: 'Statements that take longer are logged, without their values.',
    section: '9.1',
  }),
});
