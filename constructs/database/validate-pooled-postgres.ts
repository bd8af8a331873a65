import { type Duration, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../construct-error';
import { nameProblems, physicalName } from '../physical-name';
import { REGIONS_WITHOUT_DATA_API } from './data-api-regions';
import { isServerlessV2 } from './database-capacity';
import type { PooledPostgresProps } from './pooled-postgres-props';
import { DEFAULT_MAX_CONNECTIONS_PERCENT } from './postgres-proxy';
import { databaseNameProblem } from './reserved-words';
import { MAXIMUM_DATABASE_NAME_LENGTH } from './role-names';

/** Throws for props that AWS would refuse during a deployment or ignore. Reports all problems at once. */
export function validatePooledPostgres(scope: IConstruct, props: PooledPostgresProps): void {
  const problems = [
    ...names(props),
    ...capacity(props),
    ...dataApi(scope, props),
    ...proxy(props),
    ...range('readers', props.readers, 0, 15),
    ...range('backup.retention', days(props.backup?.retention), 1, 35, 'days'),
    ...restore(scope, props),
  ];
  if (problems.length > 0) throw new ConstructError(scope, problems);
}

function names({ name, defaultDatabaseName, clusterIdentifier }: PooledPostgresProps): string[] {
  const reserved = databaseNameProblem(defaultDatabaseName);
  return [
    ...nameProblems(name),
    ...(clusterIdentifier === undefined ||
    Token.isUnresolved(clusterIdentifier) ||
    /^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/.test(clusterIdentifier)
      ? []
      : [
          `'clusterIdentifier' must be 1 to 63 of a-z, 0-9 and single hyphens, beginning with a letter, got '${clusterIdentifier}'`,
        ]),
    ...(Token.isUnresolved(defaultDatabaseName) ||
    new RegExp(`^[a-z][a-z0-9_]{0,${MAXIMUM_DATABASE_NAME_LENGTH - 1}}$`).test(defaultDatabaseName)
      ? []
      : [
          `'defaultDatabaseName' must be 1 to ${MAXIMUM_DATABASE_NAME_LENGTH} of a-z, 0-9 and _, beginning with a letter, got '${defaultDatabaseName}'`,
        ]),
    ...(reserved ? [`'defaultDatabaseName' must be another name: '${defaultDatabaseName}' ${reserved}`] : []),
  ];
}

/** Checks that the Data API, which manages the roles, supports the region and the instance class. */
function dataApi(scope: IConstruct, { capacity }: PooledPostgresProps): string[] {
  const { region } = Stack.of(scope);
  const type = isServerlessV2(capacity) ? '' : capacity.instanceType.toString();
  return [
    ...(REGIONS_WITHOUT_DATA_API.has(region)
      ? [
          `the stack's region ${region} has no Data API for Aurora PostgreSQL, which manages the roles of the database; choose another region. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html`,
        ]
      : []),
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html
    ...(/^t\d/.test(type)
      ? [
          `'capacity.instanceType' must not be a T class, got '${type}': the Data API, which manages the roles of the database, does not support T classes; choose another class such as r8g.large, or Serverless v2`,
        ]
      : []),
  ];
}

function capacity({ capacity, pooling }: PooledPostgresProps): string[] {
  if (!isServerlessV2(capacity)) return [];
  const {
    serverlessV2MinCapacity: min,
    serverlessV2MaxCapacity: max,
    serverlessV2AutoPauseDuration: pause,
  } = capacity;
  return [
    ...('instanceType' in capacity
      ? ["'capacity' must be either Serverless v2 or an 'instanceType', got both; leave one out"]
      : []),
    ...range('capacity.serverlessV2MinCapacity', min, 0, 256, 'ACU'),
    ...range('capacity.serverlessV2MaxCapacity', max, 1, 256, 'ACU'),
    ...[min, max]
      .filter((acu) => !Token.isUnresolved(acu) && !Number.isInteger(acu * 2))
      .map((acu) => `'capacity' takes ACUs in steps of 0.5, got ${acu}`),
    ...(min > max
      ? [
          `'capacity.serverlessV2MinCapacity' must not exceed 'capacity.serverlessV2MaxCapacity', got ${min} and ${max}`,
        ]
      : []),
    ...(min === 0 && (pooling === undefined || pooling.proxy)
      ? [
          `'capacity.serverlessV2MinCapacity' must be at least 0.5 with a proxy, got 0: the proxy keeps connections open, so the database would never pause; raise the minimum, or set 'pooling: ConnectionPooling.none()'`,
        ]
      : []),
    ...(min > 0 && pause
      ? [
          `'capacity.serverlessV2AutoPauseDuration' requires a 'capacity.serverlessV2MinCapacity' of 0, got ${min}`,
        ]
      : []),
    ...range('capacity.serverlessV2AutoPauseDuration', seconds(pause), 300, 86_400, 'seconds'),
  ];
}

function proxy({ pooling }: PooledPostgresProps): string[] {
  const options = pooling?.proxy ?? {};
  const percent = options.maxConnectionsPercent ?? DEFAULT_MAX_CONNECTIONS_PERCENT;
  return [
    ...range('maxConnectionsPercent', options.maxConnectionsPercent, 1, 100, 'percent'),
    ...range('maxIdleConnectionsPercent', options.maxIdleConnectionsPercent, 0, percent, 'percent'),
    ...range('borrowTimeout', seconds(options.borrowTimeout), 0, 300, 'seconds'),
    ...range('idleClientTimeout', seconds(options.idleClientTimeout), 1, 28_800, 'seconds'),
  ].map((problem) => `ConnectionPooling.rdsProxy: ${problem}`);
}

function restore(scope: IConstruct, { restore, name, clusterIdentifier }: PooledPostgresProps): string[] {
  if (!restore || 'snapshotIdentifier' in restore) return [];
  const { sourceDbClusterIdentifier: source } = restore;
  return source === (clusterIdentifier ?? physicalName(scope, name))
    ? [
        `'restore.sourceDbClusterIdentifier' must be another cluster than the new one, got '${source}'; ` +
          "set 'clusterIdentifier' to an identifier that no cluster of this account and region has ever had",
      ]
    : [];
}

function range(prop: string, value: number | undefined, from: number, to: number, unit = ''): string[] {
  if (value === undefined || Token.isUnresolved(value) || (value >= from && value <= to)) return [];
  return [`'${prop}' must be ${from} to ${to}${unit && ` ${unit}`}, got ${value}`];
}

const seconds = (duration: Duration | undefined) => resolved(duration)?.toSeconds();
const days = (duration: Duration | undefined) => resolved(duration)?.toDays({ integral: false });
const resolved = (duration: Duration | undefined) => (duration?.isUnresolved() ? undefined : duration);
