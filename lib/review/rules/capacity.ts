import { maxConnections } from '../../../constructs/database/connection-budget';
import type { Comparison, ResourceChange } from '../change';
import { list, plain, show } from '../show';
import { capacityGeneral, capacitySettings, TASKS } from './capacity-settings';
import { type Observation, observe, type Rule } from './rule';
import { isSomething, items, less, more, number, value } from './setting';

const LEAST = 'Keep at least two zones.';
const REDUNDANT = 'One failure, or that of one data centre, then takes everything down.';

/** There is less of it when many users come. */
export const capacity: Rule = {
  name: 'capacity',
  severities: ['danger', 'caution', 'note'],
  summary:
    'Fewer or smaller tasks, instances, zones or functions, less throughput in any service; fewer connections for the same tasks, or more tasks for the same connections.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/foundations.html',
  speaksOfResources: true,
  settings: capacitySettings,
  general: capacityGeneral,
  judges: ({ resourceType, after }, { path }) =>
    // A resource that loses all of its subnets leaves the network, which is no matter of zones.
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

/** The database, and with it the connections it accepts. */
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
        ? ` It accepts ${old} → ${now} connections after its next restart.`
        : '';
    return [
      observe(change, {
        severity: 'caution',
        property: `Properties.${property}`,
        what: `Most capacity of the database (ACU): ${show(was)} → ${show(is)}.${budget}`,
        why: 'At the busiest hour it has less than it had.',
        fix: 'Compare with the highest ServerlessDatabaseCapacity of the last month, and the connections with tasks × 2 × pool size.',
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
      why: 'It has less memory and CPU, and accepts fewer connections.',
      fix: 'Compare with the highest use of the last month before you approve it.',
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

/** The size in an instance class, comparable; not a number when it says none. */
function size(instanceClass: string): number {
  const [, times, name] = /\.(\d*)(\w+)$/.exec(instanceClass) ?? [];
  const index = SIZES.indexOf(name ?? '');
  return index < 0 ? Number.NaN : index + Number(times || 1);
}

const CARRIERS: Readonly<Record<string, readonly [what: string, why: string]>> = {
  'AWS::RDS::DBInstance': [
    'An instance of the database',
    'If the other one fails there is none to take over at once, and readers have one place less.',
  ],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['A scaling policy', 'Load that rises meets the same tasks.'],
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    'The scaling of the service',
    'Load that rises meets the same tasks.',
  ],
  'AWS::AutoScaling::ScalingPolicy': ['A scaling policy', 'Load that rises meets the same machines.'],
  'AWS::AutoScaling::ScheduledAction': [
    'A scheduled scaling',
    'The busy hour meets the machines of the quiet one.',
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

/** Subnets that a resource no longer has, each in a zone of its own. */
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
          ? `Subnets, each in a zone of its own: ${was.length} → ${is.length}.`
          : `It leaves the subnets ${list(lost)}.`,
        why: !fewer
          ? 'It moves to other subnets: addresses change, and the routes and rules of those hold for it.'
          : is.length === 1
            ? REDUNDANT
            : 'It has one zone less to go on in.',
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
      what: 'Tasks run on spare capacity from then on (FARGATE_SPOT).',
      why: 'AWS takes it back with two minutes’ notice, and sometimes there is none.',
      fix: 'Keep a base on FARGATE, and use Spot for tasks that may stop.',
      link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html',
    }),
  ];
}

/** More tasks, or larger pools, for the same database. */
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
          what: `${tasks ? 'Most tasks' : 'Connections of a task'}: ${show(before)} → ${show(after)}.`,
          why: 'The database stays as large as it is. While a release replaces another, tasks × 2 × pool size connections have to fit.',
          fix: 'Synthesis refuses what does not fit; look at the highest DatabaseConnections of the last month as well.',
        }),
      ];
    }),
  );
}
