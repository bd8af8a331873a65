import { Aws, type Duration } from 'aws-cdk-lib';
import { deploymentMetric } from './deployment-metric';

/** Time limits for the phases of a deployment. */
export interface WatchdogLimits {
  readonly starting: Duration;
  readonly testing: Duration;
  readonly shifting: Duration;
  readonly baking: Duration;
}

type States = Record<string, object>;

const POLL_SECONDS = 30;

const STAGES: Readonly<Record<'testing' | 'shifting' | 'baking', readonly string[]>> = {
  testing: ['TEST_TRAFFIC_SHIFT', 'POST_TEST_TRAFFIC_SHIFT'],
  // These phases alternate with every step of a canary or linear deployment, so they share one limit.
  shifting: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
  baking: ['BAKE_TIME'],
};

const STATUS = '$.seen.deployment.Status';
const STAGE = '$.seen.deployment.LifecycleStage';
const RETRY = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 }];

/**
 * Returns a state machine in Amazon States Language with JSONPath. Its state holds the ARN of the deployment, the
 * phase, and the number of polls in this phase.
 */
export function watchdogDefinition(
  service: { readonly clusterName: string; readonly name: string },
  limits: WatchdogLimits,
  timeout: Duration,
): object {
  return {
    StartAt: 'Settle',
    TimeoutSeconds: timeout.toSeconds(),
    States: {
      ...findStates(service),
      ...readStates(),
      ...phaseStates(limits),
      ...pollStates(service.name),
      ...rollBackStates(),
    },
  };
}

const sdk = (call: string): string => `arn:${Aws.PARTITION}:states:::aws-sdk:${call}`;

function findStates({ clusterName, name }: { readonly clusterName: string; readonly name: string }): States {
  return {
    // The event may arrive before the deployment is listed.
    Settle: { Type: 'Wait', Seconds: POLL_SECONDS, Next: 'Find deployment' },
    'Find deployment': {
      Type: 'Task',
      Resource: sdk('ecs:listServiceDeployments'),
      Parameters: { Cluster: clusterName, Service: name, Status: ['PENDING', 'IN_PROGRESS'] },
      ResultSelector: { 'found.$': '$.ServiceDeployments' },
      Retry: RETRY,
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
  };
}

function readStates(): States {
  return {
    Look: {
      Type: 'Task',
      Resource: sdk('ecs:describeServiceDeployments'),
      Parameters: { 'ServiceDeploymentArns.$': 'States.Array($.arn)' },
      ResultSelector: { 'deployment.$': '$.ServiceDeployments[0]' },
      ResultPath: '$.seen',
      Retry: RETRY,
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
  };
}

function phaseStates(limits: WatchdogLimits): States {
  return Object.fromEntries(
    Object.entries(limits).map(([phase, limit]: [string, Duration]) => [
      phase,
      {
        Type: 'Pass',
        Result: { phase, limit: Math.ceil(limit.toSeconds() / POLL_SECONDS) },
        ResultPath: '$.now',
        Next: 'Same phase?',
      },
    ]),
  );
}

function pollStates(name: string): States {
  const { namespace, metricName } = deploymentMetric(name);
  return {
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
    // Alarms that a deployment can trigger are suppressed by this metric. If the metric cannot be written, the watchdog
    // continues.
    'Say so': {
      Type: 'Task',
      Resource: sdk('cloudwatch:putMetricData'),
      Parameters: { Namespace: namespace, MetricData: [{ MetricName: metricName, Value: 1 }] },
      ResultPath: null,
      TimeoutSeconds: 10,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Wait' }],
      Next: 'Wait',
    },
    Wait: { Type: 'Wait', Seconds: POLL_SECONDS, Next: 'Look' },
  };
}

function rollBackStates(): States {
  return {
    'Roll back': {
      Type: 'Task',
      Resource: sdk('ecs:stopServiceDeployment'),
      Parameters: { 'ServiceDeploymentArn.$': '$.arn', StopType: 'ROLLBACK' },
      Retry: [{ ...RETRY[0], ErrorEquals: ['Ecs.ServerException', 'Ecs.ThrottlingException'] }],
      // The deployment has already ended or was already stopped.
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
  };
}
