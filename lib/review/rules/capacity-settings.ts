import type { Severity } from '../finding';
import { servingOf } from '../serving-types';
import { holderOf } from '../stateful-resources';
import type { GeneralSetting, Setting } from './rule';
import { less, lessIsWorse, more, number, turnedOff } from './setting';

const fewer = lessIsWorse({
  why: 'Less capacity is left for the busiest hour. Only the metrics show if it is enough.',
  fix: 'Compare the new value with the peak of the last month before you approve the change.',
});

/** A caution if the value is halved or less; a smaller reduction is tuning, and a note. */
const byHalf = (now: unknown, before: unknown): Severity =>
  number(now)! * 2 <= number(before)! ? 'caution' : 'note';

/** Returns true if the runtime is an earlier version of the same language, such as `nodejs18.x` after `nodejs22.x`. */
function isOlderRuntime(now: unknown, before: unknown): boolean {
  const [is, was] = [now, before].map((name) => /^([a-z]+)(\d+)(?:\.(\d+))?/.exec(String(name)));
  if (!is || !was || is[1] !== was[1]) return false;
  return Number(is[2]) - Number(was[2]) < 0 || (is[2] === was[2] && Number(is[3] ?? 0) < Number(was[3] ?? 0));
}

export const TASKS = ['AWS::ApplicationAutoScaling::ScalableTarget'];

/** Capacity settings of certain resource types. */
export const capacitySettings: readonly Setting[] = [
  fewer(TASKS, 'MinCapacity', 'Fewest tasks', {
    why: 'Fewer tasks are ready for a sudden load, and the failure of one task removes a larger share of them.',
    fix: 'Keep at least two tasks in production.',
  }),
  fewer(['AWS::ECS::TaskDefinition'], 'Cpu', 'Task CPU (CPU units)'),
  fewer(['AWS::ECS::TaskDefinition'], 'Memory', 'Task memory (MiB)', {
    why: 'If a task needs more memory, ECS stops it during its requests.',
  }),
  fewer(
    ['AWS::RDS::DBCluster'],
    'ServerlessV2ScalingConfiguration.MinCapacity',
    'Minimum capacity of the database (ACU)',
    {
      why: 'The database has a smaller cache when load rises. With 0.5 ACU or less, it accepts at most 2,000 connections.',
    },
  ),
  fewer(
    ['AWS::RDS::DBProxyTargetGroup'],
    'ConnectionPoolConfigurationInfo.MaxConnectionsPercent',
    'Percentage of the database connections that the proxy may use',
    {
      why: 'At the busiest hour, queries wait for a connection, or fail.',
      fix: 'Keep the value, or lower tasks × pool size in the same change.',
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
    'Maximum connections of the database',
  ),
  fewer(['AWS::Lambda::Function'], 'MemorySize', 'Function memory (MB)', { severity: byHalf }),
  fewer(['AWS::Lambda::Function'], 'Timeout', 'Function timeout in seconds', {
    absent: 3,
    severity: byHalf,
    why: 'Lambda stops invocations that take longer before they finish.',
    fix: 'Compare the new value with the longest duration of the last month.',
  }),
  {
    types: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
    property: 'Runtime',
    worse: isOlderRuntime,
    severity: 'caution',
    what: 'Function runtime',
    why: 'The code may need features of the newer runtime, and AWS ends support for the older one sooner.',
    fix: 'Keep the newer runtime.',
    link: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html',
  },
  fewer(['AWS::SQS::Queue'], 'VisibilityTimeout', 'Visibility timeout in seconds', {
    absent: 30,
    why: 'If processing takes longer, another consumer receives the message too, and processes it twice.',
    fix: 'Keep the visibility timeout at six times the timeout of the function that reads the queue.',
    link: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html',
  }),
  {
    types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::Cassandra::Table'],
    property: 'BillingMode',
    absent: 'PROVISIONED',
    worse: (now) => String(now) === 'PROVISIONED',
    severity: 'caution',
    what: 'Billing mode',
    why: 'Requests beyond the provisioned capacity are throttled.',
    fix: 'Provision the peak of the last month, and enable auto scaling.',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html',
  },
  {
    types: ['AWS::ApplicationAutoScaling::ScalingPolicy'],
    property: 'TargetTrackingScalingPolicyConfiguration.TargetValue',
    worse: more,
    severity: 'note',
    what: 'Target utilization of the scaling policy',
    why: 'Tasks are added later.',
    fix: 'Check how long a new task takes to become ready, and how fast the load rises.',
  },
];

/** Capacity settings of any service, matched by property name. */
export const capacityGeneral: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(ReservedConcurrentExecutions|Desired(Count|Capacity|Size|Instances))$/,
    worse: (now, before) => less(now, before) || (number(now) === 0 && before === undefined),
    severity: (_, now) => (number(now) === 0 ? 'danger' : 'caution'),
    why: 'Fewer copies run at the same time. With zero, requests and messages are refused or wait.',
    fix: 'Keep enough for the peak of the last month.',
  },
  {
    property:
      /(^|\.)(\w*(Capacity|Count|Concurrency|Concurrent\w*|Throughput|Units?|Nodes|Replicas|Shards|Workers|Brokers|Instances|I[Oo][Pp][Ss]|Memory|MemorySize|MemoryLimit|Cpu|CPU|VCpu|Bandwidth|AllocatedStorage|StorageCapacity|VolumeSize|Size|Acu|ACU|RCU|WCU|Parallelism|ParallelizationFactor|MaxConnections\w*|MaxConcurrency|PollersPer\w*|Partitions|NumberOf\w+|Desired\w*|Min(imum)?Size|Max(imum)?Size|BaseCapacity|TargetCapacity|BackfillSize|WeightedCapacity|HealthyPercent(age)?|MinInstancesInService|OnDemand\w+))$/,
    worse: less,
    severity: (change, now) =>
      number(now) === 0 && (servingOf(change.resourceType) || holderOf(change.after)) ? 'danger' : 'caution',
    why: 'Less capacity is left for the busiest hour. Only the metrics show if it is enough.',
    fix: 'Compare the new value with the peak of the last month before you approve the change.',
  },
  {
    property:
      /(^|\.)(\w*AutoScaling(Enabled)?|AutoScalingEnabled|CapacityRebalance|\w*ManagedScaling\.Status|DynamicScaling\w*)$/,
    worse: turnedOff,
    severity: 'caution',
    why: 'No capacity is added when load rises.',
    fix: 'Keep auto scaling on.',
  },
];
