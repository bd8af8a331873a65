import {
  connectionBudget,
  connectionsOfClass,
  maxConnections,
} from '../constructs/database/connection-budget';
import { REGIONS_WITHOUT_DATA_API } from '../constructs/database/data-api-regions';
import { databaseNameProblem } from '../constructs/database/reserved-words';
import { ZONES_WITH_VPC_ORIGINS, zoneIdPrefix } from '../constructs/network/vpc-origin-zones';
import { memorySizes } from '../constructs/server/fargate-sizes';
import { LONGEST_CANARY_CHECKS, LONGEST_RELEASE_CHECKS } from '../constructs/verification/check-limits';
import { hasRdsCertificate } from '../lib/application/image/rds-certificates';
import type { EnvironmentName } from './environment-name';
import type { Settings } from './schema';
import { windowProblem } from './windows';

/** A setting that is allowed by itself and cannot be used with another one. */
export interface Contradiction {
  /** Path of the setting to change. */
  readonly path: readonly PropertyKey[];
  /** Values that are allowed there, and the setting that decides so. */
  readonly allowed: string;
}

/**
 * Length of a certificate's first name.
 *
 * @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
 */
const LONGEST_CERTIFIED_NAME = 64;

interface Rule {
  /** Settings that the rule reads, as dotted paths. The rule is not asked if one of them is wrong by itself. */
  readonly reads: readonly string[];
  problems(
    settings: Settings,
    environment: EnvironmentName,
  ): readonly (readonly [path: string, allowed: string])[];
}

/** The dotted paths of a contradiction hold no keys with dots. */
const rules: readonly Rule[] = [
  {
    reads: ['region'],
    problems: ({ region }) =>
      hasRdsCertificate(region) && !REGIONS_WITHOUT_DATA_API.has(region)
        ? []
        : [
            [
              'region',
              hasRdsCertificate(region)
                ? 'a region where Aurora PostgreSQL has the Data API, which manages the roles of the database'
                : 'a region whose database certificates this package has: without them the server could not verify the database. A newer version of this package may know them',
            ],
          ],
  },
  {
    reads: ['region', 'network'],
    problems: ({ region, network: { availabilityZones: zones } }) =>
      typeof zones === 'number' ? countedZones(region, zones) : namedZones(region, zones),
  },
  {
    reads: ['network'],
    problems: ({ network: { availabilityZones: zones, natGateways } }) => {
      const count = typeof zones === 'number' ? zones : zones.length;
      return natGateways > count
        ? [['network.natGateways', `1 to ${count}, at most one in each of the ${count} availability zones`]]
        : [];
    },
  },
  {
    reads: ['server.cpu', 'server.memory'],
    problems: ({ server: { cpu, memory } }) => {
      const sizes = memorySizes(cpu);
      return sizes.includes(memory)
        ? []
        : [
            [
              'server.memory',
              `with 'server.cpu' ${cpu}, ${sizes.length > 8 ? `${sizes[0]} to ${sizes.at(-1)} in steps of ${sizes[1]! - sizes[0]!}` : sizes.join(', ')}`,
            ],
          ];
    },
  },
  {
    reads: ['server.minimumTasks', 'server.maximumTasks'],
    problems: ({ server: { minimumTasks, maximumTasks } }) =>
      minimumTasks > maximumTasks
        ? [['server.maximumTasks', `at least 'server.minimumTasks', which is ${minimumTasks}`]]
        : [],
  },
  {
    reads: ['server.requestTimeout', 'server.deregistrationDelay'],
    problems: ({ server: { requestTimeout, deregistrationDelay } }) =>
      deregistrationDelay < requestTimeout
        ? [
            [
              'server.deregistrationDelay',
              `at least 'server.requestTimeout', which is ${requestTimeout}: a request could lose its task otherwise`,
            ],
          ]
        : [],
  },
  {
    reads: ['server.stickySessionMinutes', 'server.deployment'],
    problems: ({ server: { stickySessionMinutes, deployment } }) =>
      stickySessionMinutes > 0 && deployment !== 'rolling'
        ? [
            [
              'server.stickySessionMinutes',
              "0, or `deployment: 'rolling'` beside it: with two target groups, visitors would stay with the release that a deployment retires",
            ],
          ]
        : [],
  },
  {
    reads: ['database.minimumCapacity', 'database.maximumCapacity'],
    problems: ({ database: { minimumCapacity: min, maximumCapacity: max } }) =>
      min > max ? [['database.maximumCapacity', `at least 'database.minimumCapacity', which is ${min}`]] : [],
  },
  {
    reads: ['database.minimumCapacity', 'database.instanceClass', 'database.proxy'],
    problems: ({ database: { minimumCapacity, instanceClass, proxy } }) =>
      minimumCapacity === 0 && proxy && instanceClass === undefined
        ? [
            [
              'database.minimumCapacity',
              "at least 0.5 with 'database.proxy', whose open connections never let the database pause; or switch the proxy off",
            ],
          ]
        : [],
  },
  { reads: ['database', 'server.maximumTasks', 'server.minimumTasks'], problems: connections },
  {
    reads: ['database.backupWindow', 'database.maintenanceWindow'],
    problems: ({ database: { backupWindow, maintenanceWindow } }) =>
      windowProblem(backupWindow, maintenanceWindow),
  },
  {
    reads: ['database.restore'],
    problems: ({ database: { restore } }) =>
      restore?.cluster !== undefined && restore.cluster === restore.identifier
        ? [['database.restore.identifier', 'another identifier than that of the cluster to start from']]
        : [],
  },
  { reads: ['client.domain', 'account'], problems: domain },
  {
    reads: ['verification.checks', 'monitoring.canaryMinutes'],
    problems: ({ verification: { checks }, monitoring: { canaryMinutes } }) => {
      const { length } = JSON.stringify(checks);
      // The check of the health path comes before them.
      const most = (canaryMinutes > 0 ? LONGEST_CANARY_CHECKS : LONGEST_RELEASE_CHECKS) - 300;
      return length > most
        ? [
            [
              'verification.checks',
              `checks with up to ${most} characters as JSON instead of ${length}${canaryMinutes > 0 ? ", which is all that a canary takes; give fewer, or set 'monitoring.canaryMinutes' to 0" : '; give fewer'}`,
            ],
          ]
        : [];
    },
  },
  {
    reads: ['monitoring.businessMetrics'],
    problems: ({ monitoring: { businessMetrics } }) =>
      businessMetrics.flatMap(({ name }, index) =>
        businessMetrics.findIndex((other) => other.name === name) < index
          ? [[`monitoring.businessMetrics.${index}.name`, 'a name that no other metric has'] as const]
          : [],
      ),
  },
  {
    reads: ['delivery.promoteFrom'],
    problems: ({ delivery: { promoteFrom } }, environment) =>
      promoteFrom === environment ? [['delivery.promoteFrom', 'another environment']] : [],
  },
  {
    reads: ['application.name'],
    problems: ({ application: { name } }) => {
      const database = name?.replaceAll('-', '_');
      const problem = database && databaseNameProblem(database);
      return problem
        ? [['application.name', `another name: the database would be called '${database}', which ${problem}`]]
        : [];
    },
  },
  { reads: ['application.secrets', 'application.environment'], problems: variables },
];

/**
 * Returns what contradicts itself in settings, at once.
 *
 * @param wrong dotted paths of the settings that are wrong by themselves; rules that read one of them are not asked
 */
export function contradictions(
  settings: Settings,
  environment: EnvironmentName,
  wrong: readonly string[] = [],
): Contradiction[] {
  const isWrong = (read: string) =>
    wrong.some((path) => `${path}.`.startsWith(`${read}.`) || `${read}.`.startsWith(`${path}.`));
  return rules
    .filter(({ reads }) => !reads.some(isWrong))
    .flatMap((rule) => rule.problems(settings, environment))
    .map(([path, allowed]) => ({ path: path.split('.'), allowed }));
}

type Problems = ReturnType<Rule['problems']>;

function countedZones(region: string, count: number): Problems {
  const reachable = ZONES_WITH_VPC_ORIGINS[region];
  return reachable && reachable.length < count
    ? [
        [
          'network.availabilityZones',
          `up to ${reachable.length} in ${region}: CloudFront's VPC origins reach no other zones there`,
        ],
      ]
    : [];
}

function namedZones(region: string, zones: readonly string[]): Problems {
  const prefix = zoneIdPrefix(region);
  const reachable = ZONES_WITH_VPC_ORIGINS[region];
  return zones.flatMap((zone, index) => {
    const path = `network.availabilityZones.${index}`;
    if (zones.indexOf(zone) < index) return [[path, 'a zone that the list has once']];
    if (prefix && !zone.startsWith(prefix)) return [[path, `a zone of ${region}, such as ${prefix}1`]];
    if (reachable && !reachable.includes(zone))
      return [[path, `${reachable.join(', ')}: CloudFront's VPC origins reach no other zones of ${region}`]];
    return [];
  });
}

function connections({ database, server }: Settings): Problems {
  const { instanceClass, minimumCapacity, maximumCapacity, proxy, proxyConnectionsPercent, poolSize } =
    database;
  // Other rules speak of these.
  if (minimumCapacity > maximumCapacity || server.minimumTasks > server.maximumTasks) return [];
  const limit = instanceClass
    ? connectionsOfClass(instanceClass)
    : maxConnections({ serverlessV2MinCapacity: minimumCapacity, serverlessV2MaxCapacity: maximumCapacity });
  if (limit === undefined) return [];
  const budget = connectionBudget(
    { maximumTasks: server.maximumTasks, poolSize },
    {
      maxConnections: limit,
      origin: instanceClass ?? `${minimumCapacity} to ${maximumCapacity} ACU`,
      proxyPercent: proxy ? proxyConnectionsPercent : undefined,
    },
  );
  if (budget.verdict !== 'exceeded') return [];
  return [
    [
      'database.poolSize',
      `a pool that the database has connections for: ${budget.sum.join('; ')}. ${budget.remedies.map((remedy) => `Either ${remedy}`).join('. ')}`,
    ],
  ];
}

function domain({ client: { domain }, account }: Settings): Problems {
  if (!domain) return [];
  const { name, zone, certificateArn } = domain;
  const owner = certificateArn?.split(':')[4];
  return [
    ...(certificateArn === undefined && name.length > LONGEST_CERTIFIED_NAME
      ? [
          [
            'client.domain.name',
            `a name of up to ${LONGEST_CERTIFIED_NAME} characters, which a certificate of ACM can have first; or a 'client.domain.certificateArn' of yours`,
          ] as const,
        ]
      : []),
    ...(zone && name !== zone.name && !name.endsWith(`.${zone.name}`)
      ? [['client.domain.zone.name', `the zone of ${name}: the name itself or an end of it`] as const]
      : []),
    ...(owner !== undefined && account !== undefined && owner !== account
      ? [
          [
            'client.domain.certificateArn',
            `a certificate of the account ${account}: CloudFront takes none of another account`,
          ] as const,
        ]
      : []),
  ];
}

/** Variables that follow from the release and its database: another value would break the server. */
const GIVEN =
  /^(DATABASE_URL|PGUSER|PGPASSWORD|PORT|SHUTDOWN_TIMEOUT_MS|RELEASE_ID|RELEASE_SETTINGS|NODE_EXTRA_CA_CERTS|FRAMEWORK53_\w+)$/;
/** Variables with a plain value that settings may replace by another plain value. */
const PLAIN = /^(NODE_ENV|APP_ENV|LOG_LEVEL|DATABASE_(POOL_SIZE|IDLE_TIMEOUT_MS|CONNECT_TIMEOUT_MS))$/;

function variables({ application: { secrets = {}, environment = {} } }: Settings): Problems {
  const given = (name: string) =>
    `nothing: the server gets ${name} from ${name === 'PORT' ? "'application.server.port'" : 'this package'}`;
  return [
    ...Object.keys(environment).flatMap((name) => {
      const path = `application.environment.${name}`;
      if (GIVEN.test(name)) return [[path, given(name)] as const];
      return Object.hasOwn(secrets, name)
        ? [[path, "nothing, as 'application.secrets' has the same variable; leave one of them out"] as const]
        : [];
    }),
    ...Object.keys(secrets).flatMap((name) => {
      const path = `application.secrets.${name}`;
      if (GIVEN.test(name)) return [[path, given(name)] as const];
      return PLAIN.test(name)
        ? [[path, "nothing: the variable is no secret; set it in 'application.environment'"] as const]
        : [];
    }),
  ];
}
