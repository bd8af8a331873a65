import { type Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../construct-error';
import { nameProblems } from '../physical-name';
import { isServerless } from './database-capacity';
import type { PooledPostgresProps } from './pooled-postgres-props';
import { DEFAULT_MAX_CONNECTIONS_PERCENT } from './postgres-proxy';
import { MAXIMUM_DATABASE_NAME_LENGTH } from './role-names';

/** Refuses what AWS would refuse hours later, or accept and never do; names every miss at once. */
export function validatePooledPostgres(scope: IConstruct, props: PooledPostgresProps): void {
  const problems = [
    ...names(props),
    ...capacity(props),
    ...proxy(props),
    ...range('readers', props.readers, 0, 15),
    ...range('backupRetention', days(props.backupRetention), 1, 35, 'days'),
    ...restore(props),
  ];
  if (problems.length > 0) throw new ConstructError(scope, problems);
}

function names({ name, databaseName, clusterIdentifier }: PooledPostgresProps): string[] {
  return [
    ...nameProblems(name),
    ...(clusterIdentifier === undefined ||
    Token.isUnresolved(clusterIdentifier) ||
    /^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/.test(clusterIdentifier)
      ? []
      : [
          `'clusterIdentifier' must be 1 to 63 of a-z, 0-9 and single hyphens, starting with a letter, got '${clusterIdentifier}'`,
        ]),
    ...(Token.isUnresolved(databaseName) ||
    new RegExp(`^[a-z][a-z0-9_]{0,${MAXIMUM_DATABASE_NAME_LENGTH - 1}}$`).test(databaseName)
      ? []
      : [
          `'databaseName' must be 1 to ${MAXIMUM_DATABASE_NAME_LENGTH} of a-z, 0-9 and _, starting with a letter, got '${databaseName}'`,
        ]),
  ];
}

function capacity({ capacity, proxy, autoPauseAfter }: PooledPostgresProps): string[] {
  if (!isServerless(capacity))
    return autoPauseAfter ? [`'autoPauseAfter' needs a capacity with 'minimumAcu: 0', got instances`] : [];
  const { minimumAcu, maximumAcu } = capacity;
  return [
    ...range('capacity.minimumAcu', minimumAcu, 0, 256, 'ACU'),
    ...range('capacity.maximumAcu', maximumAcu, 1, 256, 'ACU'),
    ...[minimumAcu, maximumAcu]
      .filter((acu) => !Number.isInteger(acu * 2))
      .map((acu) => `ACUs come in steps of 0.5, got ${acu}`),
    ...(minimumAcu > maximumAcu
      ? [`'capacity.minimumAcu' must not exceed 'capacity.maximumAcu', got ${minimumAcu} and ${maximumAcu}`]
      : []),
    ...(minimumAcu === 0 && proxy !== false
      ? [
          `'capacity.minimumAcu' must be at least 0.5 behind a proxy, got 0: the proxy keeps connections open, so the database would never pause; raise it or set 'proxy: false'`,
        ]
      : []),
    ...(minimumAcu > 0 && autoPauseAfter
      ? [`'autoPauseAfter' needs 'capacity.minimumAcu' to be 0, got ${minimumAcu}`]
      : []),
    ...range('autoPauseAfter', seconds(autoPauseAfter), 300, 86_400, 'seconds'),
  ];
}

function proxy({ proxy }: PooledPostgresProps): string[] {
  if (proxy === false || proxy === undefined) return [];
  const percent = proxy.maxConnectionsPercent ?? DEFAULT_MAX_CONNECTIONS_PERCENT;
  return [
    ...range('proxy.maxConnectionsPercent', proxy.maxConnectionsPercent, 1, 100, 'percent'),
    ...range('proxy.maxIdleConnectionsPercent', proxy.maxIdleConnectionsPercent, 0, percent, 'percent'),
    ...range('proxy.borrowTimeout', seconds(proxy.borrowTimeout), 0, 300, 'seconds'),
    ...range('proxy.idleClientTimeout', seconds(proxy.idleClientTimeout), 1, 28_800, 'seconds'),
  ];
}

function restore({ restore, name, clusterIdentifier = name }: PooledPostgresProps): string[] {
  const source =
    restore && 'sourceClusterIdentifier' in restore ? restore.sourceClusterIdentifier : undefined;
  return source === clusterIdentifier
    ? [
        `'restore.sourceClusterIdentifier' must be another cluster than the one it fills, got '${source}'; set 'clusterIdentifier'`,
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
