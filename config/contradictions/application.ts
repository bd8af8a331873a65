import { databaseNameProblem } from '../../constructs/database/reserved-words';
import { LONGEST_CANARY_CHECKS, LONGEST_RELEASE_CHECKS } from '../../constructs/verification/check-limits';
import type { Settings } from '../schema';
import type { Problems, Rule } from './rule';

/** Variables that follow from the release and its database: another value would break the server. */
const GIVEN =
  /^(DATABASE_URL|PGUSER|PGPASSWORD|PORT|SHUTDOWN_TIMEOUT_MS|RELEASE_ID|RELEASE_SETTINGS|NODE_EXTRA_CA_CERTS|FRAMEWORK53_\w+)$/;
/** Variables with a plain value that settings may replace by another plain value. */
const PLAIN = /^(NODE_ENV|APP_ENV|LOG_LEVEL|DATABASE_(POOL_SIZE|IDLE_TIMEOUT_MS|CONNECT_TIMEOUT_MS))$/;

/** Rules of the application, its checks, its numbers and its delivery. */
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
