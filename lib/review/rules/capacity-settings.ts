import { servingOf } from '../serving-types';
import { holderOf } from '../stateful-resources';
import type { GeneralSetting, Setting } from './rule';
import { less, lessIsWorse, more, number, turnedOff } from './setting';

const fewer = lessIsWorse({
  why: 'At the busiest hour there is less of it than before; whether that is enough only the metrics tell.',
  fix: 'Compare with the highest use of the last month before you approve it.',
});

export const TASKS = ['AWS::ApplicationAutoScaling::ScalableTarget'];

/** Settings of certain types that say how much there is. */
export const capacitySettings: readonly Setting[] = [
  fewer(TASKS, 'MinCapacity', 'Fewest tasks', {
    why: 'A sudden load meets fewer tasks, and one failure takes a larger part of them down.',
    fix: 'Keep at least two in production.',
  }),
  fewer(['AWS::ECS::TaskDefinition'], 'Cpu', 'CPU of a task'),
  fewer(['AWS::ECS::TaskDefinition'], 'Memory', 'Memory of a task (MiB)', {
    why: 'ECS kills a task that needs more, in the middle of its requests.',
  }),
  fewer(
    ['AWS::RDS::DBCluster'],
    'ServerlessV2ScalingConfiguration.MinCapacity',
    'Least capacity of the database (ACU)',
    { why: 'Its cache is smaller when load comes, and 0.5 or less allows 2,000 connections at most.' },
  ),
  fewer(
    ['AWS::RDS::DBProxyTargetGroup'],
    'ConnectionPoolConfigurationInfo.MaxConnectionsPercent',
    'Share of the database’s connections that the proxy lends (%)',
    {
      why: 'At the busiest hour tasks wait for a connection, or fail.',
      fix: 'Keep it, or lower tasks × pool size in the same change.',
    },
  ),
  fewer(
    ['AWS::RDS::DBProxyTargetGroup'],
    'ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout',
    'Seconds that a query waits for a connection',
    { severity: 'note' },
  ),
  fewer(
    ['AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBParameterGroup'],
    'Parameters[max_connections]',
    'Connections that the database accepts',
  ),
  fewer(['AWS::Lambda::Function'], 'MemorySize', 'Memory of the function (MB)', { severity: 'note' }),
  fewer(['AWS::Lambda::Function'], 'Timeout', 'Seconds that the function may take', { severity: 'note' }),
  {
    types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::Cassandra::Table'],
    property: 'BillingMode',
    absent: 'PROVISIONED',
    worse: (now) => String(now) === 'PROVISIONED',
    severity: 'caution',
    what: 'Billing mode',
    why: 'Requests beyond the capacity that is bought are throttled.',
    fix: 'Buy as much as the busiest hour of the last month needed, and let it scale.',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html',
  },
  {
    types: ['AWS::ApplicationAutoScaling::ScalingPolicy'],
    property: 'TargetTrackingScalingPolicyConfiguration.TargetValue',
    worse: more,
    severity: 'note',
    what: 'Use at which tasks are added',
    why: 'Tasks are added later.',
    fix: 'Check how long a task takes to be ready, and how steep load rises.',
  },
];

/** Amounts of any service, by the names of their properties. */
export const capacityGeneral: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(ReservedConcurrentExecutions|Desired(Count|Capacity|Size|Instances))$/,
    worse: (now, before) => less(now, before) || (number(now) === 0 && before === undefined),
    severity: (_, now) => (number(now) === 0 ? 'danger' : 'caution'),
    why: 'Fewer run at the same time. With none, each request or message is refused or waits.',
    fix: 'Keep as many as the busiest hour of the last month needed.',
  },
  {
    property:
      /(^|\.)(\w*(Capacity|Count|Concurrency|Concurrent\w*|Throughput|Units?|Nodes|Replicas|Shards|Workers|Brokers|Instances|I[Oo][Pp][Ss]|Memory|MemorySize|MemoryLimit|Cpu|CPU|VCpu|Bandwidth|AllocatedStorage|StorageCapacity|VolumeSize|Size|Acu|ACU|RCU|WCU|Parallelism|ParallelizationFactor|MaxConnections\w*|MaxConcurrency|PollersPer\w*|Partitions|NumberOf\w+|Desired\w*|Min(imum)?Size|Max(imum)?Size|BaseCapacity|TargetCapacity|BackfillSize|WeightedCapacity|HealthyPercent(age)?|MinInstancesInService|OnDemand\w+))$/,
    worse: less,
    severity: (change, now) =>
      number(now) === 0 && (servingOf(change.resourceType) || holderOf(change.after)) ? 'danger' : 'caution',
    why: 'At the busiest hour there is less of it than before; whether that is enough only the metrics tell.',
    fix: 'Compare with the highest use of the last month before you approve it.',
  },
  {
    property:
      /(^|\.)(\w*AutoScaling(Enabled)?|AutoScalingEnabled|CapacityRebalance|\w*ManagedScaling\.Status|DynamicScaling\w*)$/,
    worse: turnedOff,
    severity: 'caution',
    why: 'Load that rises meets the same machines.',
    fix: 'Keep it on.',
  },
];
