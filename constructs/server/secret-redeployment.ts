import { Aws, Duration } from 'aws-cdk-lib';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';

export interface SecretRedeploymentProps {
  /** Name of the service, and prefix of the state machine's name. */
  readonly name: string;
  readonly clusterName: string;
  readonly service: FargateService;
  readonly secrets: readonly ISecret[];
}

/**
 * Deploys the server again when a secret changes.
 *
 * Defines a rule for changes of the secret's current version, and a state machine that has ECS replace the tasks. This
 * deployment runs all checks. The state machine waits for a running deployment to end, because a new deployment would
 * stop it. It starts no deployment if one has begun since the secret changed, so secrets that change together share
 * one deployment.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html
 */
export class SecretRedeployment extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: SecretRedeploymentProps) {
    super(scope, id);

    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${props.name}-secret-roll`,
    });
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName: `${props.name}-secret-roll`,
      comment: 'Replaces tasks that run with an old value of a secret',
      definitionBody: DefinitionBody.fromString(JSON.stringify(definition(props.clusterName, props.name))),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:ListServiceDeployments', 'ecs:UpdateService'],
        resources: [props.service.serviceArn],
      }),
    );
    acknowledge(
      this.stateMachine,
      'IAM5[Resource::*]',
      'Log delivery and X-Ray actions have no resource to restrict.',
    );
    new Rule(this, 'Changed', {
      description: `A secret of ${props.name} has a new value`,
      eventPattern: {
        source: ['aws.secretsmanager'],
        detailType: ['Secret Label Updated'],
        resources: props.secrets.map((secret) => secret.secretFullArn ?? secret.secretArn),
        detail: { labelUpdated: ['AWSCURRENT'] },
      },
      targets: [new SfnStateMachine(this.stateMachine)],
    });
  }
}

/** Returns the state machine in Amazon States Language with JSONPath. */
function definition(clusterName: string, name: string): object {
  const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 }];
  const underWay = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];
  return {
    StartAt: 'Wait',
    // A planned deployment takes less time.
    TimeoutSeconds: Duration.hours(10).toSeconds(),
    States: {
      // Secrets that change together need only one deployment.
      Wait: { Type: 'Wait', Seconds: 60, Next: 'Find deployment' },
      'Find deployment': {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:ecs:listServiceDeployments`,
        Parameters: { Cluster: clusterName, Service: name, Status: underWay },
        ResultSelector: { 'found.$': '$.ServiceDeployments' },
        ResultPath: '$.underWay',
        Retry: retry,
        Next: 'Under way?',
      },
      'Under way?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.underWay.found[0].ServiceDeploymentArn', IsPresent: true, Next: 'Wait' }],
        Default: 'Find later one',
      },
      // The tasks of a deployment that began after the change already have the new value.
      'Find later one': {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:ecs:listServiceDeployments`,
        Parameters: {
          Cluster: clusterName,
          Service: name,
          Status: ['SUCCESSFUL'],
          CreatedAt: { 'After.$': '$.time' },
        },
        ResultSelector: { 'found.$': '$.ServiceDeployments' },
        ResultPath: '$.later',
        Retry: retry,
        Next: 'Replaced since?',
      },
      'Replaced since?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.later.found[0].ServiceDeploymentArn', IsPresent: true, Next: 'Replaced' }],
        Default: 'Replace tasks',
      },
      Replaced: { Type: 'Succeed' },
      'Replace tasks': {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:ecs:updateService`,
        Parameters: { Cluster: clusterName, Service: name, ForceNewDeployment: true },
        // The response describes the whole service. The execution does not need it.
        ResultSelector: {},
        Retry: retry,
        End: true,
      },
    },
  };
}
