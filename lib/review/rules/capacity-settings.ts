import type { Severity } from '../finding';
import { servingOf } from '../serving-types';
import { holderOf } from '../stateful-resources';
import type { GeneralSetting, Setting } from './rule';
import { less, lessIsWorse, more, number, turnedOff } from './setting';

const fewer = lessIsWorse({
  why: 'At the busiest hour there is less of it than before; whether that is enough only the metrics tell.',
  fix: 'Compare with the highest use of the last month before you approve it.',
});

/** Half of it or less is a matter for the metrics; a little less is fine-tuning. */
const byHalf = (now: unknown, before: unknown): Severity =>
  number(now)! * 2 <= number(before)! ? 'caution' : 'note';

/** `nodejs18.x` after `nodejs22.x`. */
function isOlderRuntime(now: unknown, before: unknown): boolean {
  const [is, was] = [now, before].map((name) => /^([a-z]+)(\d+)(?:\.(\d+))?/.exec(String(name)));
  if (!is || !was || is[1] !== was[1]) return false;
  return Number(is[2]) - Number(was[2]) < 0 || (is[2] === was[2] && Number(is[3] ?? 0) < Number(was[3] ?? 0));
}

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
  fewer(['AWS::Lambda::Function'], 'MemorySize', 'Memory of the function (MB)', { severity: byHalf }),
  fewer(['AWS::Lambda::Function'], 'Timeout', 'Seconds that the function may take', {
    absent: 3,
    severity: byHalf,
    why: 'Lambda ends a call that takes longer, in the middle of its work.',
    fix: 'Compare with the longest duration of the last month.',
  }),
  {
    types: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
    property: 'Runtime',
    worse: isOlderRuntime,
    severity: 'caution',
    what: 'Runtime of the function',
    why: 'The code may need what the older runtime does not have, and AWS stops supporting it sooner.',
    fix: 'Keep the newer runtime.',
    link: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html',
  },
  fewer(['AWS::SQS::Queue'], 'VisibilityTimeout', 'Seconds that a message is hidden while it is worked on', {
    absent: 30,
    why: 'A message that takes longer is given to a second consumer, and done twice.',
    fix: 'Keep it at six times the timeout of the function that reads the queue.',
    link: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html',
  }),
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
