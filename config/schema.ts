import { z } from 'zod';
import { applicationSchema } from '../lib/application/application-config';

/** The environments of an application. */
export const ENVIRONMENTS = ['development', 'test', 'staging', 'production'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

function isRegularExpression(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

const count = (min: number, max: number) => z.int().min(min).max(max);

const network = z.strictObject({
  availabilityZones: z
    .union([
      count(2, 3),
      z
        .array(z.string().regex(/^[a-z0-9]+-az\d$/))
        .min(2)
        .max(3),
    ])
    .meta({
      description:
        'Zones to spread over: how many, or their ids (use1-az1), which mean the same in every account.',
      section: '9.3',
    }),
  natGateways: count(1, 3).meta({
    description:
      'Gateways through which tasks reach the internet. With one, the loss of its zone cuts the others off.',
    section: '9.3',
  }),
});

const database = z.strictObject({
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
    .regex(/^[a-z]\w*\.\w+$/)
    .optional()
    .meta({
      allowed: 'an instance class such as r8g.large',
      description: 'Instances of a fixed class instead of a capacity that follows the load.',
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
    description: 'How long a task tries to connect; told as `DATABASE_CONNECT_TIMEOUT_MS`.',
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
    .regex(/^\d\d:\d\d-\d\d:\d\d$/)
    .meta({
      allowed: 'two times such as 02:00-03:00',
      unit: 'UTC',
      description: 'When the daily snapshot is taken.',
      section: '11.2',
    }),
  maintenanceWindow: z
    .string()
    .regex(/^[a-z]{3}:\d\d:\d\d-[a-z]{3}:\d\d:\d\d$/)
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
      identifier: z.string().min(1).max(63).meta({
        description: 'Identifier of the cluster that replaces the present one; another than it has.',
        section: '3.7',
      }),
      snapshot: z.string().min(1).optional().meta({
        description: 'Snapshot to start from: its identifier or ARN.',
        section: '3.7',
      }),
      cluster: z.string().min(1).optional().meta({
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

const server = z.strictObject({
  cpu: z.literal([256, 512, 1024, 2048, 4096, 8192, 16384]).meta({
    unit: 'CPU units (1024 = 1 vCPU)',
    description: 'Processor of one task.',
    section: '9.1',
  }),
  memory: count(512, 122_880).meta({
    unit: 'MiB',
    description: 'Memory of one task; Fargate takes certain pairs of `cpu` and `memory`.',
    section: '9.1',
  }),
  architecture: z
    .enum(['arm64', 'x86_64'])
    .meta({ description: 'Processor the image is built for.', section: '9.1' }),
  minimumTasks: count(1, 100).meta({ description: 'Tasks kept running.', section: '9.1' }),
  maximumTasks: count(1, 100).meta({ description: 'Tasks autoscaling may reach.', section: '9.1' }),
  deployment: z.enum(['blue-green', 'canary', 'linear', 'rolling']).meta({
    description: 'How a release replaces the one before it.',
    section: '8.2',
  }),
  bakeMinutes: count(5, 120).meta({
    unit: 'min',
    description: 'Time the old tasks stay, ready to take the traffic back, after the new ones have it all.',
    section: '3.7',
  }),
  deployDespiteAlarms: z.boolean().meta({
    description:
      'Deploy although a rollback alarm is firing, which would take the release back: to mend what it tells of.',
    section: '3.7',
  }),
  deregistrationDelay: count(0, 3600).meta({
    unit: 's',
    description: 'Time a leaving task has to finish requests before it is told to stop.',
    section: '7.3',
  }),
  stopTimeout: count(2, 120).meta({
    unit: 's',
    description: 'Time between SIGTERM and SIGKILL.',
    section: '7.3',
  }),
  shell: z.boolean().meta({
    description: 'Let people open a shell in a running task (ECS Exec).',
    section: '11.1',
  }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).meta({
    description: '`LOG_LEVEL` of the application.',
    section: '10.2',
  }),
});

const origin = z
  .string()
  .regex(/^(https?|wss?):\/\/[^/\s]+$|^(data|blob):$/)
  .meta({ allowed: 'an origin such as https://example.com' });

const client = z.strictObject({
  domain: z
    .strictObject({
      name: z.string().min(4).meta({ description: 'Host name people use.', section: '9.3' }),
      zone: z
        .strictObject({
          id: z.string().min(4).meta({ description: 'Id of the zone (Z…).', section: '9.3' }),
          name: z.string().min(4).meta({ description: 'Name of the zone.', section: '9.3' }),
        })
        .optional()
        .meta({
          description: 'Route 53 zone that gets the records and proves the certificate.',
          section: '9.3',
        }),
      certificateArn: z
        .string()
        .regex(/^arn:[\w-]+:acm:us-east-1:\d{12}:certificate\//)
        .optional()
        .meta({
          allowed: 'the ARN of an ACM certificate in us-east-1',
          description: 'A certificate you have, in us-east-1.',
          section: '11.3',
        }),
    })
    .refine(({ zone, certificateArn }) => zone !== undefined || certificateArn !== undefined, {
      error: "a name with 'zone', which gets a certificate, or with a 'certificateArn' of yours",
    })
    .optional()
    .meta({ description: "The application's own domain; without it CloudFront gives one.", section: '9.3' }),
  contentSecurityPolicy: z.strictObject({
    reportOnly: z.boolean().meta({
      description: 'Report what the policy would block, block nothing.',
      section: '11.3',
    }),
    sources: z.record(z.string().regex(/^[a-z]+(-[a-z]+)*$/), z.array(origin)).meta({
      description: 'Origins allowed beside the application itself, by directive (`connect-src`).',
      section: '11.3',
    }),
  }),
  corsOrigins: z.array(origin).meta({
    description: 'Other origins whose pages may call the API.',
    section: '11.3',
  }),
  requestsPerFiveMinutes: count(10, 2_000_000).meta({
    description: 'Requests one address may make before the firewall blocks it.',
    section: '11.2',
  }),
});

const pattern = z
  .string()
  .min(1)
  .max(500)
  .refine(isRegularExpression, { error: 'a regular expression of up to 500 characters' });

const verification = z.strictObject({
  checks: z
    .array(
      z.strictObject({
        path: z
          .string()
          .regex(/^\/\S{0,499}$/)
          .meta({ allowed: 'a path such as /api/entries', description: 'Path and query.', section: '8.3' }),
        status: count(100, 599)
          .optional()
          .meta({ description: 'Status of the answer; 200 unless given. Redirects are not followed.' }),
        headers: z
          .record(z.string().regex(/^[A-Za-z0-9-]+$/), pattern)
          .optional()
          .meta({ description: 'Headers of the answer: a regular expression for each name.' }),
        body: pattern.optional().meta({ description: 'Regular expression that the body matches.' }),
        p95Ms: count(1, 60_000).optional().meta({
          unit: 'ms',
          description: 'Time within which 95 of 100 answers come; not measured unless given.',
        }),
        tries: count(1, 200)
          .optional()
          .meta({ description: 'Requests that are measured for `p95Ms`; 20 unless given.' }),
      }),
    )
    .max(20)
    .meta({
      allowed:
        'a list of up to 20 of `{ path, status?, headers?, body?, p95Ms?, tries? }`; headers and body are regular expressions',
      description:
        "What every release must answer, beside its health path, its page and the page's assets: the server's paths before users meet it, all of them through CloudFront afterwards.",
      section: '8.3',
    }),
});

const sentence = z.string().min(1).max(200);
const period = z.literal([5, 15, 30, 60, 360, 1440]);

const businessMetric = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Z][A-Za-z0-9]{0,49}$/)
      .meta({ allowed: 'a name such as EntriesSigned', description: 'Name of the metric.' }),
    event: z
      .string()
      .regex(/^[\w.:-]+$/)
      .optional()
      .meta({
        allowed: 'a word such as entry.signed',
        description: 'Counts lines of JSON whose `event` is this.',
      }),
    pattern: z.string().min(1).max(1024).optional().meta({
      allowed: 'a filter pattern of CloudWatch Logs',
      description: 'Counts lines that match this.',
    }),
    value: z
      .string()
      .regex(/^\$\.[\w.]+$/)
      .optional()
      .meta({
        allowed: 'a field such as $.amount',
        description: 'Sums this field instead of counting lines.',
      }),
    alarm: z
      .strictObject({
        meaning: sentence.meta({ description: 'What it means when the number is out of bounds.' }),
        action: sentence.meta({ description: 'What to do first.' }),
        severity: z.enum(['page', 'ticket']).meta({ description: 'Who is told, and when.' }),
        above: z.number().optional().meta({ description: 'Fires above this.' }),
        below: z.number().optional().meta({ description: 'Fires below this.' }),
        unusualBy: z.number().positive().optional().meta({
          description: 'Fires this many standard deviations from what is usual.',
        }),
        minutes: period.meta({ unit: 'min', description: 'Time over which the numbers are summed.' }),
      })
      .refine(
        ({ above, below, unusualBy }) =>
          [above, below, unusualBy].filter((limit) => limit !== undefined).length === 1,
        { error: "exactly one of 'above', 'below' and 'unusualBy'" },
      )
      .optional()
      .meta({ description: 'Who is told when; shown only, without it.' }),
  })
  .refine(({ event, pattern }) => (event === undefined) !== (pattern === undefined), {
    error: "either an 'event' or a 'pattern'",
  });

const monitoring = z.strictObject({
  availabilityObjective: z.number().min(95).max(99.99).meta({
    unit: '%',
    description: 'Share of requests answered without a 5xx over 30 days.',
    section: '10.1',
  }),
  latencyObjective: z.number().min(95).max(99.99).meta({
    unit: '%',
    description: 'Share of requests answered within `latencyMilliseconds` over 30 days.',
    section: '10.1',
  }),
  latencyMilliseconds: count(10, 60_000).meta({
    unit: 'ms',
    description: 'Time within which an answer is fast.',
    section: '10.1',
  }),
  canaryMinutes: count(0, 60).meta({
    unit: 'min',
    description:
      'Time between two visits of the canary, a browser that walks the verification checks through CloudFront. 0 for none; it keeps an idle database awake.',
    section: '10.1',
  }),
  businessMetrics: z.array(businessMetric).max(20).meta({
    allowed:
      'a list of up to 20 of `{ name, event or pattern, value?, alarm?: { meaning, action, severity, above or below or unusualBy, minutes } }`',
    description: "Numbers of the application's own, from its log, each with an alarm if wanted.",
    section: '10.1',
  }),
  budget: z
    .strictObject({
      monthlyUsd: z.number().min(1).max(1_000_000).meta({
        unit: 'USD',
        description:
          'What the environment may cost a month; needs the cost allocation tags `application` and `environment`.',
        section: '9.1',
      }),
      email: z.email().meta({
        allowed: 'an e-mail address',
        description: 'Who is told when the month is forecast to cost more, and when it has.',
        section: '9.1',
      }),
    })
    .optional()
    .meta({ description: 'Tells of costs before the bill does.', section: '9.1' }),
});

/** What can be configured. Every value has a place here and nowhere else. */
export const settingsSchema = z.strictObject({
  application: applicationSchema,
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .meta({
      allowed: 'a region such as eu-west-1',
      description:
        'AWS region; CloudFront, its certificate and firewall are in us-east-1 whatever this says.',
      section: '8.1',
    }),
  network,
  database,
  server,
  client,
  verification,
  monitoring,
  customerKeys: z.boolean().meta({
    description: 'Encrypt with a key of your own (about 1 USD a month), which your policies can withhold.',
    section: '11.2',
  }),
  retainData: z.boolean().meta({
    description:
      'Keep data when a stack is deleted: deletion protection, final snapshots, buckets that stay.',
    section: '11.2',
  }),
  logRetentionDays: z
    .literal([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ])
    .meta({ unit: 'days', description: 'How long logs are kept.', section: '10.2' }),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Part of the settings, to override others with; lists are replaced, not merged. */
export type Override<T = Settings> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Override<T[K]> }
    : T;

/** What an application's `framework53.config.ts` exports by default. */
export type Configuration = { readonly [layer in 'default' | EnvironmentName]?: Override };
