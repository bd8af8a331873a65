import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { deploymentMetric } from './deployment-metric';
import { type DeploymentStrategy, VERIFICATION_MINUTES } from './deployment-strategy';

export interface DeploymentWatchdogProps {
  /** Name of the service. */
  readonly name: string;
  readonly clusterName: string;
  readonly deployment: DeploymentStrategy;
}

const POLL_SECONDS = 30;
/** What a stage may take beyond what was planned for it. */
const MARGIN_MINUTES = 10;

/**
 * Ends a deployment that does not get on.
 *
 * Defines a rule that hears of each deployment of the service, and a state machine that follows it and
 * has ECS roll it back when its tasks do not become healthy, or a later stage exceeds its time, in time. While
 * it follows one it says so in a metric.
 * Without it ECS waits up to 24 hours: its circuit breaker is for rolling deployments only.
 */
export class DeploymentWatchdog extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: DeploymentWatchdogProps) {
    super(scope, id);

    const stack = Stack.of(this);
    const path = `${props.clusterName}/${props.name}`;
    const service = stack.formatArn({ service: 'ecs', resource: 'service', resourceName: path });
    const deployments = stack.formatArn({
      service: 'ecs',
      resource: 'service-deployment',
      resourceName: `${path}/*`,
    });
    const { bakeTime, healthyWithin, shiftMinutes } = props.deployment;
    const limits: WatchdogLimits = {
      starting: healthyWithin,
      testing: Duration.minutes(VERIFICATION_MINUTES),
      shifting: Duration.minutes(shiftMinutes + MARGIN_MINUTES),
      baking: bakeTime.plus(Duration.minutes(MARGIN_MINUTES)),
    };
    const total = Object.values(limits).reduce((sum, limit) => sum.plus(limit), Duration.hours(1));
    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      // Step Functions writes under this prefix without a growing resource policy.
      logGroupName: `/aws/vendedlogs/states/${props.name}-deployment-watchdog`,
    });
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName: `${props.name}-deployment-watchdog`,
      comment: 'Rolls back a deployment that does not get on',
      definitionBody: DefinitionBody.fromString(JSON.stringify(definition(props, limits, total))),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({ actions: ['ecs:ListServiceDeployments'], resources: [service] }),
    );
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:DescribeServiceDeployments', 'ecs:StopServiceDeployment'],
        resources: [deployments],
      }),
    );
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': deploymentMetric(props.name).namespace } },
      }),
    );
    acknowledge(
      this.stateMachine,
      `IAM5[Resource::${deployments}]`,
      'A deployment gets its id when it starts; these are the deployments of this one service.',
    );
    acknowledge(
      this.stateMachine,
      'IAM5[Resource::*]',
      'Deliveries of logs and traces have no name to restrict by; metrics are restricted by their namespace.',
    );

    new Rule(this, 'Started', {
      description: `A deployment of ${props.name} has started`,
      eventPattern: {
        source: ['aws.ecs'],
        // ECS documents the same event under either type; following a deployment twice does no harm.
        detailType: ['ECS Deployment State Change', 'ECS Service Action'],
        resources: [service],
        detail: { eventName: ['SERVICE_DEPLOYMENT_IN_PROGRESS'] },
      },
      targets: [new SfnStateMachine(this.stateMachine)],
    });
  }
}

interface WatchdogLimits {
  readonly starting: Duration;
  readonly testing: Duration;
  readonly shifting: Duration;
  readonly baking: Duration;
}

const STAGES: Readonly<Record<'testing' | 'shifting' | 'baking', readonly string[]>> = {
  testing: ['TEST_TRAFFIC_SHIFT', 'POST_TEST_TRAFFIC_SHIFT'],
  // These alternate with every step of a canary or a linear shift, so they share one limit.
  shifting: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
  baking: ['BAKE_TIME'],
};

const STATUS = '$.seen.deployment.Status';
const STAGE = '$.seen.deployment.LifecycleStage';

/** Amazon States Language with JSONPath; `$` holds the deployment, its phase, and the polls in that phase. */
function definition(
  { clusterName, name }: Pick<DeploymentWatchdogProps, 'clusterName' | 'name'>,
  limits: WatchdogLimits,
  timeout: Duration,
): object {
  const { namespace, metricName } = deploymentMetric(name);
  const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 }];
  const phase = (which: keyof WatchdogLimits) => ({
    Type: 'Pass',
    Result: { phase: which, limit: Math.ceil(limits[which].toSeconds() / POLL_SECONDS) },
    ResultPath: '$.now',
    Next: 'Same phase?',
  });
  return {
    StartAt: 'Settle',
    TimeoutSeconds: timeout.toSeconds(),
    States: {
      // The event may be faster than the list of deployments.
      Settle: { Type: 'Wait', Seconds: POLL_SECONDS, Next: 'Find deployment' },
      'Find deployment': {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:ecs:listServiceDeployments`,
        Parameters: { Cluster: clusterName, Service: name, Status: ['PENDING', 'IN_PROGRESS'] },
        ResultSelector: { 'found.$': '$.ServiceDeployments' },
        Retry: retry,
        Next: 'Any?',
      },
      'Any?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.found[0].ServiceDeploymentArn', IsPresent: true, Next: 'Follow' }],
        Default: 'Over',
      },
      Follow: {
        Type: 'Pass',
        Parameters: { 'arn.$': '$.found[0].ServiceDeploymentArn', phase: 'none', polls: 0 },
        Next: 'Look',
      },
      Look: {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:ecs:describeServiceDeployments`,
        Parameters: { 'ServiceDeploymentArns.$': 'States.Array($.arn)' },
        ResultSelector: { 'deployment.$': '$.ServiceDeployments[0]' },
        ResultPath: '$.seen',
        Retry: retry,
        Next: 'Which phase?',
      },
      'Which phase?': {
        Type: 'Choice',
        Choices: [
          {
            And: ['PENDING', 'IN_PROGRESS'].map((status) => ({
              Not: { Variable: STATUS, StringEquals: status },
            })),
            Next: 'Over',
          },
          { Not: { Variable: STAGE, IsPresent: true }, Next: 'starting' },
          { Variable: STAGE, StringEquals: 'CLEAN_UP', Next: 'Over' },
          ...Object.entries(STAGES).map(([which, stages]) => ({
            Or: stages.map((stage) => ({ Variable: STAGE, StringEquals: stage })),
            Next: which,
          })),
        ],
        Default: 'starting',
      },
      starting: phase('starting'),
      testing: phase('testing'),
      shifting: phase('shifting'),
      baking: phase('baking'),
      'Same phase?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.now.phase', StringEqualsPath: '$.phase', Next: 'Count' }],
        Default: 'New phase',
      },
      'New phase': {
        Type: 'Pass',
        Parameters: { 'arn.$': '$.arn', 'phase.$': '$.now.phase', polls: 0 },
        Next: 'Say so',
      },
      Count: {
        Type: 'Pass',
        Parameters: {
          'arn.$': '$.arn',
          'phase.$': '$.phase',
          'limit.$': '$.now.limit',
          'polls.$': 'States.MathAdd($.polls, 1)',
        },
        Next: 'Too long?',
      },
      'Too long?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.polls', NumericGreaterThanEqualsPath: '$.limit', Next: 'Roll back' }],
        Default: 'Say so',
      },
      // So that alarms which a deployment explains wait until it is over; nothing depends on it.
      'Say so': {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:cloudwatch:putMetricData`,
        Parameters: { Namespace: namespace, MetricData: [{ MetricName: metricName, Value: 1 }] },
        ResultPath: null,
        TimeoutSeconds: 10,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Wait' }],
        Next: 'Wait',
      },
      Wait: { Type: 'Wait', Seconds: POLL_SECONDS, Next: 'Look' },
      'Roll back': {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:ecs:stopServiceDeployment`,
        Parameters: { 'ServiceDeploymentArn.$': '$.arn', StopType: 'ROLLBACK' },
        Retry: [{ ...retry[0], ErrorEquals: ['Ecs.ServerException', 'Ecs.ThrottlingException'] }],
        // It ended, or was stopped, in the meantime.
        Catch: [
          {
            ErrorEquals: ['Ecs.ConflictException', 'Ecs.ServiceDeploymentNotFoundException'],
            Next: 'Over',
          },
        ],
        Next: 'Rolled back',
      },
      'Rolled back': { Type: 'Succeed' },
      Over: { Type: 'Succeed' },
    },
  };
}
