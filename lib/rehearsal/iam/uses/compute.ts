import { ACCOUNT, type Properties } from '../../core/properties';
import { arnIn, type Place, secretRequests } from '../required-permission';
import { execUses } from './exec';
import { acts, assumes, from, interfaces, logStreams, sends, type Use, type UsesOf, writesLogs } from './use';

const LAMBDA = 'lambda.amazonaws.com';
const TASKS = 'ecs-tasks.amazonaws.com';
const ECS = 'ecs.amazonaws.com';

/** Actions with which Step Functions sets up log delivery for a state machine. */
const LOG_DELIVERY = [
  'CreateLogDelivery',
  'GetLogDelivery',
  'UpdateLogDelivery',
  'DeleteLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'DescribeResourcePolicies',
  'DescribeLogGroups',
].map((name) => `logs:${name}`);
const TRACES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
const SAMPLED = [...TRACES, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'];

const lambdaFunction: UsesOf = ({ properties, attributes }, place) => {
  const { Role, VpcConfig, LoggingConfig, TracingConfig, DeadLetterConfig } = properties;
  const own = `/aws/lambda/${attributes!.Ref}`;
  const group = LoggingConfig?.LogGroup ?? own;
  return [
    ...assumes(LAMBDA, Role),
    ...(VpcConfig ? interfaces(Role) : []),
    ...(group === own ? createsLogGroup(place, Role, own) : []),
    ...writesLogs(place, Role, group),
    ...(TracingConfig?.Mode === 'Active' ? acts(Role, TRACES, '*') : []),
    ...(DeadLetterConfig?.TargetArn ? sends(place, Role, DeadLetterConfig.TargetArn, {}) : []),
  ];
};

/** A function creates its log group, unless the plan contains it. */
const createsLogGroup = (place: Place, role: unknown, group: string): Use[] =>
  place.inventory.having(group) ? [] : acts(role, ['logs:CreateLogGroup'], logStreams(place, group));

/** ECS starts a task with the execution role; the process uses the task role. */
const taskDefinition: UsesOf = ({ properties }, place) => {
  const { ExecutionRoleArn: role, TaskRoleArn, ContainerDefinitions = [] } = properties;
  const source = arnIn(place, 'ecs', '*');
  const containers = (ContainerDefinitions as Properties[]).flatMap(
    ({ Image, Secrets = [], LogConfiguration }) => [
      ...pulls(String(Image), role),
      ...(Secrets as Properties[]).flatMap(({ ValueFrom }) => reads(place, role, String(ValueFrom))),
      ...(LogConfiguration?.LogDriver === 'awslogs'
        ? writesLogs(place, role, LogConfiguration.Options['awslogs-group'])
        : []),
    ],
  );
  return [...assumes(TASKS, role, source), ...assumes(TASKS, TaskRoleArn, source), ...containers];
};

/** ECS pulls an image of a private repository with the execution role. */
function pulls(image: string, role: unknown): Use[] {
  const [, account, region, name] = /^(\d+)\.dkr\.ecr\.([\w-]+)\.[^/]+\/([^:@]+)/.exec(image) ?? [];
  if (!name) return [];
  const layers = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
  return [
    ...acts(role, ['ecr:GetAuthorizationToken'], '*'),
    ...acts(role, layers, `arn:aws:ecr:${region}:${account}:repository/${name}`),
    ...acts(
      'ecr.amazonaws.com',
      ['s3:GetObject'],
      `arn:aws:s3:::prod-${region}-starport-layer-bucket/rehearsal`,
    ),
  ];
}

function reads(place: Place, role: unknown, valueFrom: string): Use[] {
  const principal = String(role);
  if (!valueFrom.startsWith('arn:aws:secretsmanager:'))
    return acts(
      role,
      ['ssm:GetParameters'],
      valueFrom.startsWith('arn:')
        ? valueFrom
        : arnIn(place, 'ssm', `parameter/${valueFrom.replace(/^\//, '')}`),
    );
  const secret = valueFrom.split(':').slice(0, 7).join(':');
  return secretRequests(place, secret, 'GetSecretValue', ['Decrypt']).map((asked) => ({
    ...asked,
    principal,
  }));
}

/** ECS uses roles to shift the traffic of a blue/green service and to invoke its hooks. */
const service: UsesOf = ({ properties }, place) => {
  const { LoadBalancers = [], DeploymentConfiguration, EnableExecuteCommand, TaskDefinition } = properties;
  const shifts = (LoadBalancers as Properties[]).flatMap(({ TargetGroupArn, AdvancedConfiguration: own }) => {
    if (!own) return [];
    const groups = [TargetGroupArn, own.AlternateTargetGroupArn].filter(Boolean) as string[];
    const rules = [own.ProductionListenerRule, own.TestListenerRule].filter(Boolean) as string[];
    return [
      ...assumes(ECS, own.RoleArn),
      ...acts(own.RoleArn, describes('Listeners', 'Rules', 'TargetGroups', 'TargetHealth'), '*'),
      ...groups.flatMap((group) =>
        acts(own.RoleArn, balancer('RegisterTargets', 'DeregisterTargets'), group),
      ),
      ...rules.flatMap((rule) =>
        acts(own.RoleArn, balancer(rule.includes(':listener-rule/') ? 'ModifyRule' : 'ModifyListener'), rule),
      ),
    ];
  });
  const hooks = (DeploymentConfiguration?.LifecycleHooks ?? []) as Properties[];
  const definition = place.inventory.having(TaskDefinition);
  const cluster = place.inventory.having(properties['Cluster']);
  const isEntered = String(EnableExecuteCommand) === 'true' && definition;
  return [
    ...shifts,
    ...hooks.flatMap(({ RoleArn }) => assumes(ECS, RoleArn)),
    ...(isEntered ? execUses(definition, cluster, place) : []),
  ];
};

const balancer = (...names: readonly string[]) => names.map((name) => `elasticloadbalancing:${name}`);
const describes = (...names: readonly string[]) => balancer(...names.map((name) => `Describe${name}`));

const stateMachine: UsesOf = ({ properties, attributes }) => {
  const { RoleArn, LoggingConfiguration, TracingConfiguration } = properties;
  const isLogged = LoggingConfiguration?.Level && LoggingConfiguration.Level !== 'OFF';
  return [
    ...assumes('states.amazonaws.com', RoleArn, attributes!.Ref),
    ...(isLogged ? acts(RoleArn, LOG_DELIVERY, '*', { atCreation: true }) : []),
    ...(TracingConfiguration?.Enabled ? acts(RoleArn, SAMPLED, '*') : []),
  ];
};

/** A canary is a function that stores its results and reports a metric. */
const canary: UsesOf = ({ id, properties, attributes }, place) => {
  const { ExecutionRoleArn: role, ArtifactS3Location, VPCConfig } = properties;
  const { Ref, Id = `${id}-Id`.toLowerCase() } = attributes!;
  const [bucket, ...path] = String(ArtifactS3Location)
    .replace(/^s3:\/\//, '')
    .split('/');
  const objects = `arn:aws:s3:::${[bucket, ...path, 'rehearsal'].filter(Boolean).join('/')}`;
  const group = `/aws/lambda/cwsyn-${Ref}-${Id}`;
  return [
    ...assumes(LAMBDA, role),
    ...(VPCConfig ? interfaces(role) : []),
    ...acts(role, ['s3:PutObject', 's3:GetObject'], objects),
    ...acts(role, ['s3:GetBucketLocation'], `arn:aws:s3:::${bucket}`),
    ...acts(role, ['s3:ListAllMyBuckets'], '*'),
    ...createsLogGroup(place, role, group),
    ...writesLogs(place, role, group),
    ...acts(role, ['cloudwatch:PutMetricData'], '*', {
      context: { 'cloudwatch:namespace': 'CloudWatchSynthetics' },
    }),
  ];
};

/** Lambda reads a queue with the role of the function. */
const eventSource: UsesOf = ({ properties }, { inventory }) => {
  const { EventSourceArn, FunctionName } = properties;
  const role = inventory.having(FunctionName)?.properties['Role'];
  if (!role || String(EventSourceArn).split(':')[2] !== 'sqs') return [];
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return acts(role, actions, String(EventSourceArn), { atCreation: true });
};

/** VPC Flow Logs write with a role. */
const flowLog: UsesOf = ({ properties, attributes }, place) => {
  const { DeliverLogsPermissionArn: role, LogGroupName } = properties;
  if (!role) return [];
  const source = `arn:aws:ec2:${place.region}:${ACCOUNT}:vpc-flow-log/${attributes!.Ref}`;
  return [
    ...assumes('vpc-flow-logs.amazonaws.com', role, source),
    ...writesLogs(place, role, LogGroupName),
    ...acts(role, ['logs:DescribeLogStreams'], logStreams(place, LogGroupName), { context: from() }),
  ];
};

/** Uses of resources that run code. */
export const COMPUTE: Readonly<Record<string, UsesOf>> = {
  'AWS::EC2::FlowLog': flowLog,
  'AWS::ECS::Service': service,
  'AWS::ECS::TaskDefinition': taskDefinition,
  'AWS::Lambda::EventSourceMapping': eventSource,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::Synthetics::Canary': canary,
};
