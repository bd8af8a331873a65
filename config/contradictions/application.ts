import { databaseNameProblem } from '../../constructs/database/reserved-words';
import { LONGEST_CANARY_CHECKS, LONGEST_RELEASE_CHECKS } from '../../constructs/verification/check-limits';
import type { Settings } from '../schema';
import type { Problems, Rule } from './rule';

/** Variables that the package sets from the release and its database. Another value would break the server. */
const GIVEN =
  /^(DATABASE_URL|PGUSER|PGPASSWORD|PORT|SHUTDOWN_TIMEOUT_MS|RELEASE_ID|RELEASE_SETTINGS|NODE_EXTRA_CA_CERTS|FRAMEWORK53_\w+)$/;
/** Variables that have a plain value. Settings may replace the value by another plain value. */
const PLAIN = /^(NODE_ENV|APP_ENV|LOG_LEVEL|DATABASE_(POOL_SIZE|IDLE_TIMEOUT_MS|CONNECT_TIMEOUT_MS))$/;

/** Rules for the application, its checks, its metrics and its delivery. */
export const applicationRules: readonly Rule[] = [
  {
    reads: ['policyPacks', 'customerKeys', 'retainData'],
    problems: ({ policyPacks, ...settings }) =>
      (['customerKeys', 'retainData'] as const)
        .filter((key) => policyPacks.length > 0 && !settings[key])
        .map((key) => [key, `true with 'policyPacks', whose rules ask for it`]),
  },
  {
    reads: ['verification.checks', 'monitoring.canaryMinutes'],
    problems: ({ verification: { checks }, monitoring: { canaryMinutes } }) => {
      const { length } = JSON.stringify(checks);
      // The checks follow the check of the health path.
      const most = (canaryMinutes > 0 ? LONGEST_CANARY_CHECKS : LONGEST_RELEASE_CHECKS) - 300;
      return length > most
        ? [
            [
              'verification.checks',
              `checks with up to ${most} characters as JSON instead of ${length}${canaryMinutes > 0 ? ", which is the limit of a canary; configure fewer checks, or set 'monitoring.canaryMinutes' to 0" : '; configure fewer checks'}`,
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
        ? [['application.name', `another name: it makes the database name '${database}', which ${problem}`]]
        : [];
    },
  },
  { reads: ['application.secrets', 'application.environment'], problems: variables },
];

function variables({ application: { secrets = {}, environment = {} } }: Settings): Problems {
  const given = (name: string) =>
    `no entry: the server gets ${name} from ${name === 'PORT' ? "'application.server.port'" : 'this package'}; remove it`;
  return [
    ...Object.keys(environment).flatMap((name) => {
      const path = `application.environment.${name}`;
      if (GIVEN.test(name)) return [[path, given(name)] as const];
      return Object.hasOwn(secrets, name)
        ? [
            [
              path,
              "no entry, because 'application.secrets' has the same variable; remove one of them",
            ] as const,
          ]
        : [];
    }),
    ...Object.keys(secrets).flatMap((name) => {
      const path = `application.secrets.${name}`;
      if (GIVEN.test(name)) return [[path, given(name)] as const];
      return PLAIN.test(name)
        ? [
            [
              path,
              "no entry, because the variable is not a secret; set it in 'application.environment'",
            ] as const,
          ]
        : [];
    }),
  ];
}
