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
 * A deployment of the server whenever a secret has a new value.
 *
 * Defines a rule for changes of a secret's current version, and a state machine that has ECS replace the tasks in a
 * deployment with all of its checks. The state machine waits until a deployment under way has ended, because ECS would
 * stop that deployment. It starts none if one has begun since the secret changed: secrets that change together share one.
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
      comment: 'Replaces tasks that started with a former value of a secret',
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
      'Deliveries of logs and traces have no name to restrict by.',
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

/** Amazon States Language with JSONPath. */
function definition(clusterName: string, name: string): object {
  const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 }];
  const underWay = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];
  return {
    StartAt: 'Wait',
    // A planned deployment takes less.
    TimeoutSeconds: Duration.hours(10).toSeconds(),
    States: {
      // Secrets that change together need one deployment.
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
      // The tasks of a deployment that began after the change have the new value.
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
        // The answer describes the whole service, which the execution does not need.
        ResultSelector: {},
        Retry: retry,
        End: true,
      },
    },
  };
}
