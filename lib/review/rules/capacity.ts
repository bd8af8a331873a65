import { maxConnections } from '../../../constructs/database/connection-budget';
import type { Comparison, ResourceChange } from '../change';
import { show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { items, judgeSettings, less, lessIsWorse, more, number, type Setting, value } from './setting';

const fewer = lessIsWorse({
  why: 'At the busiest hour it has less than it had; whether that is enough only the metrics tell.',
  advice: 'Compare with the highest use of the last month before approving.',
});

const redundant = 'One failure, or one data centre’s, then takes everything down.';
const TASKS = ['AWS::ApplicationAutoScaling::ScalableTarget'];

const SETTINGS: readonly Setting[] = [
  fewer(TASKS, 'MaxCapacity', 'Most tasks'),
  fewer(TASKS, 'MinCapacity', 'Fewest tasks', {
    why: `Load that comes suddenly meets fewer tasks. ${redundant}`,
    advice: 'Keep at least two in production.',
  }),
  fewer(['AWS::ECS::Service'], 'DesiredCount', 'Tasks'),
  fewer(['AWS::ECS::TaskDefinition'], 'Cpu', 'CPU of a task'),
  fewer(['AWS::ECS::TaskDefinition'], 'Memory', 'Memory of a task (MiB)', {
    why: 'A task that needs more is killed in the middle of its requests.',
  }),
  fewer(
    ['AWS::RDS::DBCluster'],
    'ServerlessV2ScalingConfiguration.MinCapacity',
    'Least capacity of the database (ACU)',
    {
      why: 'Its cache is smaller when load comes, and 0.5 or less allows 2,000 connections at most.',
    },
  ),
  fewer(
    ['AWS::RDS::DBProxyTargetGroup'],
    'ConnectionPoolConfigurationInfo.MaxConnectionsPercent',
    'Share of the database’s connections the proxy lends (%)',
    {
      why: 'At the busiest hour tasks wait for a connection, or fail.',
      advice: 'Keep it, or lower tasks × pool size in the same change.',
    },
  ),
  {
    ...fewer(
      ['AWS::RDS::DBProxyTargetGroup'],
      'ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout',
      'Seconds a query waits for a connection',
    ),
    severity: 'note',
  },
  fewer(
    ['AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBParameterGroup'],
    'Parameters[max_connections]',
    'Connections the database accepts',
  ),
  fewer(['AWS::Lambda::Function'], 'ReservedConcurrentExecutions', 'Executions at the same time'),
  fewer(['AWS::Lambda::Function'], 'MemorySize', 'Memory of the function (MB)', { severity: 'note' }),
  fewer(['AWS::Lambda::Function'], 'Timeout', 'Seconds the function may take', { severity: 'note' }),
  ...['AWS::ApplicationAutoScaling::ScalingPolicy'].map(
    (type): Setting => ({
      types: [type],
      property: 'TargetTrackingScalingPolicyConfiguration.TargetValue',
      worse: more,
      severity: 'note',
      what: 'Use at which tasks are added',
      why: 'They are added later.',
      advice: 'Check how long a task takes to be ready, and how steep load rises.',
    }),
  ),
];

/** There is less of it when many come. */
export const capacity: Rule = {
  name: 'capacity',
  severities: ['caution', 'note'],
  summary:
    'Fewer or smaller tasks, instances, zones or functions; fewer connections for the same tasks, or more tasks for the same connections.',
  judge(comparison) {
    return [
      ...judgeSettings(comparison, SETTINGS),
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
        message: `Most capacity of the database (ACU): ${show(was)} → ${show(is)}. At the busiest hour it has less than it had.${budget}`,
        advice:
          'Compare with the highest ServerlessDatabaseCapacity of the last month, and the connections with tasks × 2 × pool size.',
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
      message: `Instance class: ${was} → ${is}. It has less memory and CPU, and accepts fewer connections.`,
      advice: 'Compare with the highest use of the last month before approving.',
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

const CARRIERS: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance': 'An instance of the database',
  'AWS::ApplicationAutoScaling::ScalingPolicy': 'A scaling policy',
  'AWS::ApplicationAutoScaling::ScalableTarget': 'The scaling of the service',
};

function removed(change: ResourceChange): Observation[] {
  const what = CARRIERS[change.resourceType];
  const isOwnDatabase = change.before?.Properties?.['DBClusterIdentifier'] === undefined;
  if (change.kind !== 'removed' || !what || (change.resourceType === 'AWS::RDS::DBInstance' && isOwnDatabase))
    return [];
  return [
    observe(change, {
      severity: 'caution',
      message: `${what} is removed. ${
        change.resourceType === 'AWS::RDS::DBInstance'
          ? 'If the other one fails there is none to take over at once, and readers have one place less.'
          : 'Load that rises meets the same tasks.'
      }`,
      advice: 'Keep it in production.',
    }),
  ];
}

const PLACES: Readonly<Record<string, string>> = {
  'AWS::ECS::Service': 'NetworkConfiguration.AwsvpcConfiguration.Subnets',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'Subnets',
  'AWS::RDS::DBSubnetGroup': 'SubnetIds',
  'AWS::RDS::DBProxy': 'VpcSubnetIds',
};

function zones(change: ResourceChange): Observation[] {
  const property = PLACES[change.resourceType];
  if (!property || !change.before || !change.after) return [];
  const [was, is] = [change.before, change.after].map(({ Properties }) => {
    const subnets = value(Properties, property);
    return Array.isArray(subnets) ? subnets.length : 0;
  }) as [number, number];
  if (is >= was || is === 0) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: `Properties.${property}`,
      message: `Subnets, each in a zone of its own: ${was} → ${is}. ${is === 1 ? redundant : 'One zone less to go on in.'}`,
      advice: 'Keep at least two zones.',
    }),
  ];
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
      message:
        'Tasks run on spare capacity from then on (FARGATE_SPOT): AWS takes it back with two minutes’ notice, and sometimes there is none.',
      advice: 'Keep a base on FARGATE, and Spot for what may stop.',
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
          message: `${tasks ? 'Most tasks' : 'Connections of a task'}: ${show(before)} → ${show(after)}. The database stays as large as it is: while a release replaces another, tasks × 2 × pool size connections have to fit.`,
          advice:
            'Synthesis refuses what does not fit; look at the highest DatabaseConnections of the last month as well.',
        }),
      ];
    }),
  );
}
