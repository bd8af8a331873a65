import { maxConnections } from '../../../constructs/database/connection-budget';
import type { Comparison, ResourceChange } from '../change';
import { list, plain, show } from '../show';
import { capacityGeneral, capacitySettings, TASKS } from './capacity-settings';
import { type Observation, observe, type Rule } from './rule';
import { isSomething, items, less, more, number, value } from './setting';

const LEAST = 'Keep subnets in at least two Availability Zones.';
const REDUNDANT = 'A failure of the one remaining Availability Zone stops the service.';

/** Finds changes that leave less capacity for the busiest hour. */
export const capacity: Rule = {
  name: 'capacity',
  severities: ['danger', 'caution', 'note'],
  summary:
    'Fewer or smaller tasks, instances, zones or functions; less throughput in any service; fewer connections for the same tasks, or more tasks for the same connections.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/foundations.html',
  coversResources: true,
  settings: capacitySettings,
  general: capacityGeneral,
  judges: ({ resourceType, after }, { path }) =>
    // A resource that loses all of its subnets leaves the VPC; the rule `public-address` reports that.
    (SUBNETS.test(path) &&
      !/^AWS::EC2::/.test(resourceType) &&
      isSomething(value(after?.Properties, subnetsOf(path)))) ||
    (isOnDemand(after) && /\b(\w*Provisioned\w*|ShardCount|StreamModeDetails)\b/.test(path)) ||
    (resourceType === 'AWS::ECS::Service' && path.startsWith('Properties.CapacityProviderStrategy')) ||
    (resourceType === 'AWS::RDS::DBCluster' &&
      path === 'Properties.ServerlessV2ScalingConfiguration.MaxCapacity'),
  judge(comparison) {
    return [
      ...comparison.resources.flatMap((change) => [
        ...smaller(change),
        ...removed(change),
        ...zones(change),
        ...spot(change),
      ]),
      ...demand(comparison),
    ];
  },
};

/** Returns true if the capacity is on demand: AWS serves all requests and charges for each. */
function isOnDemand(after: ResourceChange['after']): boolean {
  return (
    after?.Properties?.['BillingMode'] === 'PAY_PER_REQUEST' ||
    value(after?.Properties, 'StreamModeDetails.StreamMode') === 'ON_DEMAND'
  );
}

/** Finds databases with less capacity, and calculates the connections that they accept. */
function smaller(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!before || !after) return [];
  if (resourceType === 'AWS::RDS::DBCluster') {
    const property = 'ServerlessV2ScalingConfiguration.MaxCapacity';
    const [was, is] = [before, after].map(({ Properties }) => value(Properties, property));
    if (!less(is, was)) return [];
    const [old, now] = [before, after].map(connections);
    const budget =
      old !== undefined && now !== undefined
        ? ` Its connection limit changes from ${old} to ${now} at the next restart.`
        : '';
    return [
      observe(change, {
        severity: 'caution',
        property: `Properties.${property}`,
        what: `Maximum capacity of the database (ACU): ${show(was)} → ${show(is)}.${budget}`,
        why: 'The database has less capacity at the busiest hour.',
        fix: 'Compare the new maximum with the highest ServerlessDatabaseCapacity of the last month, and the connection limit with tasks × 2 × pool size.',
        link: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html',
      }),
    ];
  }
  if (resourceType !== 'AWS::RDS::DBInstance') return [];
  const [was, is] = [before, after].map(({ Properties }) => String(Properties?.['DBInstanceClass']));
  if (!(size(is!) < size(was!))) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'Properties.DBInstanceClass',
      what: `Instance class: ${was} → ${is}.`,
      why: 'The database has less memory and CPU, and accepts fewer connections.',
      fix: 'Compare the new size with the peak of the last month before you approve the change.',
    }),
  ];
}

function connections({ Properties }: NonNullable<ResourceChange['after']>): number | undefined {
  const of = (name: string) => number(value(Properties, `ServerlessV2ScalingConfiguration.${name}`));
  const [minimumAcu, maximumAcu] = [of('MinCapacity'), of('MaxCapacity')];
  return minimumAcu === undefined || maximumAcu === undefined
    ? undefined
    : maxConnections({ serverlessV2MinCapacity: minimumAcu, serverlessV2MaxCapacity: maximumAcu });
}

const SIZES = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge'];

/** Returns a comparable size of an instance class; `NaN` if the class names none. */
function size(instanceClass: string): number {
  const [, times, name] = /\.(\d*)(\w+)$/.exec(instanceClass) ?? [];
  const index = SIZES.indexOf(name ?? '');
  return index < 0 ? Number.NaN : index + Number(times || 1);
}

const CARRIERS: Readonly<Record<string, readonly [what: string, why: string]>> = {
  'AWS::RDS::DBInstance': [
    'A database instance',
    'If the other instance fails, no replica can take over immediately. Readers also have one instance less.',
  ],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['A scaling policy', 'No tasks are added when load rises.'],
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    'The auto scaling of the service',
    'No tasks are added when load rises.',
  ],
  'AWS::AutoScaling::ScalingPolicy': ['A scaling policy', 'No instances are added when load rises.'],
  'AWS::AutoScaling::ScheduledAction': [
    'A scheduled scaling',
    'The busy hours get the same instances as the quiet hours.',
  ],
};

function removed(change: ResourceChange): Observation[] {
  const carrier = CARRIERS[change.resourceType];
  const isOwnDatabase = change.before?.Properties?.['DBClusterIdentifier'] === undefined;
  if (change.kind !== 'removed' || !carrier) return [];
  if (change.resourceType === 'AWS::RDS::DBInstance' && isOwnDatabase) return [];
  const [what, why] = carrier;
  return [
    observe(change, { severity: 'caution', what: `${what} is removed.`, why, fix: 'Keep it in production.' }),
  ];
}

const SUBNETS =
  /^Properties\.([\w.]+\.)?(Subnets?|SubnetIds|VpcSubnetIds|VPCZoneIdentifier|SubnetMappings)(\[|$)/;

const subnetsOf = (path: string): string => path.replace(/^Properties\.|\[.*$/g, '');

/** Finds resources that lose subnets, assuming each subnet is in its own Availability Zone. */
function zones(change: ResourceChange): Observation[] {
  const { before, after, properties } = change;
  if (!before || !after || /^AWS::EC2::/.test(change.resourceType)) return [];
  const lists = new Set(properties.flatMap(({ path }) => (SUBNETS.test(path) ? subnetsOf(path) : [])));
  return [...lists].flatMap((property): Observation[] => {
    const [was, is] = [before, after].map(({ Properties }) => {
      const subnets = value(Properties, property);
      return Array.isArray(subnets) ? subnets : [];
    }) as [unknown[], unknown[]];
    const fewer = is.length < was.length;
    const lost = was.map(plain).filter((subnet) => !is.map(plain).includes(subnet));
    if (is.length === 0 || lost.length === 0) return [];
    return [
      observe(change, {
        severity: 'caution',
        property: `Properties.${property}`,
        what: fewer
          ? `Subnets, each in its own Availability Zone: ${was.length} → ${is.length}.`
          : `The resource no longer uses the subnets ${list(lost)}.`,
        why: !fewer
          ? 'The resource moves to other subnets. Its addresses change, and other routes and network ACLs apply.'
          : is.length === 1
            ? REDUNDANT
            : 'The resource has one Availability Zone less to fail over to.',
        fix: fewer ? LEAST : 'Check that the other subnets have the same routes.',
      }),
    ];
  });
}

function spot(change: ResourceChange): Observation[] {
  if (change.resourceType !== 'AWS::ECS::Service' || !change.before || !change.after) return [];
  const uses = (properties: unknown) =>
    [...items(value(properties, 'CapacityProviderStrategy')).values()].some((one) =>
      String(value(one, 'CapacityProvider')).endsWith('SPOT'),
    );
  if (uses(change.before.Properties) || !uses(change.after.Properties)) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'Properties.CapacityProviderStrategy',
      what: 'Tasks now also run on Fargate Spot (FARGATE_SPOT).',
      why: 'AWS stops Spot tasks with two minutes’ notice, and sometimes has no Spot capacity.',
      fix: 'Keep a base of tasks on FARGATE, and use Spot for tasks that may stop.',
      link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html',
    }),
  ];
}

/** Finds more tasks or larger connection pools for an unchanged database. */
function demand({ resources }: Comparison): Observation[] {
  const raised = resources.some(
    ({ resourceType, properties }) =>
      resourceType === 'AWS::RDS::DBCluster' &&
      properties.some(({ path, before, after }) => /MaxCapacity$/.test(path) && more(after, before)),
  );
  if (raised) return [];
  return resources.flatMap((change) =>
    change.properties.flatMap(({ path, before, after }): Observation[] => {
      const tasks = change.resourceType === TASKS[0] && path === 'Properties.MaxCapacity';
      const pool = /Environment\[DATABASE_POOL_SIZE\]\.Value$/.test(path);
      if ((!tasks && !pool) || !more(after, before)) return [];
      return [
        observe(change, {
          severity: 'note',
          property: path,
          what: `${tasks ? 'Maximum tasks' : 'Connection pool of a task'}: ${show(before)} → ${show(after)}.`,
          why: 'The database keeps its connection limit. During a deployment, the tasks of both releases need up to tasks × 2 × pool size connections.',
          fix: 'Synthesis refuses values that exceed the limit. Also check the highest DatabaseConnections of the last month.',
        }),
      ];
    }),
  );
}
