import { same } from '../canonical';
import type { ResourceChange } from '../change';
import type { Severity } from '../finding';
import { typeName, typePage } from '../resource-type';
import { servingOf } from '../serving-types';
import { show } from '../show';
import { holderOf } from '../stateful-resources';
import { downtimeGeneral } from './downtime-general';
import { downtimeSettings } from './downtime-settings';
import { type Observation, observe, type Rule } from './rule';
import { items, nameOf, value } from './setting';

/** Finds updates that interrupt users. */
export const downtime: Rule = {
  name: 'downtime',
  severities: ['danger', 'caution', 'note'],
  summary:
    'An update restarts, upgrades, replaces, switches off or removes a resource that serves users: engine versions, instance types, static parameters, addresses, networks, routes, in any service.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html',
  coversResources: true,
  settings: downtimeSettings,
  general: downtimeGeneral,
  judges: ({ resourceType }, { path }) =>
    ['AWS::CloudFront::VpcOrigin', 'AWS::EC2::Route'].includes(resourceType) ||
    (/^Properties\.(EngineVersion|Version|KafkaVersion)$/.test(path) && VERSIONED.test(resourceType)) ||
    (/::DB(Cluster)?ParameterGroup$/.test(resourceType) && STATIC.test(path.replace(PARAMETER, '$1'))),
  judge({ resources }) {
    return resources.flatMap((change) => [
      ...engine(change),
      ...parameters(change),
      ...interrupted(change),
      ...refused(change),
      ...rerouted(change),
    ]);
  },
};

/** Types with an engine version of their own: databases, brokers and clusters. */
const VERSIONED =
  /^AWS::((RDS|DocDB|Neptune)::DB(Cluster|Instance)|(RDS|DocDB|Neptune)::GlobalCluster|(ElastiCache)::(ReplicationGroup|CacheCluster|GlobalReplicationGroup)|MemoryDB::(MultiRegion)?Cluster|OpenSearchService::Domain|Elasticsearch::Domain|AmazonMQ::Broker|MSK::Cluster|EKS::(Cluster|Nodegroup)|Redshift::Cluster)$/;

const PROPERTIES = ['EngineVersion', 'KafkaVersion', 'Version', 'ElasticsearchVersion', 'ClusterVersion'];

function engine(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!VERSIONED.test(resourceType) || !before || !after) return [];
  return PROPERTIES.flatMap((property): Observation[] => {
    const [was, is] = [before, after].map(({ Properties }) => Properties?.[property]);
    if (same(was, is) || was === undefined || is === undefined) return [];
    const [old, now] = [numbers(was), numbers(is)];
    const back = later(old, now);
    // Kubernetes increases its minor version for incompatible changes.
    const major = old[0] !== now[0] || (resourceType === 'AWS::EKS::Cluster' && old[1] !== now[1]);
    return [
      observe(change, {
        severity: major || back ? 'danger' : 'caution',
        property: `Properties.${property}`,
        what: `Engine version: ${show(was)} → ${show(is)}.`,
        why: back
          ? 'Engines cannot be downgraded, so the deployment fails.'
          : major
            ? 'A major upgrade takes 15 minutes of downtime or more, changes the behaviour of the engine, and cannot be undone.'
            : 'The engine restarts during the deployment. Connections break, and requests fail for about a minute.',
        fix: back
          ? 'Keep the version. To return to an earlier one, restore a snapshot from before the upgrade as a second resource.'
          : major
            ? 'Rehearse the upgrade on a copy. Then use a blue/green deployment, or an announced maintenance window.'
            : 'Deploy this change alone, at the hour with the fewest users.',
        link: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html',
      }),
    ];
  });
}

function numbers(version: unknown): number[] {
  return (String(version).match(/\d+/g) ?? []).map(Number);
}

function later(one: readonly number[], other: readonly number[]): boolean {
  for (const [index, part] of one.entries()) {
    const against = other[index] ?? 0;
    if (part !== against) return part > against;
  }
  return false;
}

/** Static parameters of PostgreSQL and MySQL: they take effect at a restart. */
const STATIC =
  /^(shared_preload_libraries|max_connections|shared_buffers|rds\.logical_replication|track_activity_query_size|max_worker_processes|max_wal_senders|max_replication_slots|max_prepared_transactions|max_locks_per_transaction|huge_pages|wal_buffers|autovacuum_max_workers|autovacuum_freeze_max_age|track_commit_timestamp|binlog_format|lower_case_table_names|innodb_buffer_pool_instances|performance_schema|gtid-mode|enforce_gtid_consistency)$/;
const PARAMETER = /^Properties\.Parameters[.[](.*?)\]?$/;

function parameters(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!/::DB(Cluster)?ParameterGroup$/.test(resourceType) || !before || !after) return [];
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
        what: `${name}: ${show(old.get(name))} → ${show(now.get(name))}.`,
        why: 'The parameter takes effect at the next restart of the database, which breaks connections. Until then, the instances are "pending-reboot".',
        fix: 'Plan the restart: reader first, then fail over. Otherwise the next failure applies the parameter.',
        link: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html',
      }),
    );
}

const VERBS = { removed: 'is removed', replaced: 'is replaced', 'may-replace': 'may be replaced' } as const;

function interrupted(change: ResourceChange): Observation[] {
  const { kind, resourceType } = change;
  const serving = servingOf(resourceType);
  if (!serving || holderOf(change.before) || !(kind in VERBS)) return [];
  // The rule `capacity` reports a removed instance of a cluster.
  if (kind === 'removed' && resourceType === 'AWS::RDS::DBInstance') return [];
  const [first] = change.properties;
  const cause =
    first && kind !== 'removed'
      ? ` ${nameOf(first.path)}: ${show(first.before)} → ${show(first.after)}.`
      : '';
  const severity: Severity =
    kind === 'removed' ? serving.removed : kind === 'replaced' ? serving.replaced : 'caution';
  return [
    observe(change, {
      severity,
      property: kind === 'removed' ? undefined : first?.path,
      what: `The ${typeName(resourceType)} ${VERBS[kind as 'removed']}.${cause}`,
      why: serving.why,
      fix: 'Keep the resource as it is. Or create the new one beside it, move the users, and remove the old one in a later deployment.',
      link: typePage(resourceType),
    }),
  ];
}

/**
 * Finds updates of VPC origins, which CloudFront refuses while a distribution uses them, and of function tags, which
 * can fail.
 */
function refused(change: ResourceChange): Observation[] {
  const { resourceType, kind, properties } = change;
  const [first] = properties;
  const tags = properties.find(({ path }) => path.startsWith('Properties.Tags'));
  if (resourceType === 'AWS::CloudFront::Function' && tags && kind !== 'removed')
    return [
      observe(change, {
        severity: 'caution',
        property: tags.path,
        what: `Tags of the function: ${show(tags.before)} → ${show(tags.after)}.`,
        why: 'Since April 2026, CloudFront answers 409 to functions with tags, so the deployment may fail.',
        fix: 'Exclude CloudFront functions from tags (`excludeResourceTypes`), and set no tags on the stack.',
        link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-function.html',
      }),
    ];
  if (resourceType !== 'AWS::CloudFront::VpcOrigin' || kind !== 'changed') return [];
  return [
    observe(change, {
      severity: 'danger',
      property: first?.path,
      what: `The VPC origin is updated in place. ${nameOf(first!.path)}: ${show(first!.before)} → ${show(first!.after)}.`,
      why: 'CloudFront refuses to update a VPC origin that a distribution uses, including its tags. The deployment fails.',
      fix: 'Keep the VPC origin unchanged, including the tags of the stack. To change it, create a second VPC origin, switch the distribution to it, and remove the first one later.',
      link: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html',
    }),
  ];
}

/** Finds routes with another target. */
function rerouted(change: ResourceChange): Observation[] {
  const { resourceType, kind, properties } = change;
  if (resourceType !== 'AWS::EC2::Route' || kind !== 'changed') return [];
  const changes = properties.map(
    ({ path, before, after }) => `${nameOf(path)}: ${show(before)} → ${show(after)}`,
  );
  return [
    observe(change, {
      severity: 'caution',
      property: properties[0]?.path,
      what: `The route gets another target. ${changes.join('; ')}.`,
      why: 'Open connections break, and the source address that other systems see changes.',
      fix: 'Check that the new target reaches the same networks.',
      link: 'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
    }),
  ];
}
