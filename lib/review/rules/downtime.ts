import { same } from '../canonical';
import type { ResourceChange } from '../change';
import { show } from '../show';
import { holderOf } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';
import { servesUsers } from './serving';
import { items, judgeSettings, less, type Setting, turnedOff, turnedOn, value } from './setting';

const DATABASES = [
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::DocDB::DBCluster',
  'AWS::ElastiCache::ReplicationGroup',
];

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::RDS::DBInstance'],
    property: 'DBInstanceClass',
    worse: () => true,
    severity: 'caution',
    what: 'Instance class',
    why: 'The instance restarts: connections break, and without another instance the database is down for minutes.',
    advice:
      'Change the reader first, fail over, then change the former writer; or do it in the maintenance window.',
  },
  {
    types: ['AWS::RDS::DBInstance', 'AWS::ElastiCache::ReplicationGroup'],
    property: 'MultiAZ',
    worse: turnedOff,
    severity: 'caution',
    what: 'Standby in another zone',
    why: 'When its zone or its machine fails, it is down until somebody restores it.',
    advice: 'Keep it in production.',
  },
  {
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    property: 'Port',
    worse: (_now, before) => before !== undefined,
    severity: 'caution',
    what: 'Port of the database',
    why: 'It restarts, and whatever still uses the former port fails.',
    advice: 'Leave it.',
  },
  {
    types: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
    property: 'AutoMinorVersionUpgrade',
    absent: true,
    worse: turnedOn,
    severity: 'note',
    what: 'Upgrades of minor versions by themselves',
    why: 'The database restarts in its maintenance window when there is one.',
    advice: 'Leave it off where upgrades are rehearsed first.',
  },
  {
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    property: 'PreferredMaintenanceWindow',
    worse: () => true,
    severity: 'note',
    what: 'Maintenance window',
    why: 'Restarts happen at that time from then on.',
    advice: 'Choose the hour with the fewest users, and not that of the backup.',
  },
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.Enabled',
    worse: turnedOff,
    severity: 'danger',
    what: 'The distribution',
    why: 'Nobody reaches the application any more.',
    advice: 'Leave it enabled as long as anybody uses its address.',
  },
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.Aliases',
    worse: (now, before) => list(before).some((name) => !list(now).includes(name)),
    severity: 'danger',
    what: 'Names it answers to',
    why: 'Who comes under a name that is gone is refused.',
    advice: 'Point the name elsewhere first, wait until nobody asks for it any more, then remove it.',
  },
  {
    types: ['AWS::ECS::TaskDefinition'],
    property: 'ContainerDefinitions[].StopTimeout',
    absent: 30,
    worse: less,
    severity: 'caution',
    what: 'Seconds a task has to end its requests',
    why: 'Requests that take longer are cut off with each deployment.',
    advice: 'Keep it longer than the deregistration delay and the longest request.',
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'TargetGroupAttributes[deregistration_delay.timeout_seconds].Value',
    absent: 300,
    worse: less,
    severity: 'caution',
    what: 'Seconds in which requests to an old task may end',
    why: 'Requests that take longer are cut off with each deployment.',
    advice: 'Keep it longer than the longest request.',
  },
];

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Users wait, or are turned away. */
export const downtime: Rule = {
  name: 'downtime',
  severities: ['danger', 'caution', 'note'],
  summary:
    'An update restarts, upgrades, replaces or removes what serves users: engine versions, instance classes, static parameters, addresses, networks.',
  judge(comparison) {
    return [
      ...judgeSettings(comparison, SETTINGS),
      ...comparison.resources.flatMap((change) => [
        ...engine(change),
        ...parameters(change),
        ...interrupted(change),
      ]),
    ];
  },
};

function engine(change: ResourceChange): Observation[] {
  if (!DATABASES.includes(change.resourceType) || !change.before || !change.after) return [];
  const property = 'EngineVersion';
  const [was, is] = [change.before, change.after].map(({ Properties }) => Properties?.[property]);
  if (same(was, is) || was === undefined || is === undefined) return [];
  const [old, now] = [was, is].map((version) => String(version).split('.').map(Number)) as [
    number[],
    number[],
  ];
  const back = later(old, now);
  const major = old[0] !== now[0];
  return [
    observe(change, {
      severity: major || back ? 'danger' : 'caution',
      property: `Properties.${property}`,
      message: `Engine version: ${show(was)} → ${show(is)}. ${
        back
          ? 'A database cannot go back to an earlier version: the deployment fails.'
          : major
            ? 'A major upgrade takes the database down for a quarter of an hour or more, changes how queries are planned, and cannot be undone.'
            : 'The database restarts with the deployment: connections break, and queries fail for about a minute.'
      }`,
      advice: back
        ? 'Keep the version; to go back, restore a snapshot of before the upgrade beside it.'
        : major
          ? 'Rehearse it on a clone; then use a blue/green deployment of RDS, or a window that users know of.'
          : 'Deploy it alone, at the hour with the fewest users.',
    }),
  ];
}

function later(one: readonly number[], other: readonly number[]): boolean {
  for (const [index, part] of one.entries()) {
    const against = other[index] ?? 0;
    if (part !== against) return part > against;
  }
  return false;
}

/** Parameters of PostgreSQL that take a restart. */
const STATIC =
  /^(shared_preload_libraries|max_connections|shared_buffers|rds\.logical_replication|track_activity_query_size|max_worker_processes|max_wal_senders|max_replication_slots|max_prepared_transactions|max_locks_per_transaction|huge_pages|wal_buffers|autovacuum_max_workers|autovacuum_freeze_max_age|track_commit_timestamp)$/;

function parameters(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!/^AWS::RDS::DB(Cluster)?ParameterGroup$/.test(resourceType) || !before || !after) return [];
  const [old, now] = [before, after].map(({ Properties }) => items(value(Properties, 'Parameters'))) as [
    Map<string, unknown>,
    Map<string, unknown>,
  ];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => STATIC.test(name) && !same(old.get(name), now.get(name)))
    .map((name) =>
      observe(change, {
        severity: 'caution',
        property: `Properties.Parameters[${name}]`,
        message: `${name}: ${show(old.get(name))} → ${show(now.get(name))}. It takes effect at the database’s next restart, until then the instances are "pending-reboot"; the restart breaks connections.`,
        advice: 'Plan the restart (reader first, then fail over) and do not leave it to the next accident.',
      }),
    );
}

function interrupted(change: ResourceChange): Observation[] {
  const { kind } = change;
  const serving = servesUsers(change);
  if (!serving || holderOf(change.before) || !['removed', 'replaced', 'may-replace'].includes(kind))
    return [];
  // An instance of a cluster that goes is a matter of capacity.
  if (kind === 'removed' && change.resourceType === 'AWS::RDS::DBInstance') return [];
  const [first] = change.properties;
  const cause = first
    ? ` ${first.path.replace('Properties.', '')}: ${show(first.before)} → ${show(first.after)}.`
    : '';
  const verb = { removed: 'is removed', replaced: 'is replaced', 'may-replace': 'may be replaced' }[
    kind as 'removed'
  ];
  return [
    observe(change, {
      severity: kind === 'may-replace' || isGentle(change) ? 'caution' : 'danger',
      property: first?.path,
      message: `${change.resourceType.split('::').slice(1).join(' ')} ${verb}: ${serving}${cause}`,
      advice:
        'Keep it as it is; or make the new one beside it, move users over, and remove the old one in a later deployment.',
    }),
  ];
}

/** CloudFormation makes the new one before the old one goes, and nobody waits for it. */
function isGentle({ resourceType, kind }: ResourceChange): boolean {
  return (
    /::(EIP|NatGateway|RecordSet|Listener|TargetGroup|Certificate|DBInstance)$/.test(resourceType) &&
    kind === 'replaced'
  );
}
